"""Saliency maps of windows of bases: made once a case, drawn as logos, tested behind the page."""

from __future__ import annotations

from typing import cast

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.explain.methods import METHODS
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.figures.sequence_logo import logo_figure
from medmodels.reading.explained import explain_row, subject_of
from medmodels.reading.reading import Explained
from medmodels.ui.answers_first import ANSWERS
from medmodels.ui.background import Progress
from medmodels.ui.bases_case import BasesCase, bases_jobs
from medmodels.ui.loading import ensure_explains, prepare_explanations
from medmodels.ui.theme import palette, show_figure
from medmodels.ui.verdict import explained_or_wait

Place = tuple[int, str, int]

# Maps of a session that are kept; each is some hundred bytes.
_MOST = 96


def map_of(bundle: Bundle, case: BasesCase, row: int, method: str, label: int) -> SaliencyMap:
    """The map of one answer; the network runs the first time it is asked for.

    Parameters
    ----------
    bundle : Bundle
        That made the reading.
    case : BasesCase
    row : int
        The answer.
    method : str
        Name of a method for sequences.
    label : int
        The class explained.
    """
    kept = cast("dict[Place, SaliencyMap]", case.shown.setdefault("maps", {}))
    place = (row, method, label)
    if place not in kept:
        ensure_explains(bundle)
        ANSWERS.stand_aside(for_pages=False)
        subject, _ = subject_of(bundle, case.reading, row, label)
        kept[place] = subject.explain(method)
        for old in list(kept)[:-_MOST]:
            del kept[old]
    return kept[place]


def explained_map(
    bundle: Bundle,
    case: BasesCase,
    row: int,
    method: str,
    label: int,
    *,
    found: SaliencyMap | None = None,
    key: str,
) -> Explained | None:
    """The map with its test, which goes on behind the page; None while it is not there.

    Parameters
    ----------
    bundle, case, row, method, label
        As for `map_of`.
    found : SaliencyMap, optional
        The map, where it is there already; made behind the page, too, if not.
    key : str
        Unique on the page.
    """
    reading = case.reading

    def work(progress: Progress) -> Explained:
        prepare_explanations(bundle)
        return explain_row(
            bundle, reading, row, method=method, class_index=label, found=found, progress=progress
        )

    return explained_or_wait(bases_jobs(case), (row, method, label), work, key=key)


def usual_reach(bundle: Bundle, method: str) -> float | None:
    """What the usual map of a method reaches with this bundle, in its unit; None if not known."""
    found = bundle.trust.get("saliency_scale", {}).get(METHODS[method].title)
    return None if found is None else float(found)


def show_logo(
    bundle: Bundle, case: BasesCase, row: int, found: SaliencyMap, highest: float | None, *,
    key: str,
) -> None:  # fmt: skip
    """Draw a map as the letters of its window, as high as they matter."""
    letters = case.bases.window(row)
    title = bundle.card.classes[found.class_index].title
    show_figure(
        logo_figure(letters, found.values, found.unit, palette(), highest),
        key=key,
        alt=f"{found.method} for {title}: the {len(letters)} letters of the window, each as high "
        f"as it matters, up where it speaks for {title} and down where it speaks against it.",
    )


def map_sentence(found: SaliencyMap, highest: float | None) -> str:
    """Say what the heights can be compared with, and what they promise.

    Parameters
    ----------
    found : SaliencyMap
    highest : float or None
        What the usual map of its method reaches.
    """
    reach = float(abs(found.values).max())
    if highest is None:
        text = "The axis spans this map’s own range: heights of two windows cannot be compared."
    elif reach < 0.25 * highest:
        text = (
            f"The axis reaches what the usual map does, {highest:g} {found.unit}; this one reaches "
            f"only {reach / highest:.0%} of it: there is little to see."
        )
    else:
        text = (
            f"The axis reaches at least what the usual map does, {highest:g} {found.unit}; this "
            f"one reaches {reach:.2g}."
        )
    if found.baseline:
        text += f" Compared with {found.baseline}."
    if found.completeness_error is not None:
        text += (
            f" Its values miss the sum they promise by {found.completeness_error:.2g} {found.unit}."
        )
    return text


def say_scope(edited: bool) -> None:
    """Say which window a map is of, where the reader has changed bases."""
    if edited:
        st.caption(
            ":material/info: This map and its test are of the window as it came, without the "
            "changes you made."
        )
