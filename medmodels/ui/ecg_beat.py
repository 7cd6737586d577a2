"""One beat: its answer, its intervals, and what the answer rests on."""

from __future__ import annotations

from typing import cast

import numpy as np
import streamlit as st

from medmodels.bundles import Bundle
from medmodels.explain.methods import METHODS, SIGNAL_NOTE, methods_for
from medmodels.explain.plan import ExplainPlan
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.figures.beat_answers import beat_answers
from medmodels.figures.beat_saliency import SCALES, beat_saliency, usual_scale
from medmodels.figures.ecg_clock import clock
from medmodels.figures.ecg_colours import beat_marks
from medmodels.inputs.signal import Signal
from medmodels.reading.explained import explain_row
from medmodels.reading.reading import Explained
from medmodels.reading.sentences import percent
from medmodels.trust.decision import say_set
from medmodels.ui.answers_first import ANSWERS
from medmodels.ui.background import Progress
from medmodels.ui.ecg_position import chosen_beat
from medmodels.ui.ecg_reading import Case, jobs_of
from medmodels.ui.ecg_saliency import BeatMap, compute_map, lead_names, merge
from medmodels.ui.ecg_shares import show_shares
from medmodels.ui.ecg_words import intervals_around
from medmodels.ui.loading import ensure_explains
from medmodels.ui.theme import palette, show_figure
from medmodels.ui.verdict import explained_or_wait, show_verdict

# Maps of a session that are kept; each is some hundred kilobytes.
_MOST_MAPS = 24


def show_beat(case: Case) -> None:
    """Show the chosen beat; call within a fragment."""
    beat = chosen_beat(case)
    st.subheader(_title(case, beat), anchor=False)
    _answer(case, beat)
    _intervals(case, beat)


def show_explanation(bundle: Bundle, case: Case) -> None:
    """Draw what the chosen beat's answer rests on; call within a fragment."""
    _explanation(bundle, case, chosen_beat(case))


def _title(case: Case, beat: int) -> str:
    if case.beats.has_rhythm:
        return f"Beat {beat + 1:,}, at {clock(case.beats.times_s[beat], 2)}"
    return f"Row {beat + 1:,}"


def _answer(case: Case, beat: int) -> None:
    reading = case.reading
    label = int(reading.labels[beat])
    entry = reading.card.classes[label]
    shares = reading.probabilities[beat]
    st.markdown(
        f"Read as **{entry.title.lower()} ({entry.letter})**, "
        f"probability {shares[label]:.1%}. {entry.meaning}"
    )
    if reading.trust is not None:
        low, high = reading.trust.low[beat, label], reading.trust.high[beat, label]
        titles = [one.title for one in reading.card.classes]
        left = "; ".join(
            f"at {level:.0%}: {say_set(held[beat].tolist(), titles)}"
            for level, held in reading.trust.sets.items()
        )
        st.caption(
            f"95% interval of the probability: {percent(float(low))} to {percent(float(high))}. "
            f"What is left {left}."
        )
    if int(shares.argmax()) != label:
        likeliest = reading.card.classes[int(shares.argmax())]
        st.caption(
            f"{likeliest.title} ({likeliest.letter}) has the highest probability, but the decision "
            f"adds a fixed offset to each class ({reading.operating_point.rule})."
        )
    if case.beats.reference is not None and case.beats.reference[beat] >= 0:
        known = reading.card.classes[int(case.beats.reference[beat])]
        st.caption(f"Reference in the file: {known.title} ({known.letter}).")
    marks = beat_marks(reading.card.classes, palette())
    show_figure(
        beat_answers(shares, label, marks, palette()),
        key="ecg_answers",
        alt="Probability of each class for the chosen beat.",
    )


def _intervals(case: Case, beat: int) -> None:
    if not case.beats.has_rhythm:
        st.markdown("**Rhythm:** unknown; this row stands alone.")
        return
    before, after, usual = intervals_around(case.beats.times_s, beat)
    lines = [
        f"{name}: **{value:,.0f} ms**"
        + ("" if np.isnan(usual) else f", {value / usual:.0%} of the usual")
        for name, value in (("RR before", before), ("RR after", after))
        if value is not None
    ]
    if not np.isnan(usual):
        lines.append(f"Usual RR of this recording (median): {usual:,.0f} ms")
    st.markdown(
        "Rhythm, which the network reads beside the trace:\n" + "\n".join(f"- {x}" for x in lines)
    )


