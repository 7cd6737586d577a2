"""Where a scan speaks for one class rather than for another."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from medmodels.bundles import Bundle
from medmodels.explain.map_difference import difference
from medmodels.explain.map_regions import cell_values, own_cells, strongest_place
from medmodels.explain.methods import METHODS, methods_for
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.figures.compare_maps import shared_scale
from medmodels.figures.saliency_overlay import overlay_figure
from medmodels.figures.saliency_scale import SaliencyScale
from medmodels.figures.scan_view import extent_of
from medmodels.ui.compare_scan import method_scale
from medmodels.ui.compute_methods import Job, offer_jobs
from medmodels.ui.scan_case import ScanCase, known_map, make_map
from medmodels.ui.theme import palette, show_figure


@st.fragment
def difference_scan(bundle: Bundle, case: ScanCase) -> None:
    """Draw the map of one class less that of another, on the method's own scale.

    Nothing here runs the network but the button that says so.

    Parameters
    ----------
    bundle : Bundle
    case : ScanCase
    """
    titles = [entry.title for entry in bundle.card.classes]
    key = f"{case.key}-difference"
    st.subheader("Rather this class than that one", anchor=False)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        name = st.selectbox(
            "Method",
            [method.name for method in methods_for("scan")],
            format_func=lambda name: METHODS[name].title,
            key=f"{key}-method",
            width=220,
        )
        label = int(case.reading.labels[0])
        second = runner_up(case.reading.probabilities[0], label)
        one, other = choose_classes(titles, label, second, key=key)
    entry = METHODS[name]
    missing = [
        Job(
            name, f"{METHODS[name].title} for {titles[k]}", partial(make_map, bundle, case, name, k)
        )
        for k in (one, other)
        if known_map(case, name, k) is None
    ]
    offer = "Compute both maps" if len(missing) > 1 else "Compute the missing map"
    offer_jobs(bundle, missing, offer, key=f"{key}-{name}-{one}-{other}")
    first, rival = known_map(case, name, one), known_map(case, name, other)
    if first is None or rival is None:
        return
    found = difference(first, rival)
    scale = shared_scale(method_scale(bundle, case, name, one_map) for one_map in (first, rival))
    st.markdown(difference_words(found, titles[one], titles[other], sensitivity=entry.sensitivity))
    with st.container(width=640):
        show_figure(
            overlay_figure(
                case.display, extent_of(case.scan), case.scan.windows[0], found, scale, palette(),
                revision=key,
            ),
            key=f"{key}-map",
            alt=f"{found.method}: {titles[one]} less {titles[other]}, over the scan.",
            zoom=True,
            config={"modeBarButtonsToRemove": ["toImage", "autoScale2d", "select2d", "lasso2d"]},
        )  # fmt: skip
    st.caption(
        f"The map of {titles[one]} less the map of {titles[other]}, point by point, in "
        f"{found.unit}. What both maps show alike cancels. {scale_words(scale)} Left and right are "
        "the picture’s, not the patient’s."
    )


def scale_words(scale: SaliencyScale) -> str:
    """Whether colours mean the same on another scan."""
    if scale.comparable:
        return "The colours have the same scale on every scan."
    return "The colours span these maps’ own range and cannot be compared with another scan’s."


def choose_classes(titles: list[str], label: int, second: int, *, key: str) -> tuple[int, int]:
    """Ask which class is held against which; the decided one against the runner-up at first."""
    one = st.selectbox(
        "Class", range(len(titles)), index=label, format_func=lambda k: titles[k],
        key=f"{key}-one", width=200,
    )  # fmt: skip
    others = [k for k in range(len(titles)) if k != one]
    start = others.index(second) if second in others else others.index(label)
    # A list of its own for each class: what was chosen before may not be in it.
    other = st.selectbox(
        "rather than", others, index=start, format_func=lambda k: titles[k],
        key=f"{key}-other-{one}", width=200,
    )  # fmt: skip
    return int(one), int(other)


def runner_up(probabilities: np.ndarray, label: int) -> int:
    """The likeliest class but the decided one.

    Parameters
    ----------
    probabilities : ndarray, shape (K,)
    label : int
        The class decided, which need not be the likeliest.

    Examples
    --------
    >>> runner_up(np.array([0.1, 0.6, 0.3]), 1), runner_up(np.array([0.4, 0.6]), 0)
    (2, 1)
    """
    others = np.where(np.arange(len(probabilities)) == label, -1.0, probabilities)
    return int(others.argmax())


def difference_words(found: SaliencyMap, one: str, other: str, *, sensitivity: bool = False) -> str:
    """Say where each class has more, and what that comes to.

    Parameters
    ----------
    found : SaliencyMap
        From `difference`, of a scan.
    one, other : str
        Titles of the classes.
    sensitivity : bool
        Whether values say what a brighter point would change, and not what is
        there.
    """
    sums = cell_values(found, own_cells(found))
    towards, against = strongest_place(sums), strongest_place(-sums)
    if not towards and not against:
        return f"The maps for {one} and for {other} are the same: this method sees no difference."
    speaks = "would speak more, if brighter, for" if sensitivity else "speaks more for"
    parts = []
    if towards:
        parts.append(f"**Orange** {speaks} {one}, most of all in the {towards}")
    if against:
        colour = "purple" if towards else "Purple"
        parts.append(f"**{colour}** {speaks} {other}, most of all in the {against}")
    text = "; ".join(parts) + " of the picture."
    if found.unit == "logit" and found.baseline:
        total = float(found.values.sum())
        preferred = one if total >= 0 else other
        text += (
            f" In sum the scan speaks {abs(total):.2f} logit more for **{preferred}** than "
            f"{found.baseline} does."
        )
    if not towards or not against:
        text += f" Nothing {speaks} {one if against else other}."
    return text
