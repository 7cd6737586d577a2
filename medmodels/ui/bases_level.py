"""How readily sites are called along a sequence: the reader's to choose."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.reading.call_levels import CallLevels
from medmodels.reading.level_words import level_sentence
from medmodels.reading.sites import at_level
from medmodels.ui.bases_case import BasesCase, keep_bases

_LEVEL = "bases-level"


def at_chosen_level(bundle: Bundle, case: BasesCase) -> BasesCase:
    """Return the case with its sites called at the level that was chosen; nothing runs again."""
    levels = CallLevels.from_trust(bundle.trust)
    if levels is None or not case.bases.scanned:
        return case
    number = int(st.session_state.get(_LEVEL, _number_of(case, levels)))
    level = levels.levels[min(number, len(levels.levels) - 1)]
    if level != case.bases.level:
        case = replace(case, reading=at_level(case.reading, level))
        keep_bases(case)
    return case


def choose_level(bundle: Bundle, case: BasesCase) -> None:
    """Offer the levels that the bundle knows, and say what the chosen one means."""
    levels = CallLevels.from_trust(bundle.trust)
    if levels is None:
        return
    st.session_state.setdefault(_LEVEL, _number_of(case, levels))
    st.segmented_control(
        "Calls in vain that you accept, for each 1,000 places", range(len(levels.levels)),
        key=_LEVEL, required=True, format_func=lambda i: f"{levels.levels[i].rate:g}",
        help="A stricter level misses more sites. Thresholds were measured on "
        f"{levels.chosen_on}.",
    )  # fmt: skip
    st.caption(level_sentence(case.reading))


def _number_of(case: BasesCase, levels: CallLevels) -> int:
    level = case.bases.level
    return levels.levels.index(level) if level in levels.levels else levels.usual
