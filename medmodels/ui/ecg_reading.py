"""Read a signal once, with progress and a stop, and keep the result for this visitor."""

from __future__ import annotations

import time
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np
import numpy.typing as npt
import streamlit as st

from medmodels.bundles import Bundle
from medmodels.figures.ecg_sheet import Lane, lanes_of
from medmodels.inputs.errors import InputError
from medmodels.inputs.signal import BeatTable, Signal
from medmodels.reading.reading import BeatEvidence, Reading
from medmodels.reading.rhythm import Rhythm, rhythm_of
from medmodels.ui.ecg_corrections import Corrections, decoded
from medmodels.ui.ecg_source import Source, understood
from medmodels.ui.ecg_words import say_left
from medmodels.ui.loading import read_item
from medmodels.ui.verdict import Jobs, collected

_CASE = "ecg_case"
_FAILED = "ecg_failed"
_STOPPED = "ecg_stopped"

# A bar that flickers for less than this helps nobody.
_QUIET_SECONDS = 0.8
_EVERY_SECONDS = 0.25


@dataclass(frozen=True)
class Case:
    """One reading on the page, with what its views need again and again.

    Parameters
    ----------
    key : hashable
        Files, corrections and bundle.
    source : Source
    item : Signal or BeatTable
    reading : Reading
    rhythm : Rhythm or None
        None for a table of beats.
    lanes : tuple of Lane
        Empty for a table of beats.
    shown : dict
        Figures and saliency maps of this case, computed once.
    """

    key: Hashable
    source: Source
    item: Signal | BeatTable = field(repr=False)
    reading: Reading = field(repr=False)
    rhythm: Rhythm | None
    lanes: tuple[Lane, ...]
    shown: dict[Hashable, object] = field(default_factory=dict, repr=False)

    @property
    def beats(self) -> BeatEvidence:
        """What the answers rest on."""
        assert self.reading.beats is not None
        return self.reading.beats

    @property
    def decided(self) -> npt.NDArray[np.float64]:
        """Probability of the decided class of each beat, (n_beats,)."""
        rows = np.arange(len(self.reading.labels))
        return np.asarray(self.reading.probabilities[rows, self.reading.labels])

    @property
    def abnormal(self) -> npt.NDArray[np.int64]:
        """Indices of the beats whose class has a severity above 0, in order."""
        grave = np.array([entry.severity > 0 for entry in self.reading.card.classes])
        return np.flatnonzero(grave[self.reading.labels])

    @property
    def in_doubt(self) -> npt.NDArray[np.int64]:
        """Indices of the beats for which at 95% not exactly one class is left, in order."""
        trust = self.reading.trust
        if trust is None:
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(trust.sets[max(trust.sets)].sum(axis=1) != 1)


def last_case(bundle: Bundle) -> Case | None:
    """Return the case read last in this session with this bundle."""
    case: Case | None = st.session_state.get(_CASE)
    if case is None or case.reading.bundle_digest != bundle.digest:
        return None
    reading = collected(case.reading, jobs_of(case))
    if reading is not case.reading:
        # The same case, and the same things shown, with one more map explained.
        case = st.session_state[_CASE] = replace(case, reading=reading)
    return case


def jobs_of(case: Case) -> Jobs:
    """Maps of a case that are being tested behind the page, by beat, method and class."""
    return cast(Jobs, case.shown.setdefault("jobs", {}))


def obtain_case(bundle: Bundle, source: Source, corrections: Corrections) -> Case | None:
    """Return the reading of a source; the network runs only when something changed.

    Parameters
    ----------
    bundle : Bundle
    source : Source
    corrections : Corrections

    Returns
    -------
    Case or None
        None when the visitor stopped the reading.

    Raises
    ------
    InputError
    """
    key = (source.key, corrections, bundle.digest)
    case = last_case(bundle)
    if case is not None and case.key == key:
        return case
    failed: tuple[Hashable, InputError] | None = st.session_state.get(_FAILED)
    if failed and failed[0] == key:
        raise failed[1].alone()
    if st.session_state.get(_STOPPED) == key:
        _offer_again()
        return None
    try:
        case = _read(bundle, source, corrections, key)
    except InputError as error:
        st.session_state[_FAILED] = (key, error.alone())
        raise
    st.session_state[_CASE] = case
    return case


def _read(bundle: Bundle, source: Source, corrections: Corrections, key: Hashable) -> Case:
    item = decoded(source, understood(source), corrections)
    place = st.empty()
    try:
        with place.container():
            reading = read_item(bundle, item, progress=_Progress(key))
    finally:
        place.empty()
    if isinstance(item, BeatTable):
        return Case(key, source, item, reading, None, ())
    assert reading.beats is not None
    return Case(key, source, item, reading, rhythm_of(reading.beats.times_s), lanes_of(item))


class _Progress:
    """A bar with the time left, and a button that stops the reading.

    Streamlit ends a run at the next call to it after a click: the button needs
    no more than to be there and the bar to be updated.
    """

    def __init__(self, key: Hashable) -> None:
        self._key = key
        self._start = self._last = time.monotonic()
        self._bar = st.empty()
        self._stop = st.empty()
        self._offered = False

    def __call__(self, share: float) -> None:
        now = time.monotonic()
        spent = now - self._start
        if spent < _QUIET_SECONDS or now - self._last < _EVERY_SECONDS or share >= 1:
            return
        self._last = now
        left = f", {say_left(spent / share * (1 - share))}" if share > 0.05 else ""
        self._bar.progress(min(share, 1.0), f"Reading the beats: {share:.0%}{left}")
        if not self._offered:
            self._offered = True
            self._stop.button(
                "Stop",
                key="ecg_stop",
                icon=":material/stop:",
                on_click=_remember_stop,
                args=(self._key,),
            )


def _remember_stop(key: Hashable) -> None:
    st.session_state[_STOPPED] = key


def _offer_again() -> None:
    st.info("The reading was stopped.", icon=":material/stop_circle:")
    if st.button("Read again", key="ecg_again"):
        del st.session_state[_STOPPED]
        st.rerun()
