"""The sequences that a session has open: read once, behind the page."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import cast

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.inputs.airlock import Admitted
from medmodels.inputs.errors import InputError
from medmodels.inputs.open_sequences import open_sequences
from medmodels.inputs.other_strand import with_other_strand
from medmodels.inputs.sequences import Sequences
from medmodels.reading import Reading, read
from medmodels.reading.reading import BasesEvidence
from medmodels.reading.sites import Site, called_sites
from medmodels.samples import Sample
from medmodels.ui.answers_first import ANSWERS
from medmodels.ui.background import Job, Progress
from medmodels.ui.ecg_words import say_left
from medmodels.ui.loading import ensure_ready
from medmodels.ui.verdict import Jobs, collected
from medmodels.ui.watch import watch_job

_CASE, _WORK = "bases-case", "bases-work"
# Shorter work is waited for: a bar that flickers helps nobody.
_QUIET_SECONDS = 0.6


@dataclass(frozen=True)
class BasesSource:
    """What is to be read.

    Parameters
    ----------
    data : bytes, str or Admitted
        A sample, or what came through the airlock.
    sample : Sample or None
        Where it comes from when it ships with the app.
    """

    data: bytes | str | Admitted = field(repr=False)
    sample: Sample | None = None

    @cached_property
    def key(self) -> str:
        """Changes with the content."""
        if isinstance(self.data, Admitted):
            return self.data.digest
        raw = self.data.encode() if isinstance(self.data, str) else self.data
        return hashlib.sha256(raw).hexdigest()

    @property
    def dropped(self) -> tuple[str, ...]:
        """What came with the bases and may have said whose they are, by name."""
        return self.data.found if isinstance(self.data, Admitted) else ()


@dataclass(frozen=True)
class BasesCase:
    """One reading of sequences on the page.

    Parameters
    ----------
    key : hashable
        Content, strands and bundle.
    source : BasesSource
    reading : Reading
    shown : dict
        Things of this case that are computed once.
    """

    key: Hashable
    source: BasesSource
    reading: Reading = field(repr=False)
    shown: dict[Hashable, object] = field(default_factory=dict, repr=False)

    @property
    def bases(self) -> BasesEvidence:
        """What the answers are about."""
        assert self.reading.bases is not None
        return self.reading.bases

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """The sites called along the sequences."""
        return called_sites(self.reading)


def last_bases(bundle: Bundle) -> BasesCase | None:
    """Return the case read last in this session with this bundle."""
    case: BasesCase | None = st.session_state.get(_CASE)
    if case is None or case.reading.bundle_digest != bundle.digest:
        return None
    reading = collected(case.reading, bases_jobs(case))
    if reading is not case.reading:
        # The same case, and the same things shown, with one more map explained.
        case = replace(case, reading=reading)
        keep_bases(case)
    return case


def bases_jobs(case: BasesCase) -> Jobs:
    """Maps of a case that are being tested behind the page, by row, method and class."""
    return cast(Jobs, case.shown.setdefault("jobs", {}))


def keep_bases(case: BasesCase) -> None:
    """Keep a case as the one read last."""
    st.session_state[_CASE] = case


def obtain_bases(bundle: Bundle, source: BasesSource, *, both: bool) -> BasesCase | None:
    """Return the reading of a source; the network runs only when something changed.

    Parameters
    ----------
    bundle : Bundle
    source : BasesSource
    both : bool
        Read the other strand, too.

    Returns
    -------
    BasesCase or None
        None while it is being read, and when that was stopped.

    Raises
    ------
    InputError
    """
    key = (source.key, both, bundle.digest)
    case = last_bases(bundle)
    if case is not None and case.key == key:
        return case
    work: tuple[Hashable, Job[Reading]] | None = st.session_state.get(_WORK)
    if work is None or work[0] != key:
        if work is not None:
            work[1].stop()
        found = open_sequences(source.data)
        item = with_other_strand(found) if both else found
        ensure_ready(bundle)
        work = (key, Job(partial(_read, bundle, item)))
        st.session_state[_WORK] = work
        work[1].wait(_QUIET_SECONDS)
    job = work[1]
    if job.result is not None:
        del st.session_state[_WORK]
        case = st.session_state[_CASE] = BasesCase(key, source, job.result)
        return case
    if job.running:
        watch_job(job, lambda: _words(job), key="bases")
        return None
    _offer_again(failed=job.failed)
    return None


def _read(bundle: Bundle, item: Sequences, progress: Progress) -> Reading:
    with ANSWERS.reading():
        return read(bundle, item, progress=progress)


def _words(job: Job[Reading]) -> str:
    left = job.seconds_left
    return f"Reading the bases: {job.share:.0%}" + (f", {say_left(left)}" if left else "")


def _offer_again(*, failed: bool) -> None:
    if failed:
        error = InputError(
            "these sequences could not be read.", "sequences of DNA or RNA.",
            "Try again, or read fewer bases at a time.",
        )  # fmt: skip
        st.error(str(error), icon=":material/error:")
    else:
        st.info("The reading was stopped.", icon=":material/stop_circle:")
    if st.button("Read again", key="bases-again"):
        del st.session_state[_WORK]
        st.rerun()
