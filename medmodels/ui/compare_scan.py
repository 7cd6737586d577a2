"""All methods side by side on the open scan, on one scale."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.evaluation.stored import load_predictions
from medmodels.explain.methods import METHODS, methods_for
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.figures.compare_maps import (
    DENSITY_UNIT,
    TOP,
    density,
    scale_bar,
    shared_scale,
    shared_units,
    small_map,
)
from medmodels.figures.saliency_scale import SaliencyScale, saliency_scale, typical_logit
from medmodels.figures.scan_view import extent_of, shrink
from medmodels.ui.audit_table import verdict_of
from medmodels.ui.compute_methods import Job, offer_jobs
from medmodels.ui.scan_case import ScanCase, known_map, make_map, reference_maps
from medmodels.ui.theme import palette, show_figure

if TYPE_CHECKING:
    from medmodels.explain.audit import Audit

# Pixels: four beside each other on a wide screen, one on a telephone.
_WIDTH = 280
_DISPLAY = 384
WHERE = "where"
WHERE_WORDS = (
    f"**1** is the map’s mass spread evenly over the scan, **{TOP:g}** is {TOP:g} times as much in "
    "one place. This compares **where** each method looks, not **how much** it finds: every map is "
    "measured against its own total, cell by cell, and without its sign."
)


@st.fragment
def compare_scan(
    bundle: Bundle,
    case: ScanCase,
    *,
    class_index: int | None = None,
    audits: Iterable[Audit] = (),
) -> None:
    """Draw the maps of all methods as small multiples.

    Nothing here runs the network but the button that says so.

    Parameters
    ----------
    bundle : Bundle
    case : ScanCase
    class_index : int, optional
        The class explained; the decided one if not given.
    audits : iterable of Audit
        What is known about the maps of this scan.
    """
    label = int(case.reading.labels[0]) if class_index is None else class_index
    title, key = bundle.card.classes[label].title, f"{case.key}-compare-{label}"
    st.subheader("Methods side by side", anchor=False)
    st.markdown(
        f"Where methods that work in different ways point at the same place for **{title}**, that "
        "place is more likely to matter; where they differ, no single map settles it."
    )
    offer_jobs(bundle, jobs_for(bundle, case, label), "Compute all", key=key)
    maps = {
        method.name: found
        for method in methods_for("scan")
        if (found := known_map(case, method.name, label)) is not None
    }
    view = _choose_view(maps, key)
    if view == WHERE:
        maps = {name: density(found) for name, found in maps.items()}
        scale = SaliencyScale(TOP, True)
    else:
        maps = {name: found for name, found in maps.items() if found.unit == view}
        scale = shared_scale(
            method_scale(bundle, case, name, found) for name, found in maps.items()
        )
    signed = any(found.signed for found in maps.values())
    with st.container(width=520):
        show_figure(
            scale_bar(scale, signed, DENSITY_UNIT if view == WHERE else view, palette()),
            key=f"{key}-bar-{view}",
            alt=f"Colours from {-scale.highest if signed else 0:g} to {scale.highest:g}, {view}.",
        )
    _show_grid(case, maps, scale, label, tuple(audits), f"{key}-{view}")
    st.caption(WHERE_WORDS if view == WHERE else _how_much_words(view, scale))


def jobs_for(bundle: Bundle, case: ScanCase, class_index: int) -> list[Job]:
    """The maps of a class that are not there yet."""
    return [
        Job(m.name, m.title, partial(make_map, bundle, case, m.name, class_index))
        for m in methods_for("scan")
        if known_map(case, m.name, class_index) is None
    ]


def method_scale(
    bundle: Bundle, case: ScanCase, method: str, saliency: SaliencyMap
) -> SaliencyScale:
    """The scale of one method's maps, the same on every scan; no map is made for it.

    Parameters
    ----------
    bundle : Bundle
    case : ScanCase
    method : str
    saliency : SaliencyMap
        A map by that method.
    """
    assert case.reading.scan is not None
    # Maps of sample cases were made along with the first map of a method, not with the answer.
    with_answer = method in case.reading.scan.maps
    stated = saliency.method in bundle.trust.get("saliency_scale", {})
    references = () if with_answer or stated else reference_maps(bundle, method)
    return saliency_scale(bundle.trust, saliency, _typical_logit(bundle.digest, bundle), references)


def _choose_view(maps: dict[str, SaliencyMap], key: str) -> str:
    """Ask for one common scale: of place, or of strength where methods share a unit."""
    units = shared_units(maps)
    options = [WHERE, *units]
    if len(options) == 1:
        return WHERE

    def words(view: str) -> str:
        if view == WHERE:
            return "Where: all methods"
        return "How much: " + ", ".join(METHODS[name].title for name in units[view])

    chosen = st.selectbox(
        "One scale for all", options, format_func=words, key=f"{key}-view", width=460
    )
    return chosen if chosen in options else WHERE


def _how_much_words(unit: str, scale: SaliencyScale) -> str:
    """What the common scale of strength means."""
    text = (
        f"Methods whose values have the same unit ({unit}), each value as the method gives it: "
        "the same colour is the same strength in all of them."
    )
    if not scale.comparable:
        text += " The scale is these maps’ own, so it cannot be carried over to another scan."
    return text


def _show_grid(
    case: ScanCase,
    maps: dict[str, SaliencyMap],
    scale: SaliencyScale,
    label: int,
    audits: tuple[Audit, ...],
    key: str,
) -> None:
    display, extent = shrink(case.display, _DISPLAY), extent_of(case.scan)
    with st.container(horizontal=True, gap="small"):
        for name, found in maps.items():
            with st.container(width=_WIDTH, gap="xsmall"):
                verdict = verdict_of(audits, name, label)
                seconds = case.seconds.get((name, label))
                took = "with the answer" if seconds is None else f"{seconds:.1f} s"
                st.markdown(f"**{METHODS[name].title}**  \n{verdict.icon} {verdict.word} · {took}")
                show_figure(
                    small_map(
                        display, extent, case.scan.windows[0], found, scale, palette(),
                        width=_WIDTH,
                    ),
                    key=f"{key}-{name}",
                    alt=f"{METHODS[name].title} over the scan, audit: {verdict.word}.",
                )  # fmt: skip
                if not found.values.any():
                    st.caption("This map is empty: the method finds nothing for this answer.")


# From a bundle, never from an upload: shared by all visitors.
@st.cache_resource(show_spinner=False, max_entries=8)
def _typical_logit(digest: str, _bundle: Bundle) -> float:  # noqa: ARG001 - the cache's key
    return typical_logit(load_predictions(_bundle)["validation/logits"])