def _explanation(bundle: Bundle, case: Case, beat: int) -> None:
    classes = case.reading.card.classes
    best = ExplainPlan.of(bundle).method
    methods = sorted(methods_for("signal"), key=lambda method: method.name != best)
    label = int(case.reading.labels[beat])
    st.subheader(f"What the answer for {_title(case, beat).lower()} rests on", anchor=False)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        name = st.segmented_control(
            "Method",
            [method.name for method in methods],
            default=methods[0].name,
            required=True,
            format_func=lambda key: METHODS[key].title,
            key="ecg_method",
        )
        target = st.selectbox(
            "Class explained",
            [-1, *range(len(classes))],
            key="ecg_explained",
            width=260,
            format_func=lambda i: (
                f"{classes[i].letter} {classes[i].title}"
                if i >= 0
                else f"the decided one: {classes[label].letter}"
            ),
        )
    class_index = label if target < 0 else int(target)
    found = _map_of(bundle, case, beat, name, class_index)
    unit = found.map.unit
    scale = st.session_state.get(f"ecg_scale_{unit}", usual_scale(unit))
    piece, leads = merge(case, found)
    low, high = found.drawn
    beats = [
        (
            float(case.beats.inputs.centres_s[i] - case.beats.inputs.centres_s[beat]),
            classes[int(case.reading.labels[i])].letter,
        )
        for i in range(low, high + 1)
    ]
    physical = isinstance(case.item, Signal) and case.item.amplitude_known
    figure = beat_saliency(
        piece,
        beats,
        lead_names(case, leads),
        unit,
        scale,
        palette(),
        y_title="mV" if physical else "no unit",
    )
    show_figure(
        figure,
        key="ecg_saliency",
        alt="Trace of the chosen beat, coloured by saliency, and the saliency below each lead.",
    )
    _show_verdict(bundle, case, beat, name, class_index, found.map)
    _words(case, found, name, class_index)
    st.select_slider(
        f"Colours are full at ({unit})",
        SCALES,
        value=usual_scale(unit),
        key=f"ecg_scale_{unit}",
        width=360,
        format_func=lambda v: f"{v:g}",
        help="The same for every beat and every recording until you change it, so that a weak "
        "map looks weak.",
    )
    if found.map.context is not None:
        show_shares(bundle, classes[class_index], found.map)


def _show_verdict(
    bundle: Bundle, case: Case, beat: int, name: str, class_index: int, found: SaliencyMap
) -> None:
    """Say whether the map is evidence; the test goes on behind the page."""
    if METHODS[name].per_beat:
        st.caption("Not tested: this map weighs whole beats, and the test hides parts of one beat.")
        return
    reading = case.reading

    def work(progress: Progress) -> Explained:
        return explain_row(
            bundle, reading, beat, method=name, class_index=class_index, found=found,
            progress=progress,
        )  # fmt: skip

    question = (beat, name, class_index)
    tested = explained_or_wait(jobs_of(case), question, work, key="ecg_audit")
    if tested is not None:
        show_verdict(tested.audit, key="ecg_audit")


def _words(case: Case, found: BeatMap, name: str, class_index: int) -> None:
    entry, method, result = case.reading.card.classes[class_index], METHODS[name], found.map
    place = found.beat - found.first
    own = float(found.shares[place])
    beside = float(found.shares[max(place - 1, 0) : place + 2].sum()) - own
    lines = [
        f"Orange and above zero speaks for {entry.title.lower()} ({entry.letter}), purple and "
        "below zero against it. "
        f"{method.shows} It does not show: {method.hides[:1].lower()}{method.hides[1:]}"
    ]
    if case.beats.has_rhythm:
        lines.append(
            f"{own:.0%} of the map lies in this beat's own window, {beside:.0%} in the beats "
            f"beside it, {max(1 - own - beside, 0):.0%} further away "
            f"({len(found.beats(len(case.reading.labels)))} beats looked at)."
        )
    if result.completeness_error is not None:
        total = float(result.values.sum())
        lines.append(
            f"Completeness: the values add up to {total:+.3f} logit. The difference between this "
            f"trace's score and that of {result.baseline} is the same to within "
            f"{result.completeness_error:.3g} logit."
        )
    if result.context is None:
        lines.append(SIGNAL_NOTE)
    st.caption("  \n".join(lines))


def _map_of(bundle: Bundle, case: Case, beat: int, name: str, class_index: int) -> BeatMap:
    key = ("map", beat, name, class_index)
    if key not in case.shown:
        ensure_explains(bundle)
        with st.spinner(f"{METHODS[name].title} …"):
            ANSWERS.stand_aside(for_pages=False)
            case.shown[key] = compute_map(bundle, case, beat, METHODS[name], class_index)
        kept = [k for k in case.shown if isinstance(k, tuple) and k[0] == "map"]
        for old in kept[:-_MOST_MAPS]:
            del case.shown[old]
    return cast(BeatMap, case.shown[key])
