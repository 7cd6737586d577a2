"""Lesson: how a recurrent network reads an ECG step by step, and what it keeps in mind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from medmodels.ui.lesson_memory import show_memory
from medmodels.ui.lesson_recurrence_beat import LessonBeat, lesson_beat
from medmodels.ui.lesson_recurrence_case import LessonEcg, first_beat, lesson_ecg, show_source
from medmodels.ui.lesson_recurrence_steps import show_steps
from medmodels.ui.loading import ensure_ready

if TYPE_CHECKING:
    from medmodels.lessons.recurrent_layers import RecurrentLayer

KEY = "lesson-recurrence"
_LEVELS = {"across": "Across the beats", "within": "Within the beat"}
_SAYS = {
    "across": "One step is one beat: the network goes along the recording and carries from beat "
    "to beat what it needs to know of the rhythm.",
    "within": "One step is a few hundredths of a second: the network goes along the trace of one "
    "beat and carries the shape that it has seen so far.",
}
_DIRECTIONS = {"forward": "Forward in time", "backward": "Backward in time"}


def show_recurrence() -> None:
    """Draw the lesson on the open ECG, or on a sample case."""
    words, formula = st.columns([3, 2], vertical_alignment="center")
    words.html(
        '<p class="dia-lead">A recurrent network reads one moment after the other and keeps a '
        "state, its memory: what it has in mind after a step depends on what it had in mind "
        "before and on what it has just read. The same weights serve at every step.</p>"
    )
    formula.latex(r"h_t = f(h_{t-1},\;x_t;\;W)")
    ecg = lesson_ecg()
    if ecg is None:
        st.info(
            "No network that reads signals is installed. `python -m medmodels train ecg-beats` "
            "makes one.",
            icon=":material/inventory_2:",
        )
        return
    show_source(ecg)
    _explore(ecg)


@st.fragment
def _explore(ecg: LessonEcg) -> None:
    """Everything that moves with the chosen beat."""
    ensure_ready(ecg.bundle)
    number = _choose_beat(ecg)
    with st.spinner("Reading this beat step by step …"):
        beat = lesson_beat(ecg, number)
    layers = [layer for layer in beat.opened.layers if layer.readable]
    if not ecg.case.beats.has_rhythm:
        layers = [layer for layer in layers if layer.level == "within"]
    if not layers:
        st.info(
            "This network has no recurrent layer whose steps can be shown.",
            icon=":material/info:",
        )
        return
    layer, direction = _choose_layer(layers)
    st.markdown(f"{_SAYS[layer.level]} {_say_direction(layer, direction)}")
    show_steps(beat, layer, direction)
    if any(entry.level == "across" for entry in layers):
        show_memory(beat, layer.member)
    _show_details(beat, layer)


def _choose_beat(ecg: LessonEcg) -> int:
    """Ask for a beat, from the one chosen on the Sequence page on."""
    reading, count = ecg.case.reading, len(ecg.case.reading.labels)
    key = f"{KEY}-beat-{reading.input_digest[:12]}"
    st.session_state.setdefault(key, first_beat(ecg) + 1)
    st.session_state[key] = min(st.session_state[key], count)
    here = int(st.session_state[key]) - 1
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.number_input(
            f"Beat (1 to {count:,}), read step by step when chosen",
            1, count, step=1, key=key, width=330,
        )  # fmt: skip
        for word, icon, beats in (
            ("Previous", "chevron_left", [k for k in ecg.case.abnormal.tolist() if k < here][-1:]),
            ("Next", "chevron_right", [k for k in ecg.case.abnormal.tolist() if k > here][:1]),
        ):
            st.button(
                f"{word} that is not normal",
                icon=f":material/{icon}:",
                key=f"{KEY}-{word}",
                disabled=not beats,
                on_click=_go_to,
                args=(key, beats),
            )
    entry = reading.card.classes[int(reading.labels[here])]
    share = float(reading.probabilities[here, int(reading.labels[here])])
    st.markdown(
        f"Beat {here + 1:,} was read as **{entry.title.lower()} ({entry.letter})**, "
        f"probability {share:.1%}."
    )
    return here


def _go_to(key: str, beats: Sequence[int]) -> None:
    st.session_state[key] = beats[0] + 1


def _choose_layer(layers: Sequence[RecurrentLayer]) -> tuple[RecurrentLayer, str]:
    """Ask for a level, a member and a direction, each only where there is a choice."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        levels = [level for level in _LEVELS if any(x.level == level for x in layers)]
        level = _choose("Memory (read anew when changed)", levels, "level", _LEVELS)
        here = [layer for layer in layers if layer.level == level]
        families = list(dict.fromkeys(layer.family for layer in here))
        family = _choose("Layer", families, f"family-{level}")
        here = [layer for layer in here if layer.family == family]
        names = {str(layer.member): layer for layer in here}
        member = _choose("Member of the network", list(names), "member")
        layer = names[member]
        direction = _choose(
            "Direction (read anew when changed)", list(layer.directions), "direction", _DIRECTIONS
        )
    return layer, direction


def _choose(label: str, options: list[str], key: str, words: dict[str, str] | None = None) -> str:
    """Draw a choice, unless there is one option only."""
    if len(options) == 1:
        return options[0]
    chosen: str = st.segmented_control(
        label,
        options,
        default=options[0],
        required=True,
        format_func=lambda option: (words or {}).get(option, option),
        key=f"{KEY}-{key}",
    )
    return chosen


def _say_direction(layer: RecurrentLayer, direction: str) -> str:
    both = " Another half reads the other way." if len(layer.directions) > 1 else ""
    return {
        "forward": f"It reads **from left to right**.{both}",
        "backward": f"It reads **from right to left**: the last moment comes first.{both}",
    }[direction]


def _show_details(beat: LessonBeat, layer: RecurrentLayer) -> None:
    """For an engineer."""
    with st.expander("How this is worked out", icon=":material/engineering:"):
        members = len({entry.member for entry in beat.opened.layers})
        averaged = (
            f" The network is {members} members side by side whose logits are averaged; the "
            "answers shown are always those of all together."
            if members > 1
            else ""
        )
        st.markdown(
            f"`{layer.name}` is a {layer.cell} with {layer.units} units in each direction, in the "
            "form in which the reset gate comes after the product (`reset_after=True`).\n"
            "- What it is given comes from the network in one pass. Its gates and states are then "
            "worked out step by step from its own weights in double precision; a test holds them "
            "equal to Keras’s to 0.00001.\n"
            "- The answers come from the whole network, run anew on each shortened input, and are "
            f"calibrated as everywhere in the app.{averaged}\n"
            f"- The network is given at most {beat.place} beats before and "
            f"{len(beat.windows) - 1 - beat.place} after the chosen one here; when it reads the "
            "recording it is given more, so its answer there can differ a little. Nothing of the "
            "network is changed."
        )
        st.caption(
            "Cho et al. 2014, “Learning Phrase Representations using RNN Encoder–Decoder”, arXiv "
            "1406.1078. The colours span the whole range that a gate (0 to 1) or a state (−1 to 1) "
            "can have."
        )
