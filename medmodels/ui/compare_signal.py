"""All methods side by side for one beat, as strips under its trace."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

import numpy as np
import streamlit as st

from medmodels.bundles import Bundle
from medmodels.explain.methods import METHODS, methods_for
from medmodels.figures.beat_saliency import usual_scale
from medmodels.figures.compare_maps import DENSITY_UNIT, TOP, shared_units
from medmodels.figures.compare_strips import Strip, strip_density, strips_figure
from medmodels.inputs.signal import Signal
from medmodels.ui.audit_table import verdict_of
from medmodels.ui.compute_methods import Job, offer_jobs
from medmodels.ui.ecg_reading import Case
from medmodels.ui.ecg_saliency import BeatMap, compute_map, lead_names, merge
from medmodels.ui.theme import palette, show_figure

if TYPE_CHECKING:
    from medmodels.explain.audit import Audit

# Beat, method and class.
Place = tuple[int, str, int]

WHERE = "where"
# Stretches over which a map's mass is summed, seconds.
_STRETCH_S = 0.04
# Maps of a session that are kept; each takes some forty kilobytes.
_MOST_MAPS = 96


@dataclass(frozen=True)
class FramedMap(BeatMap):
    """A beat's map of which given beats are drawn, so that maps share a time axis.

    Parameters
    ----------
    map, first, beat
        As in `BeatMap`.
    frame : tuple of int
        First and last beat that are drawn.
    """

    frame: tuple[int, int]

    @property
    def drawn(self) -> tuple[int, int]:
        """The frame."""
        return self.frame


@st.fragment
def compare_signal(
    bundle: Bundle,
    case: Case,
    beat: int,
    *,
    class_index: int | None = None,
    audits: Iterable[Audit] = (),
) -> None:
    """Draw the maps of all methods for one beat on the same time axis.

    Nothing here runs the network but the button that says so.

    Parameters
    ----------
    bundle : Bundle
    case : Case
    beat : int
    class_index : int, optional
        The class explained; the decided one if not given.
    audits : iterable of Audit
        What is known about the maps of this beat.
    """
    label = int(case.reading.labels[beat]) if class_index is None else class_index
    entry, key = case.reading.card.classes[label], "compare-signal"
    st.subheader("Methods side by side", anchor=False)
    st.markdown(
        f"Where methods that work in different ways point at the same moment for "
        f"**{entry.title.lower()} ({entry.letter})**, that moment is more likely to matter."
    )
    missing = [
        Job(m.name, m.title, partial(make_beat_map, bundle, case, beat, m.name, label))
        for m in methods_for("signal")
        if known_beat_map(case, beat, m.name, label) is None
    ]
    offer_jobs(bundle, missing, "Compute all", key=f"{key}-{beat}-{label}")
    maps = {
        m.name: found
        for m in methods_for("signal")
        if (found := known_beat_map(case, beat, m.name, label)) is not None
    }
    if not maps:
        return
    view = _choose_view(maps, key)
    shown = {name: found for name, found in maps.items() if view in (WHERE, found.map.unit)}
    _show_strips(case, beat, shown, view, label, tuple(audits), key)


def known_beat_map(case: Case, beat: int, method: str, class_index: int) -> BeatMap | None:
    """Return a map that is there without a wait, made here or in the beat's own view."""
    place = (beat, method, class_index)
    found = _maps(case)[0].get(place) or case.shown.get(("map", *place))
    return cast("BeatMap | None", found)


def make_beat_map(bundle: Bundle, case: Case, beat: int, method: str, class_index: int) -> BeatMap:
    """Run a method for one beat and keep its map, and what it took, in the session.

    The network must be ready; works in a thread of its own, too.
    """
    start = time.perf_counter()
    found = compute_map(bundle, case, beat, METHODS[method], class_index)
    maps, seconds = _maps(case)
    place = (beat, method, class_index)
    maps[place], seconds[place] = found, time.perf_counter() - start
    for old in list(maps)[:-_MOST_MAPS]:
        del maps[old]
    return found


def _maps(case: Case) -> tuple[dict[Place, BeatMap], dict[Place, float]]:
    """The maps made here, and what each took; apart from what other views keep and clear."""
    kept = case.shown.setdefault("maps-by-method", ({}, {}))
    return cast("tuple[dict[Place, BeatMap], dict[Place, float]]", kept)


