"""One window of bases: its answer, every single change of it, and a change of one's own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt
import streamlit as st

from medmodels.bundles import Bundle
from medmodels.figures.bases_mutations import mutations_figure, position_of
from medmodels.figures.confidence import confidence_figure
from medmodels.inputs.bases import BASES, one_hot
from medmodels.reading.sentences import percent
from medmodels.ui.bases_along import chosen_row
from medmodels.ui.bases_case import BasesCase
from medmodels.ui.bases_explained import choose_method, show_explained, show_motif
from medmodels.ui.class_choice import choose_class
from medmodels.ui.loading import ensure_ready
from medmodels.ui.theme import palette, show_figure

if TYPE_CHECKING:
    from medmodels.explain.mutagenesis import Mutations

# Log-odds at which colours are full, the same for every window.
_FULL = 4.0
_MOST = 16


@st.fragment
def show_window(bundle: Bundle, case: BasesCase) -> None:
    """Draw the chosen window and let a base be changed."""
    row = chosen_row(case)
    key = f"bases-window-{case.reading.input_digest[:12]}-{row}"
    original = case.bases.window(row)
    edits: dict[int, str] = st.session_state.setdefault(f"{key}-edits", {})
    letters = "".join(edits.get(i, letter) for i, letter in enumerate(original))
    label = int(case.reading.labels[row])
    classes = bundle.card.classes
    st.subheader(_title(case, row), anchor=False)
    target = choose_class(
        st.container(), "Class explained", {i: entry.title for i, entry in enumerate(classes)},
        label, key=f"{key}-class",
    )  # fmt: skip
    found = _mutations(bundle, case, letters)
    point = bundle.operating_point
    now = point.probabilities(found.whole[np.newaxis].astype(np.float64))[0]
    before = case.reading.probabilities[row]
    left, right = st.columns([2, 3], gap="large", vertical_alignment="center")
    with left:
        show_figure(
            confidence_figure(bundle.card, now, int(point.labels(found.whole[np.newaxis])[0]),
                              point, palette()),
            key=f"{key}-confidence",
            alt=", ".join(f"{e.title} {percent(float(p))}"
                          for e, p in zip(classes, now, strict=True)),
        )  # fmt: skip
    with right:
        _say_changes(original, edits, before, now, int(target), classes[int(target)].title)
        st.markdown(_worst_sentence(found, letters, bundle, int(target)))
    method = choose_method(bundle, key=key)
    show_explained(bundle, case, row, method, int(target), edited=bool(edits), key=key)
    st.html('<p class="dia-figure-title">What every single change of a base would do</p>')
    _show_field(found, letters, original, edits, int(target), key)
    _edit_by_hand(edits, original, key)
    show_motif(bundle, int(target), key=key)


def _show_field(
    found: Mutations, letters: str, original: str, edits: dict[int, str], target: int, key: str
) -> None:
    """Every single change of the window as it is now, to be clicked on."""
    changes = found.changes(target)
    weights = _weights(changes, letters)
    field = f"{key}-field-{len(edits)}"
    st.plotly_chart(
        mutations_figure(letters, changes, weights, _FULL, "log-odds", palette()),
        theme=None, key=field, width="stretch",
        on_select=partial(_take_click, field, edits, original),
        selection_mode="points", config={"displayModeBar": False, "displaylogo": False},
        alt="What each base adds to the answer, and what every other base in its place would do.",
    )  # fmt: skip
    st.caption(
        "Bars: how much the answer falls, on average, when the base becomes another one. Squares: "
        "what each single change does; framed is the base that stands there. Click a square to "
        "make that change. Log-odds: 0.69 doubles the odds."
    )


def _title(case: BasesCase, row: int) -> str:
    number, start = case.bases.place(row)
    name = case.bases.sequences.names[number]
    if len(case.reading.labels) == 1:
        return "What the answer rests on"
    if not case.bases.scanned:
        return f"What the answer for {name} rests on"
    site = next((site for site in case.sites if site.row == row), None)
    if site is not None:
        return f"What the {site.entry.title.lower()} after base {site.before:,} rests on"
    return f"What the answer for the bases from {start + 1:,} rests on"


def _mutations(bundle: Bundle, case: BasesCase, letters: str) -> Mutations:
    """All single changes of a window, worked out once."""
    from medmodels.explain.mutagenesis import mutations

    kept = cast("dict[str, Mutations]", case.shown.setdefault("mutations", {}))
    if letters not in kept:
        ensure_ready(bundle)
        kept[letters] = mutations(bundle.network, one_hot(letters))
        for old in list(kept)[:-_MOST]:
            del kept[old]
    return kept[letters]


def _weights(changes: npt.NDArray[np.float64], letters: str) -> npt.NDArray[np.float64]:
    """Mean fall of the log-odds over the letters that do not stand in a place, (L,)."""
    others = 1 - one_hot(letters)
    return np.asarray((-changes * others).sum(axis=1) / others.sum(axis=1))


def _say_changes(
    original: str, edits: dict[int, str], before: npt.NDArray[np.float64],
    now: npt.NDArray[np.float64], target: int, title: str,
) -> None:  # fmt: skip
    if not edits:
        return
    made = ", ".join(
        f"{position_of(i, len(original)):+d} {original[i]} to {letter}"
        for i, letter in sorted(edits.items())
    )
    st.markdown(
        f"**Changed: {made}.** {title}: {percent(float(before[target]))} before, "
        f"**{percent(float(now[target]))}** now."
    )


def _worst_sentence(found: Mutations, letters: str, bundle: Bundle, target: int) -> str:
    """The single change that hurts most, in words."""
    changes = found.changes(target)
    place, letter = np.unravel_index(int(changes.argmin()), changes.shape)
    title = bundle.card.classes[target].title.lower()
    if changes[place, letter] >= 0:
        return f"No single change of a base makes {title} less probable."
    point = bundle.operating_point
    pair = np.stack([found.whole, found.logits[place, letter]]).astype(np.float64)
    before, after = point.probabilities(pair)[:, target]
    return (
        f"The change that hurts most: **position {position_of(int(place), len(letters)):+d} "
        f"{letters[place]} to {BASES[letter]}**, {title} {percent(float(before))} to "
        f"{percent(float(after))}."
    )


def _edit(edits: dict[int, str], original: str, place: int, letter: str) -> None:
    if original[place] == letter:
        edits.pop(place, None)
    else:
        edits[place] = letter


def _take_click(field: str, edits: dict[int, str], original: str) -> None:
    """Make the change whose square was clicked."""
    points = st.session_state[field]["selection"]["points"]
    if points and points[0].get("customdata"):
        place, letter = (int(value) for value in points[0]["customdata"])
        _edit(edits, original, place, BASES[letter])


def _undo(edits: dict[int, str]) -> None:
    edits.popitem()


def _edit_by_hand(edits: dict[int, str], original: str, key: str) -> None:
    """The same by keyboard, with a way back."""
    length = len(original)
    places = [position_of(i, length) for i in range(length)]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        place = st.selectbox(
            "Position", range(length), index=length // 2, key=f"{key}-place", width=130,
            format_func=lambda i: f"{places[i]:+d}: {original[i]}",
        )  # fmt: skip
        letter = st.segmented_control("Becomes", list(BASES), key=f"{key}-letter")
        st.button(
            "Change it", key=f"{key}-change", disabled=letter is None, on_click=_edit,
            args=(edits, original, place, letter),
        )  # fmt: skip
        st.button(
            "Undo", key=f"{key}-undo", icon=":material/undo:", disabled=not edits,
            on_click=_undo, args=(edits,),
        )  # fmt: skip
        st.button(
            "As it came", key=f"{key}-reset", disabled=not edits, on_click=edits.clear
        )  # fmt: skip
