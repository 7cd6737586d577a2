"""The ECG that the lesson on recurrence works on: the one that is open, or a sample case."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.figures.ecg_sheet import lanes_of
from medmodels.inputs.open_signal import decode, understand
from medmodels.inputs.signal import BeatTable
from medmodels.reading.rhythm import rhythm_of
from medmodels.samples import Sample, list_samples
from medmodels.ui.ecg_position import chosen_beat, start_position
from medmodels.ui.ecg_reading import Case, last_case
from medmodels.ui.ecg_source import Source
from medmodels.ui.loading import read_item, shelf
from medmodels.ui.navigation import BY_KIND
from medmodels.ui.withheld import is_withheld, show_doubts

_SAMPLES = "lesson-recurrence-samples"


@dataclass(frozen=True)
class LessonEcg:
    """An ECG, its network, and where it comes from.

    Parameters
    ----------
    bundle : Bundle
    case : Case
    sample : Sample or None
        None for the visitor's own.
    why : str
        Why a sample stands in; empty for the visitor's own.
    """

    bundle: Bundle
    case: Case
    sample: Sample | None = None
    why: str = ""


def lesson_ecg() -> LessonEcg | None:
    """Return the open ECG, or a sample where none is open; None without a network or a sample."""
    bundles = shelf().of_kind("signal")
    why = "No ECG is open, so this lesson uses a sample case"
    for bundle in bundles:
        case = last_case(bundle)
        if case is not None and not is_withheld(case.reading):
            return LessonEcg(bundle, case)
        if case is not None:
            why = "There is no answer for the open ECG, so this lesson uses a sample case"
    for bundle in bundles:
        samples = list_samples(bundle.task)
        if samples:
            sample = _choose(bundle, samples)
            return LessonEcg(bundle, _read_sample(bundle, sample), sample, why)
    return None


def show_source(ecg: LessonEcg) -> None:
    """Say which ECG the lesson works on, and offer to open another."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        with st.container(width="stretch"):
            if ecg.sample is not None:
                st.markdown(f"{ecg.why}: **{ecg.sample.title}**. {ecg.sample.description}")
            else:
                st.markdown("This lesson uses the open ECG.")
        if st.button(
            "Open your own on the Sequence page",
            icon=BY_KIND["signal"].icon,
            key="lesson-recurrence-open",
        ):
            st.switch_page(BY_KIND["signal"].file)
    if ecg.sample is None:
        show_doubts(ecg.case.reading)


def first_beat(ecg: LessonEcg) -> int:
    """Return the beat to begin with: the one chosen on the Sequence page, else the gravest."""
    start_position(ecg.case)
    return chosen_beat(ecg.case)


def _choose(bundle: Bundle, samples: tuple[Sample, ...]) -> Sample:
    """Ask for a sample; begin with one that has something to remember."""
    if len(samples) == 1:
        return samples[0]
    telling = next(
        (k for k, entry in enumerate(samples) if len(_read_sample(bundle, entry).abnormal)), 0
    )
    place = st.selectbox(
        "Sample case, read anew when chosen",
        range(len(samples)),
        index=telling,
        format_func=lambda k: samples[k].title,
        key="lesson-recurrence-sample",
        width=360,
    )
    return samples[place]


def _read_sample(bundle: Bundle, sample: Sample) -> Case:
    """A sample as a case of its own, read once a session; the open ECG stays what it is."""
    kept: dict[Hashable, Case] = st.session_state.setdefault(_SAMPLES, {})
    key = (sample.file, bundle.digest)
    if key not in kept:
        files = {sample.file: sample.read_bytes()}
        item = decode(files, understand(files))
        reading = read_item(bundle, item)
        source = Source(files, sample.file, sample)
        if isinstance(item, BeatTable) or reading.beats is None:
            kept[key] = Case(key, source, item, reading, None, ())
        else:
            rhythm = rhythm_of(reading.beats.times_s)
            kept[key] = Case(key, source, item, reading, rhythm, lanes_of(item))
    return kept[key]
