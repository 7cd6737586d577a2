"""Erase parts of one beat by hand, and see what its answer becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from medmodels.bundles import Bundle
from medmodels.explain.what_if import Hidden, covered
from medmodels.explain.what_if_beat import BEAT_PUTS, BeatSurroundings, BeatWhatIf
from medmodels.figures.try_signal import Span
from medmodels.figures.try_signal import try_signal as trace_figure
from medmodels.inputs.signal import Signal
from medmodels.reading.moved import moved
from medmodels.ui.ecg_reading import Case
from medmodels.ui.ecg_saliency import lead_names
from medmodels.ui.loading import ensure_explains
from medmodels.ui.operating_point import chosen_threshold
from medmodels.ui.theme import palette
from medmodels.ui.try_answer import CAUTION, show_now
from medmodels.ui.try_beat import (
    SHAPE,
    TIMING,
    beat_around,
    erased_stretch,
    groups_of,
    usual_group,
    waves_around,
)
from medmodels.ui.try_beat_search import offer_beat_search
from medmodels.ui.try_record import add_try, parts_of, show_record, show_steps

_ALL = -1
_STEP_MS = 10.0
_NUMBER_WORDS = {
    TIMING: ("As if it had come on time", "The intervals around this beat become the usual ones, "
             "for it and for the beats beside it. Its trace stays."),
    SHAPE: ("As if its measured shape were usual", "What was measured of this beat's shape becomes "
            "usual. Its trace stays."),
}  # fmt: skip


@st.fragment
def try_signal(bundle: Bundle, case: Case, beat: int) -> None:
    """Let the visitor erase parts of a beat; the network reads once for each try.

    Parameters
    ----------
    bundle : Bundle
        The one that read the case.
    case : Case
    beat : int
    """
    key = f"{case.reading.input_digest[:12]}-{bundle.digest[:8]}-{beat}-try"
    point = moved(case.reading, chosen_threshold(bundle)).operating_point
    around, waves = beat_around(case, beat), waves_around(case, beat)
    st.subheader("Try it yourself", anchor=False)
    st.markdown(
        "Erase a part of this beat and see what its answer becomes: if it hardly moves, the "
        f"network did not need that part. {CAUTION}"
    )
    left, right = st.columns([6, 5], gap="large")
    with left:
        put, leads = _ask_how(case, around, key)
        trace = st.container()
        stretch = _ask_stretch(around, waves, key)
        _offer_parts(case, around, waves, stretch, leads, key)
    with right:
        answer = st.container()
        offer_beat_search(bundle, case, beat, put, point, key=key)
    _take(bundle, case, beat, put, key)
    with trace:
        _draw(case, around, waves, stretch, key)
    with answer:
        show_now(
            key, bundle.card, point, case.reading.logits[beat], whole="this beat’s trace", name=key
        )
        show_steps(key, name=key)
    show_record(key, bundle.card, point, BEAT_PUTS, name=key)


def _ask_how(case: Case, around: BeatSurroundings, key: str) -> tuple[str, tuple[int, ...]]:
    puts = list(BEAT_PUTS) if case.beats.has_rhythm else ["flat"]
    names = dict(zip(around.leads, lead_names(case, list(around.leads)), strict=True))
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        put = st.segmented_control(
            "What takes its place", puts, default=puts[0], required=True,
            format_func=lambda name: BEAT_PUTS[name].capitalize(), key=f"{key}-put",
            help="The usual beat: the median of all beats of this recording.",
        )  # fmt: skip
        lead = _ALL
        if len(names) > 1:
            lead = st.segmented_control(
                "Erased in", [_ALL, *names], default=_ALL, required=True,
                format_func=lambda one: names.get(one, "All leads"), key=f"{key}-lead",
            )  # fmt: skip
    return str(put), around.leads if lead == _ALL else (int(lead),)


def _ask_stretch(around: BeatSurroundings, waves: Sequence[Span], key: str) -> tuple[float, float]:
    step = 1000 * float(np.median(np.diff(around.offsets_s)))
    low, high = 1000 * float(around.offsets_s[0]), 1000 * float(around.offsets_s[-1]) + step
    start = next((wave for wave in waves if wave.name.startswith("QRS")), Span("", low, high))
    chosen = st.slider(
        "Stretch of time, milliseconds from the QRS", round(low, -1), round(high, -1),
        (round(start.start_ms, -1), round(start.end_ms, -1)), _STEP_MS, format="%.0f ms",
        key=f"{key}-stretch",
    )  # fmt: skip
    return float(chosen[0]), float(chosen[1])


def _offer_parts(
    case: Case,
    around: BeatSurroundings,
    waves: Sequence[Span],
    stretch: tuple[float, float],
    leads: tuple[int, ...],
    key: str,
) -> None:
    """A button for the stretch, for each wave, and for each group of numbers."""
    st.button(
        "Erase this stretch", key=f"{key}-erase", icon=":material/ink_eraser:",
        on_click=_ask, args=(key, "Stretch", *stretch, leads),
    )  # fmt: skip
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown("Or erase", width="content")
        for wave in waves:
            st.button(
                wave.name, key=f"{key}-{wave.name}", on_click=_ask,
                args=(key, wave.name, wave.start_ms, wave.end_ms, leads),
            )  # fmt: skip
    groups = groups_of(case, around)
    if groups:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.markdown("Or change what is read beside the trace", width="content")
            for group in groups:
                label, help_text = _NUMBER_WORDS[group]
                st.button(
                    label, key=f"{key}-{group}", help=help_text, on_click=_ask, args=(key, group)
                )
        st.caption(
            f"The network reads numbers beside the trace ({' and '.join(groups)}). They stay as "
            "they are when a part of the trace is erased."
        )


def _ask(key: str, *what: Any) -> None:
    st.session_state[f"{key}-asked"] = what


def _keep_box(key: str, name: str, leads: tuple[int, ...]) -> None:
    stretch = boxed_stretch(st.session_state[name]["selection"], leads)
    if stretch is not None:
        _ask(key, "Stretch", *stretch)


def boxed_stretch(
    selection: Mapping[str, Any], leads: Sequence[int]
) -> tuple[float, float, tuple[int, ...]] | None:
    """The stretch of one lead that a box was drawn across; None where there is no box.

    Parameters
    ----------
    selection : mapping
        Plotly's: ``box``, a list of mappings with ``yref`` and ``x`` in milliseconds.
    leads : sequence of int
        As drawn from top to bottom.

    Examples
    --------
    >>> boxed_stretch({"box": [{"yref": "y2", "x": [80, -40]}]}, (0, 1))
    (-40.0, 80.0, (1,))
    """
    for box in selection["box"]:
        row = int(box["yref"].removeprefix("y") or 1) - 1
        start, end = sorted(float(x) for x in box["x"])
        return start, end, (leads[row],)
    return None


def _take(bundle: Bundle, case: Case, beat: int, put: str, key: str) -> None:
    """Erase what was asked for last, once."""
    asked = st.session_state.pop(f"{key}-asked", None)
    if asked is None:
        return
    st.session_state[f"{key}-drawn"] = 1 + st.session_state.get(f"{key}-drawn", 0)
    around = beat_around(case, beat)
    if len(asked) == 1:
        part: Hidden = usual_group(case, around, beat, asked[0])
    else:
        what, start, end, leads = asked
        part = erased_stretch(case, around, what, put, start, end, leads)
        if not part.mask.any():
            st.warning("That was too short: no sample lies in it.")
            return
    ensure_explains(bundle)
    with st.spinner("Reading the changed beat …"):
        add_try(key, BeatWhatIf(bundle.network, around).attempt, part)


def _draw(
    case: Case,
    around: BeatSurroundings,
    waves: Sequence[Span],
    stretch: tuple[float, float],
    key: str,
) -> None:
    parts, leads = parts_of(key), list(around.leads)
    scale = np.asarray(case.beats.inputs.scale)[leads]
    physical = isinstance(case.item, Signal) and case.item.amplitude_known
    figure = trace_figure(
        1000 * around.offsets_s,
        around.windows[around.beat][:, leads] * scale,
        around.changed(parts)[around.beat][:, leads] * scale,
        covered(parts, around.windows.shape)[around.beat][:, leads],
        lead_names(case, leads), waves, stretch, palette(), y_title="mV" if physical else "no unit",
    )  # fmt: skip
    name = f"{key}-trace-{st.session_state.get(f'{key}-drawn', 0)}"
    st.plotly_chart(
        figure, theme=None, key=name, width="stretch",
        on_select=partial(_keep_box, key, name, around.leads), selection_mode="box",
        alt="The beat as it came, dotted, and as the network gets it now. Drag across a lead to "
        "erase a stretch of it.",
        config={"displayModeBar": False, "scrollZoom": False, "displaylogo": False},
    )  # fmt: skip
    st.caption(
        "Dotted: as it came. Solid: as the network gets it now. Drag across a lead to erase a "
        "stretch of it. The dashed frame is the stretch set below."
    )
