"""Read a folder into a table of lines; stopped at any time, it goes on where it was."""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import time
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path

from medmodels.bundles import bundles_folder, load_bundle
from medmodels.inputs.errors import InputError
from medmodels.networks.threads import take_short_turns, use_threads
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
        Looked through with all folders below it.
    task : str
        Of the bundle that reads.
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
    BundleError
        There is no such bundle, or it is damaged.
    InputError
        There is no such folder, the table cannot be gone on with or written, or a
        process ended early.
    """
    bundle = load_bundle(task)
    table = LineFile(out, bundle.card.class_names)
    known = table.done(bundle.digest)
    names = [one.name for one in in_folder(folder, bundle.card.kind)]
    skipped = known | _own(folder, out)
    total = sum(name not in skipped for name in names)
    say(f"{total:,} to read, {len(names) - total:,} known")
    found: dict[str, int] = {}
    begun = last = None
    lines = _in_turn if jobs == 1 else _side_by_side
    with table, closing(lines(folder, task, skipped, size, jobs, text)) as coming:
        for done, line in enumerate(coming, 1):
            table.add(line)
            found[line.state] = found.get(line.state, 0) + 1
            now = time.monotonic()
            # The first comes when the network is there: that wait says nothing of the pace.
            begun, last = begun or now, last or now
            if now - last > _EVERY_S or done == total:
                last = now
                say(f"{done:,} of {total:,}{_pace(done - 1, now - begun, total - done)}")
    table.finish()
    return found


def _pace(done: int, seconds: float, left: int) -> str:
    """How fast it goes and how long it will take; nothing before two cases are there."""
    if not done or seconds <= 0:
        return ""
    return f", {done / seconds:.1f} a second, {left * seconds / done:.0f} s left"


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
    take_short_turns()
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
                    raise InputError(
                        f"{len(dead)} of {jobs} processes that ended early.", "all to go on.",
                        "Run the command again, with fewer --jobs if memory ran out: it goes on "
                        "where it was.",
                    ) from None  # fmt: skip
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

    # Who stops the run stops the process that began it, and that ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ[FOLDER_VARIABLE] = bundles
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    use_threads(threads)
    for line in _share(folder, task, known, size, own, jobs, text):
        if not _put(lines, line):
            return
    _put(lines, own)


def _put(lines: multiprocessing.Queue[Line | int], said: Line | int) -> bool:
    """Hand over one line; False where nobody is left to take it."""
    parent = multiprocessing.parent_process()
    while parent is None or parent.is_alive():
        try:
            lines.put(said, timeout=_LOOK_S)
        except queue.Full:
            continue
        return True
    # What lies in the queue would be waited for at the end, for good.
    lines.cancel_join_thread()
    return False
