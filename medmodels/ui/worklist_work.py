"""Many cases of one task in this session: read behind the page, held nowhere else."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from medmodels.bundles import Bundle
from medmodels.figures.thumbnail import plain_thumbnail
from medmodels.inputs.airlock import Admitted
from medmodels.inputs.airlock_recording import Part, Recording, together
from medmodels.ui.airlock_archive import admit_case
from medmodels.ui.background import Job, Progress
from medmodels.ui.loading import ensure_ready
from medmodels.ui.upload import Uploaded
from medmodels.worklist.line import Line
from medmodels.worklist.read_first import Impression
from medmodels.worklist.review import Review
from medmodels.worklist.sources import Files, Source, cases_of, in_upload, one_line

_WORK, _BEGUN = "worklist-work", "worklist-begun"
#: Side of a small picture, pixels.
THUMBNAIL = 96
_LOOK_S = 0.2


@dataclass
class Work:
    """A worklist.

    Parameters
    ----------
    bundle_digest : str
        The bundle that reads it.
    sources : list of Source
        The cases, in the order in which they came; while they are read, one of them can be
        replaced by another.
    lines : list of Line
        Of those that have been read, in the same order.
    thumbnails : dict of int to ndarray, uint8, shape (96, 96, C)
        Of scans, as the network saw them.
    with_maps : dict of int to ndarray, uint8, shape (96, 96, 3)
        The same with the map of the answer over it, of those that were listed
        while maps were asked for.
    series : dict of int to str
        UID of the series that a DICOM image is of.
    reviews : dict of int to Review
        What the reader said.
    stored : dict of int to Review
        Of them, what the file of reviews holds.
    looked_up : int
        For how many lines that file was asked.
    impressions : dict of int to Impression
        What the reader said before the answer was shown.
    seen_at : dict of int to float
        When a case whose answer is hidden was first looked at.
    truths : dict of int to str
        What cases really are, where the reader brought a table.
    chosen : int or None
        The case that is looked at.
    look : tuple of Source and object, or None
        What was opened to be looked at, with where it came from
        (`medmodels.ui.worklist_look`).
    going : threading.Event
        Not set while the reading is paused.
    spent_s : float
        What reading took so far, pauses left out, seconds.
    drawn : int
        How many lines the page shows.
    job : Job or None
    """

    bundle_digest: str
    sources: list[Source]
    lines: list[Line] = field(default_factory=list)
    thumbnails: dict[int, npt.NDArray[np.uint8]] = field(default_factory=dict)
    with_maps: dict[int, npt.NDArray[np.uint8]] = field(default_factory=dict)
    series: dict[int, str] = field(default_factory=dict)
    reviews: dict[int, Review] = field(default_factory=dict)
    stored: dict[int, Review] = field(default_factory=dict)
    looked_up: int = 0
    impressions: dict[int, Impression] = field(default_factory=dict)
    seen_at: dict[int, float] = field(default_factory=dict)
    truths: dict[int, str] = field(default_factory=dict)
    chosen: int | None = None
    look: tuple[Source, Any] | None = None
    going: threading.Event = field(default_factory=threading.Event)
    spent_s: float = 0.0
    drawn: int = 0
    job: Job[int] | None = None

    @property
    def running(self) -> bool:
        """Whether cases are still being read, or wait to be."""
        return self.job is not None and self.job.running

    @property
    def paused(self) -> bool:
        """Whether the reading waits for the reader."""
        return self.running and not self.going.is_set()

    @property
    def seconds_left(self) -> float | None:
        """Estimate from the pace so far; None before the first case is read."""
        read = len(self.lines)
        return self.spent_s / read * (len(self.sources) - read) if read else None


def begin_work(bundle: Bundle, files: Sequence[tuple[str, Uploaded]]) -> Work:
    """Start to read uploaded files, in the place of those before.

    Parameters
    ----------
    bundle : Bundle
    files : sequence of (name, Admitted, Part or tuple of Source)
        Archives that were not taken apart are looked into.
    """
    end_work()
    work = Work(bundle.digest, list(_sources(bundle, files)))
    read_rest(bundle, work)
    st.session_state[_WORK] = work
    st.session_state[_BEGUN] = st.session_state.get(_BEGUN, 0) + 1
    return work


def read_rest(bundle: Bundle, work: Work) -> None:
    """Start to read the cases of a worklist that have not been read, behind the page."""
    ensure_ready(bundle)
    work.going.set()
    work.job = Job(lambda progress: _read_rest(bundle, work, progress))


def uploader_key(bundle: Bundle) -> str:
    """Key of the uploader: another one for each worklist, so that it starts empty."""
    return f"worklist-upload-{bundle.task}-{st.session_state.get(_BEGUN, 0)}"


def open_elsewhere(bundle: Bundle) -> bool:
    """Whether a worklist of another task is open."""
    work: Work | None = st.session_state.get(_WORK)
    return work is not None and work.bundle_digest != bundle.digest


def current_work(bundle: Bundle) -> Work | None:
    """The worklist that is open for this bundle."""
    work: Work | None = st.session_state.get(_WORK)
    return work if work is not None and work.bundle_digest == bundle.digest else None


def end_work() -> None:
    """Close the worklist and let go of everything in it."""
    before: Work | None = st.session_state.pop(_WORK, None)
    if before is not None and before.job is not None:
        before.job.stop()
        before.going.set()


def pause_or_go_on(work: Work) -> None:
    """Hold the reading after the batch that is being read, or let it go on."""
    if work.going.is_set():
        work.going.clear()
    else:
        work.going.set()


def _sources(bundle: Bundle, files: Sequence[tuple[str, Uploaded]]) -> Iterator[Source]:
    """The cases, each with the digest of the files that came."""
    kind, apart = bundle.card.kind, _apart(files)
    parts = {name: file for name, file in apart.items() if isinstance(file, Part)}
    records = {name: names for names in cases_of(parts, kind) for name in names}
    for name, file in apart.items():
        if isinstance(file, tuple):
            yield from file
        elif isinstance(file, Part):
            if members := {one: parts.pop(one) for one in records[name] if one in parts}:
                named = {PurePosixPath(one).name: part for one, part in members.items()}
                yield _held(next(iter(members)), together(named))
        elif file.kind == "zip" or name.lower().endswith(".zip"):
            for source in in_upload({name: file.data}, kind):
                yield replace(source, load=partial(_entry, source.load, kind))
        else:
            yield _held(name, file)


def _held(name: str, case: Admitted | Recording) -> Source:
    private = case.private if isinstance(case, Admitted) else 0
    return Source(one_line(name), {"file": case}.copy, case.found, private, case.digest)


def _entry(load: Callable[[], Files], kind: str) -> Any:
    """What an archive holds that was too large to be taken apart when it arrived."""
    return {"file": admit_case(load(), kind)}


def _apart(files: Sequence[tuple[str, Uploaded]]) -> Mapping[str, Uploaded]:
    """Files by name; of those that share a name each but the first is numbered."""
    found: dict[str, Uploaded] = {}
    for number, (name, file) in enumerate(files, 1):
        found[f"{number}/{name}" if name in found else name] = file
    return found


def _read_rest(bundle: Bundle, work: Work, progress: Progress) -> int:
    from medmodels.worklist.run import read_sources  # brings SciPy

    total = max(1, len(work.sources))
    # Of the list itself, not of a copy: a case may be replaced before its turn comes.
    waiting = islice(work.sources, len(work.lines), None)
    since = time.monotonic()
    for line, reading in read_sources(bundle, waiting, text=True):
        if reading is not None and reading.scan is not None:
            seen = reading.scan.network_input
            work.thumbnails[len(work.lines)] = plain_thumbnail(seen, THUMBNAIL)
            if (origin := reading.scan.origin) is not None:
                work.series[len(work.lines)] = origin.series
        work.lines.append(line)
        work.spent_s += time.monotonic() - since
        progress(len(work.lines) / total)
        while not work.going.wait(_LOOK_S):
            progress(len(work.lines) / total)
        since = time.monotonic()
    return len(work.lines)