def frame_of(case: Case, beat: int) -> tuple[int, int]:
    """The beat and one on either side; itself alone where beats have no neighbours."""
    reach = 1 if case.beats.has_rhythm else 0
    return max(beat - reach, 0), min(beat + reach, len(case.reading.labels) - 1)


def marked_beats(case: Case, beat: int, frame: tuple[int, int]) -> list[tuple[float, str]]:
    """Time from the chosen beat, and letter, of every beat in a frame."""
    centres, labels = case.beats.inputs.centres_s, case.reading.labels
    return [
        (float(centres[i] - centres[beat]), case.reading.card.classes[int(labels[i])].letter)
        for i in range(frame[0], frame[1] + 1)
    ]


def trace_unit(case: Case) -> str:
    """Unit of the trace as it is drawn."""
    return "mV" if isinstance(case.item, Signal) and case.item.amplitude_known else "no unit"


def _choose_view(maps: dict[str, BeatMap], key: str) -> str:
    units = shared_units({name: found.map for name, found in maps.items()})

    def words(view: str) -> str:
        if view == WHERE:
            return "Where: all methods"
        return "How much: " + ", ".join(METHODS[name].title for name in units[view])

    options = [WHERE, *units]
    if len(options) == 1:
        return WHERE
    chosen = st.selectbox(
        "One scale for all", options, format_func=words, key=f"{key}-view", width=460
    )
    return chosen if chosen in options else WHERE


def _show_strips(
    case: Case,
    beat: int,
    maps: dict[str, BeatMap],
    view: str,
    label: int,
    audits: tuple[Audit, ...],
    key: str,
) -> None:
    frame, offsets = frame_of(case, beat), case.beats.inputs.offsets_s
    step = max(1, round(_STRETCH_S / float(np.median(np.diff(offsets)))))
    strips, highest = [], TOP if view == WHERE else usual_scale(view)
    for name, found in maps.items():
        piece, leads = merge(case, FramedMap(found.map, found.first, found.beat, frame))
        values = strip_density(piece.saliency, step) if view == WHERE else piece.saliency
        verdict = verdict_of(audits, name, label)
        seconds = _maps(case)[1].get((beat, name, label))
        notes = [f"{verdict.mark} {verdict.word}", beyond_words(found, frame)]
        if seconds is not None:
            notes.append(f"{seconds:.1f} s")
        strips.append(
            Strip(f"<b>{METHODS[name].title}</b>  {' · '.join(filter(None, notes))}", values)
        )
    names = lead_names(case, leads)
    signed = view != WHERE and any(found.map.signed for found in maps.values())
    show_figure(
        strips_figure(
            piece.times_s, piece.values, names, marked_beats(case, beat, frame), strips, highest,
            palette(), signed=signed, unit=DENSITY_UNIT if view == WHERE else view,
            y_title=trace_unit(case),
        ),
        key=f"{key}-strips",
        alt="Trace of the chosen beat, and below it the map of each method as a strip: "
        + ", ".join(METHODS[name].title for name in maps),
    )  # fmt: skip
    lines = f"Lines of a strip from top to bottom: {', '.join(names)}. " if len(names) > 1 else ""
    if view == WHERE:
        st.caption(
            f"{lines}1 is the map’s mass spread evenly over the stretch drawn, {TOP:g} is {TOP:g} "
            "times as much in 40 ms. This compares **where** each method looks, not **how much** "
            "it finds: every map is measured against its own total in this stretch, without its "
            "sign. “Beyond” is the share of the map that lies on beats further away or on the "
            "numbers that the network reads beside the trace."
        )
    else:
        st.caption(
            f"{lines}Methods whose values have the same unit ({view}), as the methods give them: "
            "the same colour is the same strength in all of them, and on every beat."
        )


def beyond_words(found: BeatMap, frame: tuple[int, int]) -> str:
    """How much of a map does not lie on the traces of the beats drawn; empty when it is little."""
    values = np.abs(found.map.values.astype(np.float64))
    inside = float(values[frame[0] - found.first : frame[1] - found.first + 1].sum())
    total = float(values.sum())
    if found.map.context is not None:
        total += float(np.abs(found.map.context).sum())
    if total <= 0:
        return "empty map"
    share = 1 - inside / total
    return f"{share:.0%} beyond" if share >= 0.01 else ""
