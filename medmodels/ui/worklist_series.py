"""Which cases of a worklist are images of one DICOM series."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from medmodels.ui.worklist_work import Work

_CHOSEN = "worklist-series"


def series_numbers(work: Work) -> dict[int, int]:
    """Number of each case's series, from 1 in the order they came; cases that are of none left out.

    Parameters
    ----------
    work : Work
    """
    known: dict[str, int] = {}
    return {case: known.setdefault(uid, len(known) + 1) for case, uid in work.series.items()}


def offer_series(work: Work) -> None:
    """Offer to list one series alone, where the files are of several."""
    numbers = series_numbers(work)
    images = Counter(numbers.values())
    if len(images) < 2:
        return
    st.selectbox(
        "Series", [None, *images], key=_CHOSEN, width=220,
        format_func=lambda number: "All" if number is None
        else f"Series {number} ({_images(images[number])})",
        help="As the DICOM files say which of them belong together; their names and dates are "
        "not read.",
    )  # fmt: skip


def in_series(work: Work, cases: list[int]) -> list[int]:
    """Of these cases those of the series that was chosen; all where none was."""
    chosen = st.session_state.get(_CHOSEN)
    if chosen is None:
        return cases
    numbers = series_numbers(work)
    return [case for case in cases if numbers.get(case) == chosen]


def series_words(work: Work, case: int) -> str:
    """Say which image of which series a case is; empty where that tells nothing."""
    if case not in work.series:
        return ""
    numbers = series_numbers(work)
    same = [other for other, number in sorted(numbers.items()) if number == numbers[case]]
    if len(same) == len(numbers) == 1:
        return ""
    return f"Series {numbers[case]}, image {same.index(case) + 1} of {len(same)}."


def _images(count: int) -> str:
    return "1 image" if count == 1 else f"{count:,} images"
