"""Read many cases: files are decoded ahead, the network is asked in batches.

Lines come in the order of the cases, one for each, whatever a file holds.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from medmodels.bundles import Bundle
from medmodels.inputs.airlock import Admitted
from medmodels.inputs.airlock_recording import Recording
from medmodels.inputs.errors import InputError
from medmodels.inputs.limits import MAX_BYTES
from medmodels.inputs.scan import Scan
from medmodels.reading import Reading, read
from medmodels.reading.read import scan_reader
from medmodels.reading.scan_reader import Asked, ReadyScan
from medmodels.worklist.line import Line, line_of, refused_line
from medmodels.worklist.opened import open_files
from medmodels.worklist.sources import Source

BATCH = 16
# Threads that decode while the network reads; it shall not have to share a core with them where
# there is another. They are two batches ahead of it at most: what is decoded waits as the network
# will see it, a scan's own pixels are let go.
_THREADS = max(1, min(4, (os.cpu_count() or 2) - 1))


@dataclass(frozen=True)
class _Seen:
    """A scan as the network will see it, and why there may be text in it."""

    scan: ReadyScan
    burned_in: tuple[str, ...]


# Cases with what was made of each: a scan as it will be seen, the line that says why there
# is none, or the opened input of another kind.
_Batch = list[tuple[Source, Any]]


def read_sources(
    bundle: Bundle, sources: Iterable[Source], *, batch: int = BATCH, text: bool = False
) -> Iterator[tuple[Line, Reading | None]]:
    """Read cases, one after the other.

    Parameters
    ----------
    bundle : Bundle
    sources : iterable of Source
        Taken a few at a time; they need not fit into memory together.
    batch : int
        Scans that the network reads together; of other kinds each has rows enough by itself.
    text : bool
        Search the pixels of scans for text, which takes about as long as reading them.

    Yields
    ------
    line : Line
    reading : Reading or None
        Without maps; None where the file cannot be read.
    """
    # The network has the next batch before it is done with one: it never waits for what is
    # made of its answers.
    with ThreadPoolExecutor(1) as asking:
        before: tuple[_Batch, Future[Asked] | None] | None = None
        for ready in _batches(bundle, sources, batch, text):
            asked = _ask(bundle, ready, asking)
            if before is not None:
                yield from _tell(bundle, *before)
            before = ready, asked
        if before is not None:
            yield from _tell(bundle, *before)


def _batches(bundle: Bundle, sources: Iterable[Source], batch: int, text: bool) -> Iterator[_Batch]:
    """Cases, opened and prepared ahead of whoever takes them."""
    if bundle.card.kind != "scan":
        batch = 1
    with ThreadPoolExecutor(_THREADS) as pool:
        waiting = iter(sources)

        def opening() -> list[tuple[Source, Future[Any]]]:
            some = islice(waiting, batch)
            return [(source, pool.submit(_prepare, bundle, source, text)) for source in some]

        following = opening()
        try:
            while following:
                taken, following = following, opening()
                yield [(source, future.result()) for source, future in taken]
        finally:
            for _, future in following:
                future.cancel()


def _ask(bundle: Bundle, many: _Batch, asking: Executor) -> Future[Asked] | None:
    scans = [item.scan for _, item in many if isinstance(item, _Seen)]
    if not scans:
        return None
    reader = scan_reader(bundle)
    # Laid together here: the network is busy with the scans before, and need not wait for it.
    return asking.submit(reader.ask_many, scans, reader.together(scans))


def _tell(
    bundle: Bundle, many: _Batch, asked: Future[Asked] | None
) -> Iterator[tuple[Line, Reading | None]]:
    together = iter(scan_reader(bundle).tell_many(asked.result()) if asked else ())
    for source, item in many:
        if isinstance(item, Line):
            yield item, None
            continue
        if isinstance(item, _Seen):
            reading = next(together)
            yield replace(line_of(source.name, reading), burned_in=item.burned_in), reading
            continue
        try:
            reading = read(bundle, item)
        except Exception as error:
            yield _refused(bundle, source, error, item.digest), None
            continue
        yield line_of(source.name, reading), reading


def _prepare(bundle: Bundle, source: Source, text: bool) -> Any:
    """What the network needs of a case, or the line that says why there is nothing."""
    files: dict[str, Any] = {}
    try:
        files = source.load()
        return _opened(bundle, files, text)
    except Exception as error:
        return _refused(bundle, source, error, _digest_of(files) or source.digest)


def _digest_of(files: Mapping[str, Any]) -> str:
    """Of files that may be no input at all; empty where there are none, or one is not whole."""
    digest = hashlib.sha256()
    for data in files.values():
        if isinstance(data, Admitted | Recording):
            return data.digest
        if len(data) > MAX_BYTES:
            return ""
        digest.update(data)
    return digest.hexdigest() if files else ""


def _refused(bundle: Bundle, source: Source, error: Exception, digest: str) -> Line:
    """A line for whatever went wrong: one file must not end the run."""
    if not isinstance(error, InputError):
        # The kind of failure is enough for a log: what it says may quote the file.
        logging.getLogger(__name__).error("reading a file failed: %s", type(error).__name__)
        error = InputError(
            "a file on which this program failed.", "a file of the kinds it knows.",
            "Read it alone, and report what it is if that fails too.",
        )  # fmt: skip
    return refused_line(source.name, error, bundle.digest, digest)


def _opened(bundle: Bundle, files: Mapping[str, Any], text: bool) -> Any:
    item = open_files(bundle.card.kind, files)
    if not isinstance(item, Scan):
        return item
    from medmodels.inputs.burned_in import signs_of_text

    return _Seen(scan_reader(bundle).prepare(item), signs_of_text(item, look=text))
