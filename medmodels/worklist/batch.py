"""Read a folder into a table of lines; stopped at any time, it goes on where it was."""

from __future__ import annotations

import multiprocessing
import os
import queue
import time
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path

from medmodels.bundles import bundles_folder, load_bundle
from medmodels.networks.threads import use_threads
from medmodels.worklist.line import UNREADABLE, Line
from medmodels.worklist.line_files import LineFile
from medmodels.worklist.run import BATCH, read_sources
from medmodels.worklist.sources import in_folder

Say = Callable[[str], None]
_EVERY_S = 2.0
_LOOK_S = 0.5


def batch(
    folder: Path,
    task: str,
    out: Path,
    say: Say,
    *,
    jobs: int = 1,
    size: int = BATCH,
    text: bool = False,
) -> dict[str, int]:
    """Read every file of a folder, and add a line for each to a table.

    Parameters
    ----------
    folder : Path
    task : str
    out : Path
        See `LineFile`. Files that have a line there are not read again; the table
        itself is none of the cases where it lies in the folder.
    say : callable
        Told how far it is; never a name.
    jobs : int
        Processes, each with its own network.
    size : int
        Scans that a network reads together.
    text : bool
        Search the pixels of scans for text.

    Returns
    -------
    dict of str to int
        How many lines were added, by state.

    Raises
    ------
    BundleError, InputError
    """
    bundle = load_bundle(task)
    table = LineFile(out, bundle.card.class_names)
    known = table.done()
    names = [one.name for one in in_folder(folder, bundle.card.kind)]
    skipped = known | _own(folder, out)
    total = sum(name not in skipped for name in names)
    say(f"{total:,} to read, {len(names) - total:,} known")
    found: dict[str, int] = {}
    begun = last = time.monotonic()
    lines = _in_turn if jobs == 1 else _side_by_side
    with table, closing(lines(folder, task, skipped, size, jobs, text)) as coming:
        for done, line in enumerate(coming, 1):
            table.add(line)
            found[line.state] = found.get(line.state, 0) + 1
            now = time.monotonic()
            if now - last > _EVERY_S or done == total:
                last = now
                left = (now - begun) / done * (total - done)
                say(
                    f"{done:,} of {total:,}, {done / (now - begun):.1f} a second, {left:.0f} s left"
                )
    table.finish()
    return found


def say_result(found: dict[str, int]) -> str:
    """How a run ended, in a sentence.

    Examples
    --------
    >>> say_result({"answer": 3, "unreadable": 1})
    '4 read: 3 answered, 1 could not be read.'
    """
    words = {
        "answer": "answered", "warn": "answered with a warning", "abstain": "without an answer",
        UNREADABLE: "could not be read",
    }  # fmt: skip
    parts = [f"{found[state]:,} {word}" for state, word in words.items() if state in found]
    return f"{sum(found.values()):,} read" + (f": {', '.join(parts)}." if parts else ".")


def _own(folder: Path, out: Path) -> set[str]:
    """The table and what it grows in, where they lie in the folder."""
    beside = (out, out.with_suffix(".partial.jsonl"))
    return {
        one.resolve().relative_to(folder.resolve()).as_posix()
        for one in beside
        if one.resolve().is_relative_to(folder.resolve())
    }


def _in_turn(
    folder: Path,
    task: str,
    known: set[str],
    size: int,
    jobs: int,  # noqa: ARG001
    text: bool,
) -> Generator[Line]:
    yield from _share(folder, task, known, size, 0, 1, text)


def _share(
    folder: Path, task: str, known: set[str], size: int, own: int, jobs: int, text: bool
) -> Generator[Line]:
    """Lines of every ``jobs``-th file, from the one numbered ``own`` on."""
    bundle = load_bundle(task)
    waiting = (one for one in in_folder(folder, bundle.card.kind) if one.name not in known)
    mine = (one for number, one in enumerate(waiting) if number % jobs == own)
    for line, _ in read_sources(bundle, mine, batch=size, text=text):
        yield line


def _side_by_side(
    folder: Path, task: str, known: set[str], size: int, jobs: int, text: bool
) -> Generator[Line]:
    """Lines of several processes, as they come."""
    # Forked, TensorFlow hangs: each process starts from nothing.
    start = multiprocessing.get_context("spawn")
    lines: multiprocessing.Queue[Line | int] = start.Queue(maxsize=8 * size)
    threads = max(1, (os.cpu_count() or 1) // jobs)
    workers = [
        start.Process(
            target=_work,
            args=(
                lines,
                folder,
                task,
                known,
                size,
                own,
                jobs,
                text,
                threads,
                str(bundles_folder()),
            ),
            daemon=True,
        )
        for own in range(jobs)
    ]
    for worker in workers:
        worker.start()
    try:
        left = set(range(jobs))
        while left:
            try:
                said = lines.get(timeout=_LOOK_S)
            except queue.Empty:
                # One that was killed says nothing any more.
                if dead := {k for k in left if workers[k].exitcode not in (None, 0)}:
                    raise RuntimeError(
                        f"{len(dead)} of {jobs} processes ended early; "
                        "run the command again to go on"
                    ) from None
                continue
            if isinstance(said, int):
                left.discard(said)
            else:
                yield said
    finally:
        for worker in workers:
            worker.terminate()


def _work(
    lines: multiprocessing.Queue[Line | int],
    folder: Path,
    task: str,
    known: set[str],
    size: int,
    own: int,
    jobs: int,
    text: bool,
    threads: int,
    bundles: str,
) -> None:
    from medmodels.bundles import FOLDER_VARIABLE

    os.environ[FOLDER_VARIABLE] = bundles
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    use_threads(threads)
    for line in _share(folder, task, known, size, own, jobs, text):
        lines.put(line)
    lines.put(own)
