"""Where a beat's trace speaks for one class rather than for another."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from medmodels.bundles import Bundle
from medmodels.explain.map_difference import difference
from medmodels.explain.methods import METHODS, methods_for
from medmodels.figures.beat_saliency import beat_saliency, usual_scale
from medmodels.ui.compare_signal import (
    FramedMap,
    frame_of,
    known_beat_map,
    make_beat_map,
    marked_beats,
    trace_unit,
)
from medmodels.ui.compute_methods import Job, offer_jobs
from medmodels.ui.difference_scan import choose_classes, runner_up
from medmodels.ui.ecg_reading import Case
from medmodels.ui.ecg_saliency import lead_names, merge
from medmodels.ui.theme import palette, show_figure


@st.fragment
def difference_signal(bundle: Bundle, case: Case, beat: int) -> None:
    """Draw one beat's map of one class less that of another, on the usual scale.

    Nothing here runs the network but the button that says so.

    Parameters
    ----------
    bundle : Bundle
    case : Case
    beat : int
    """
    classes, key = case.reading.card.classes, "difference-signal"
    titles = [f"{entry.letter} {entry.title}" for entry in classes]
    label = int(case.reading.labels[beat])
    st.subheader("Rather this class than that one", anchor=False)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        name = st.selectbox(
            "Method",
            [method.name for method in methods_for("signal")],
            format_func=lambda name: METHODS[name].title,
            key=f"{key}-method",
            width=220,
        )
        second = runner_up(case.reading.probabilities[beat], label)
        one, other = choose_classes(titles, label, second, key=f"{key}-{beat}")
    entry = METHODS[name]
    missing = [
        Job(
            name,
            f"{entry.title} for {titles[k]}",
            partial(make_beat_map, bundle, case, beat, name, k),
        )
        for k in (one, other)
        if known_beat_map(case, beat, name, k) is None
    ]
    offer = "Compute both maps" if len(missing) > 1 else "Compute the missing map"
    offer_jobs(bundle, missing, offer, key=f"{key}-{beat}-{name}-{one}-{other}")
    first, rival = (known_beat_map(case, beat, name, k) for k in (one, other))
    if first is None or rival is None:
        return
    try:
        found = difference(first.map, rival.map)
    except ValueError as error:
        st.info(f"These two maps have no common ground: {error}.", icon=":material/block:")
        return
    frame = frame_of(case, beat)
    piece, leads = merge(case, FramedMap(found, first.first, beat, frame))
    numbers = 0.0 if found.context is None else float(found.context.sum())
    st.markdown(
        difference_words(
            piece.times_s, piece.saliency, lead_names(case, leads), classes[one].title,
            classes[other].title, sensitivity=entry.sensitivity,
        )
    )  # fmt: skip
    if numbers:
        preferred = classes[one if numbers > 0 else other].title.lower()
        st.markdown(
            f"The numbers that the network reads beside the trace speak {abs(numbers):.2f} "
            f"{found.unit} more for **{preferred}**."
        )
    show_figure(
        beat_saliency(
            piece, marked_beats(case, beat, frame), lead_names(case, leads), found.unit,
            usual_scale(found.unit), palette(), y_title=trace_unit(case),
        ),
        key=f"{key}-map",
        alt=f"{found.method}: {titles[one]} less {titles[other]}, on the trace.",
    )  # fmt: skip
    st.caption(
        f"The map of {titles[one]} less the map of {titles[other]}, moment by moment, in "
        f"{found.unit}; orange and above zero is more for {classes[one].title.lower()}, purple "
        f"and below zero more for {classes[other].title.lower()}. What both show alike cancels."
    )


def difference_words(
    times_s: np.ndarray,
    saliency: np.ndarray,
    leads: list[str],
    one: str,
    other: str,
    *,
    sensitivity: bool = False,
) -> str:
    """Say at which moment each class has most more.

    Parameters
    ----------
    times_s : ndarray, shape (n_samples,)
        Seconds from the chosen beat's centre.
    saliency : ndarray, shape (n_samples, n_leads)
        The difference; NaN where there is none.
    leads : list of str
    one, other : str
        Titles of the classes.
    sensitivity : bool
        Whether values say what a higher trace would change, and not what is there.
    """
    values = np.nan_to_num(saliency)
    speaks = "would speak more, if higher, for" if sensitivity else "speaks more for"
    parts = []
    for sign, title, colour in ((1, one, "orange"), (-1, other, "purple")):
        if (sign * values).max(initial=0) <= 0:
            continue
        sample, lead = np.unravel_index(int((sign * values).argmax()), values.shape)
        moment = _moment(float(times_s[sample]))
        parts.append(
            f"**{colour}** {speaks} {title.lower()}, most of all {moment}, in {leads[lead]}"
        )
    if not parts:
        return f"The maps for {one.lower()} and for {other.lower()} are the same here."
    text = "; ".join(parts) + "."
    return text.replace(f"**{text[2:8]}**", f"**{text[2:8].capitalize()}**", 1)


def _moment(seconds: float) -> str:
    """A time from the chosen beat's QRS in words."""
    ms = round(1000 * seconds)
    if ms == 0:
        return "at the middle of the QRS"
    return f"{abs(ms)} ms {'before' if ms < 0 else 'after'} the middle of the QRS"
