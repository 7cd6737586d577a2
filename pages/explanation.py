"""Explanation: whether the maps of the open input are evidence, and what speaks against them."""

from __future__ import annotations

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.reading.moved import moved
from medmodels.ui.bases_case import BasesCase
from medmodels.ui.ecg_reading import Case
from medmodels.ui.explanation_audit import show_bases_audit, show_scan_audit, show_signal_audit
from medmodels.ui.explanation_input import (
    OpenInput,
    choose_beat_here,
    choose_open,
    choose_window_here,
    show_nothing,
)
from medmodels.ui.loading import warm_soon
from medmodels.ui.navigation import enter_by_front_door
from medmodels.ui.operating_point import chosen_threshold
from medmodels.ui.scan_case import ScanCase
from medmodels.ui.withheld import is_withheld, offer_to_insist, show_withheld

_VIEWS = {
    "compare": ":material/grid_view: Side by side",
    "try": ":material/ink_eraser: Try it yourself",
    "nearest": ":material/diversity_3: Nearest cases",
    "against": ":material/compare_arrows: Counterpoint",
}


# Of bases there is no other case or stretch that an answer is held against.
_OF_BASES = ("compare", "try", "nearest")


def _choose_view(views: tuple[str, ...] = tuple(_VIEWS), key: str = "explanation-view") -> str:
    view: str = st.segmented_control(
        "What to look at",
        views,
        default="compare",
        required=True,
        format_func=lambda name: _VIEWS[name],
        label_visibility="collapsed",
        key=key,
    )
    return view


def _scan(bundle: Bundle, case: ScanCase, view: str) -> None:
    """One view of the open scan; each brings only what it needs."""
    if view == "compare":
        show_scan_audit(bundle, case)
    elif view == "try":
        from medmodels.ui.try_scan import try_scan

        try_scan(bundle, case)
    elif view == "nearest":
        from medmodels.ui.neighbours import show_scan_neighbours

        show_scan_neighbours(bundle, case)
    else:
        from medmodels.ui.counterpoint import counterpoint_scan
        from medmodels.ui.difference_scan import difference_scan

        counterpoint_scan(bundle, case)
        difference_scan(bundle, case)


def _signal(bundle: Bundle, case: Case, beat: int, view: str) -> None:
    """One view of one beat of the open recording."""
    if view == "compare":
        show_signal_audit(bundle, case, beat)
    elif view == "try":
        from medmodels.ui.try_signal import try_signal

        try_signal(bundle, case, beat)
    elif view == "nearest":
        from medmodels.ui.neighbours import show_beat_neighbours

        show_beat_neighbours(bundle, case, beat)
    else:
        from medmodels.ui.counterpoint_signal import counterpoint_signal
        from medmodels.ui.difference_signal import difference_signal

        counterpoint_signal(bundle, case, beat)
        difference_signal(bundle, case, beat)


def _bases(bundle: Bundle, case: BasesCase, row: int, view: str) -> None:
    """One view of one window of the open sequences."""
    if view == "compare":
        show_bases_audit(bundle, case, row)
    elif view == "try":
        from medmodels.ui.try_bases import try_bases

        try_bases(bundle)
    else:
        from medmodels.ui.neighbours import show_base_neighbours

        show_base_neighbours(bundle, case, row)


def _show(chosen: OpenInput) -> None:
    """The open input and the chosen view of it."""
    bundle, case = chosen.bundle, chosen.case
    reading = moved(case.reading, chosen_threshold(bundle))
    if is_withheld(reading):
        show_withheld(reading)
        offer_to_insist(reading)
        return
    if isinstance(case, ScanCase):
        chosen.show_answer(reading)
        _scan(bundle, case, _choose_view())
        return
    if isinstance(case, BasesCase):
        row = choose_window_here(case)
        _bases(bundle, case, row, _choose_view(_OF_BASES, "explanation-view-of-bases"))
        return
    beat = choose_beat_here(case)
    _signal(bundle, case, beat, _choose_view())


enter_by_front_door()
st.title("Explanation", anchor=False)
st.html(
    '<p class="dia-lead">A map is a claim about the network. Here it is put to the test, on '
    "the very input you have open.</p>"
)
opened = choose_open()
if opened is None:
    show_nothing()
else:
    _show(opened)
warm_soon(None if opened is None else (opened.bundle,))
