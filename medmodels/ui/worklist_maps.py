"""Maps on the small pictures of a worklist, where they come with the answer."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.explain.methods import METHODS
from medmodels.figures.saliency_scale import saliency_scale
from medmodels.figures.thumbnail import map_thumbnail
from medmodels.inputs.errors import InputError
from medmodels.ui.loading import read_item
from medmodels.ui.worklist_work import THUMBNAIL, Work

_ON = "worklist-maps"
# Methods whose maps one pass of the network gives with the answer.
_AT_ONCE = ("hires_cam", "grad_cam")


def offer_maps(bundle: Bundle) -> None:
    """Draw the switch, for tasks whose best map takes no time of its own."""
    if (method := _method(bundle)) is not None:
        st.toggle(
            "Maps", key=_ON,
            help=f"{METHODS[method].title} of each answer over its picture; hover to see the "
            "picture alone. Here no map is tested: open a case whole to see whether its map is "
            "evidence.",
        )  # fmt: skip


def shows_maps(bundle: Bundle) -> bool:
    """Whether maps are asked for."""
    return _method(bundle) is not None and bool(st.session_state.get(_ON))


def maps_legend(bundle: Bundle) -> str:
    """What the colours over the small pictures say."""
    colours = (
        "Orange speaks for the answer, purple against it"
        if _method(bundle) == "hires_cam"
        else "The brighter, the more speaks for the answer"
    )
    return f"{colours}; the scale is the same in every picture. No map here is tested."


def make_maps(bundle: Bundle, work: Work, numbers: Iterable[int]) -> None:
    """Make the maps of some cases that have none yet; each is one reading."""
    from medmodels.inputs.open_scan import open_scan

    method = _method(bundle)
    assert method is not None
    for number in numbers:
        if number in work.with_maps or not work.lines[number].answered:
            continue
        try:
            (data,) = work.sources[number].load().values()
            reading = read_item(bundle, open_scan(data))
        except InputError:
            continue
        assert reading.scan is not None
        found = reading.scan.maps[method][int(reading.labels[0])]
        scale = saliency_scale(bundle.trust, found, 1.0)
        seen = reading.scan.network_input
        work.with_maps[number] = map_thumbnail(seen, found, scale, THUMBNAIL)


def _method(bundle: Bundle) -> str | None:
    """The method shown first, where it comes with the answer and has a scale of its own."""
    method = str(bundle.trust.get("explain", {}).get("method", ""))
    if method not in _AT_ONCE or bundle.card.kind != "scan":
        return None
    stated = METHODS[method].title in bundle.trust.get("saliency_scale", {})
    return method if stated else None
