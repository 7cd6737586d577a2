"""Counterpoint: what speaks against the answer for a beat, and who came second."""

from __future__ import annotations

from functools import partial
from typing import cast

import numpy as np
import numpy.typing as npt
import streamlit as st

from medmodels.bundles import Bundle, ClassCard
from medmodels.explain.counterpoint_beats import (
    BeatCounterpoint,
    beat_counterpoint,
    number_groups,
    stretch_length,
)
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.figures.beat_saliency import beat_saliency
from medmodels.inputs.beat_windows import BeatInputSpec
from medmodels.reading.explained import given_with
from medmodels.reading.sentences import percent
from medmodels.ui.compare_signal import FramedMap, frame_of, marked_beats, trace_unit
from medmodels.ui.compute_methods import Job, offer_jobs
from medmodels.ui.counterpoint_words import gain_words, signal_findings, signal_sentence
from medmodels.ui.difference_scan import runner_up
from medmodels.ui.ecg_reading import Case
from medmodels.ui.ecg_saliency import lead_names, merge
from medmodels.ui.theme import palette, show_figure

# Log-odds at which the colours are full, the same for every beat.
_FULL = 0.2
_WIDTH = 575
_METHOD = "What replacing it takes or gives"


@st.fragment
def counterpoint_signal(bundle: Bundle, case: Case, beat: int) -> None:
    """Say what speaks against a beat's answer; one sentence first, then the trace.

    Parameters
    ----------
    bundle : Bundle
    case : Case
    beat : int
    """
    label = int(case.reading.labels[beat])
    second = runner_up(case.reading.probabilities[beat], label)
    st.subheader("What speaks against the answer", anchor=False)
    jobs = [
        Job("counterpoint", f"Replacing parts, for {case.reading.card.classes[k].title.lower()}",
            partial(_measure, bundle, case, beat, k, _kept(case)))
        for k in (label, second)
        if (beat, k) not in _kept(case)
    ]  # fmt: skip
    offer_jobs(
        bundle, jobs, "Look for what speaks against it", key=f"against-signal-{beat}-{label}",
        at_once=True,
    )  # fmt: skip
    own, rival = _kept(case).get((beat, label)), _kept(case).get((beat, second))
    if own is not None and rival is not None:
        _show(case, beat, own, rival, label, second)


def _kept(case: Case) -> dict[tuple[int, int], BeatCounterpoint]:
    """What was found, by beat and class."""
    kept = case.shown.setdefault("counterpoints", {})
    return cast("dict[tuple[int, int], BeatCounterpoint]", kept)


def _measure(
    bundle: Bundle,
    case: Case,
    beat: int,
    class_index: int,
    kept: dict[tuple[int, int], BeatCounterpoint],
) -> None:
    """Work for a thread of its own: the network must be ready."""
    from medmodels.explain.faithfulness import log_odds_of
    from medmodels.explain.masking import BeatMasking

    inputs, spec = case.beats.inputs, BeatInputSpec.from_card(bundle.card.input)
    windows, rhythm, first = given_with(case.beats, beat)
    usual, groups = np.zeros_like(windows), {}
    if case.beats.has_rhythm:
        usual[:] = np.median(inputs.windows, axis=0)
        groups = number_groups(spec.rhythm)
    numbers = np.broadcast_to(np.median(inputs.rhythm, axis=0), rhythm.shape)
    masking = BeatMasking(
        bundle.network, (windows, rhythm), beat - first, usual, np.ascontiguousarray(numbers)
    )
    kept[beat, class_index] = beat_counterpoint(
        masking,
        beat - first,
        log_odds_of(bundle.operating_point.probabilities, class_index),
        samples=stretch_length(windows.shape[1], spec.rate),
        numbers=groups,
    )


def _show(
    case: Case, beat: int, own: BeatCounterpoint, rival: BeatCounterpoint, label: int, second: int
) -> None:
    classes, inputs = case.reading.card.classes, case.beats.inputs
    title, other = classes[label].title, classes[second]
    first = given_with(case.beats, beat)[2]
    names = dict(enumerate(["first lead", "second lead"]))
    known = [k for k, scale in enumerate(inputs.scale) if scale > 0]
    names |= dict(zip(known, lead_names(case, known), strict=True))
    lines = signal_findings(own, beat - first, list(names.values()), inputs.offsets_s)
    st.markdown(signal_sentence(lines, own.whole, title))
    if len(lines) > 1:
        rest = "\n".join(
            f"- {what.removesuffix(',')}: {gain_words(own.whole, gain)}."
            for what, gain in lines[1:]
        )
        st.markdown(f"Also against it:\n{rest}")
    chance = percent(float(case.reading.probabilities[beat, second]))
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=_WIDTH):
            st.html(f'<p class="dia-figure-title">Against {title.lower()}</p>')
            _draw(case, beat, np.minimum(own.effects, 0), label, "negatives")
        with st.container(width=_WIDTH):
            st.html(
                f'<p class="dia-figure-title">Runner-up: {other.title.lower()} ({other.letter}), '
                f"probability {chance}</p>"
            )
            _draw(case, beat, rival.effects, second, "rival")
    st.caption(_details(case, own, classes[label]))


def _draw(
    case: Case, beat: int, effects: npt.NDArray[np.float32], class_index: int, part: str
) -> None:
    first, frame = given_with(case.beats, beat)[2], frame_of(case, beat)
    found = SaliencyMap(effects, effects.shape, True, _METHOD, class_index, "log-odds")
    piece, leads = merge(case, FramedMap(found, first, beat, frame))
    show_figure(
        beat_saliency(
            piece, marked_beats(case, beat, frame), lead_names(case, leads), "log-odds", _FULL,
            palette(), y_title=trace_unit(case),
        ),
        key=f"against-signal-{part}",
        alt="Trace of the chosen beat, coloured by what replacing each stretch does to "
        f"{case.reading.card.classes[class_index].title.lower()}.",
    )  # fmt: skip


def _details(case: Case, own: BeatCounterpoint, entry: ClassCard) -> str:
    """How it was measured."""
    rate = 1 / float(np.median(np.diff(case.beats.inputs.offsets_s)))
    length = f"{1000 * own.samples / rate:.0f} ms"
    by = "the recording’s usual beat" if case.beats.has_rhythm else "a flat line"
    text = (
        f"Each stretch of {length} of each lead is replaced by {by}, and the network answers "
        "again; what makes the answer stronger by its absence spoke against it. Neighbouring "
        f"stretches that speak against {entry.title.lower()} are then replaced together. "
        f"{own.share:.0%} of what the stretches weigh is against the answer. "
    )
    if case.beats.has_rhythm:
        text += (
            "Numbers that measure one thing, and whole beats beside this one, are replaced by "
            "what is usual in this recording. "
        )
    return text + "Log-odds: 0.69 doubles the odds."
