"""Nearest cases: the training examples that the network sees most like the open item."""

from __future__ import annotations

from collections.abc import Hashable, MutableMapping
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import streamlit as st

from medmodels.bundles import Bundle
from medmodels.explain.neighbours import MOST, Nearest, Neighbours, has_neighbours
from medmodels.figures.neighbours import neighbours_alt, neighbours_figure
from medmodels.inputs.bases import one_hot
from medmodels.reading.moved import moved
from medmodels.ui import neighbour_words as words
from medmodels.ui.bases_case import BasesCase
from medmodels.ui.ecg_reading import Case
from medmodels.ui.loading import ensure_ready
from medmodels.ui.neighbour_examples import show_beat_examples, show_scan_examples
from medmodels.ui.neighbour_windows import show_window_examples
from medmodels.ui.operating_point import chosen_threshold
from medmodels.ui.scan_case import ScanCase
from medmodels.ui.theme import palette, show_figure

TITLE = "The most similar training cases"
_KEPT = "neighbours-kept"
_MOST_SCANS = 4  # open scans of a session whose neighbours are kept
_MOST_BEATS = 200
_NONE = "No nearest cases are stored with this network."
_HIDES = (
    "Similar to the network is not similar to a doctor: it compares the numbers that its last "
    "layer reads, and two {unit}s can share those for a reason that has nothing to do with what "
    "is asked. The labels of the training {unit}s can be wrong. That similar ones had a label "
    "does not make it this one’s: the network was taught to lay {unit}s of one label side by side."
)


def show_scan_neighbours(bundle: Bundle, case: ScanCase) -> None:
    """Show the training scans nearest to the open one; the network runs once a scan.

    Parameters
    ----------
    bundle : Bundle
        That read the scan.
    case : ScanCase
    """
    st.subheader(TITLE, anchor=False)
    if not has_neighbours(bundle.trust):
        st.caption(_NONE)
        return
    assert case.reading.scan is not None
    kept = _kept(case.key)
    if "found" not in kept:
        ensure_ready(bundle)
        with st.spinner("Comparing with the training scans …"):
            from medmodels.explain.neighbours_features import scan_features

            features = scan_features(bundle, case.reading.scan.network_input)
            kept["found"] = stored_neighbours(bundle).nearest(features, MOST)
    found = cast(Nearest, kept["found"])
    label = int(moved(case.reading, chosen_threshold(bundle)).labels[0])
    _show(bundle, found, label, key=f"neighbours-{case.key}")
    show_scan_examples(bundle, case, stored_neighbours(bundle), found, kept)
    _explain(bundle)


def show_beat_neighbours(bundle: Bundle, case: Case, beat: int) -> None:
    """Show the training beats nearest to a chosen one; the network runs once a block of beats.

    Parameters
    ----------
    bundle : Bundle
        That read the recording.
    case : Case
    beat : int
    """
    st.subheader(TITLE, anchor=False)
    if not has_neighbours(bundle.trust):
        st.caption(_NONE)
        return
    key = ("neighbours", beat)
    if key not in case.shown:
        case.shown[key] = stored_neighbours(bundle).nearest(
            _beat_features(bundle, case, beat), MOST
        )
        _forget(case.shown, "neighbours", _MOST_BEATS)
    found = cast(Nearest, case.shown[key])
    _show(bundle, found, int(case.reading.labels[beat]), key="neighbours-beat")
    show_beat_examples(bundle, case, beat, stored_neighbours(bundle), found)
    _explain(bundle)


def show_base_neighbours(bundle: Bundle, case: BasesCase, row: int) -> None:
    """Show the training windows nearest to a chosen one; the network runs once a window.

    Parameters
    ----------
    bundle : Bundle
        That read the sequences.
    case : BasesCase
    row : int
        The answer.
    """
    st.subheader(TITLE, anchor=False)
    if not has_neighbours(bundle.trust):
        st.caption(_NONE)
        return
    key, own = ("neighbours", row), case.bases.window(row)
    if key not in case.shown:
        ensure_ready(bundle)
        with st.spinner("Comparing with the training windows …"):
            from medmodels.explain.neighbours_features import base_features

            features = base_features(bundle, one_hot(own)[np.newaxis])[0]
            case.shown[key] = stored_neighbours(bundle).nearest(features, MOST)
        _forget(case.shown, "neighbours", _MOST_BEATS)
    found = cast(Nearest, case.shown[key])
    _show(bundle, found, int(case.reading.labels[row]), key="neighbours-window")
    show_window_examples(bundle, own, found)
    _explain(bundle)


def _beat_features(bundle: Bundle, case: Case, beat: int) -> npt.NDArray[np.float32]:
    """Features of one beat; those of the beats around it are kept, for they come with it."""
    from medmodels.explain.neighbours_features import BLOCK, block_features

    block, place = divmod(beat, BLOCK)
    key = ("neighbour features", block)
    if key not in case.shown:
        ensure_ready(bundle)
        with st.spinner("Comparing with the training beats …"):
            inputs = case.beats.inputs
            case.shown[key] = block_features(
                bundle, inputs.windows, inputs.rhythm, block, in_order=case.beats.has_rhythm
            )
    return cast("npt.NDArray[np.float32]", case.shown[key])[place]


def stored_neighbours(bundle: Bundle) -> Neighbours:
    """The bundle's training examples, read once."""
    return _stored(bundle.digest, bundle)


@st.cache_resource(show_spinner=False, max_entries=8)
def _stored(digest: str, _bundle: Bundle) -> Neighbours:  # noqa: ARG001 - the cache's key
    return Neighbours.from_reference(_bundle.reference, _bundle.trust)


def _show(bundle: Bundle, found: Nearest, label: int, *, key: str) -> None:
    """The sentence, a doubt where there is one, and the figure."""
    card, table, store = bundle.card, bundle.trust["neighbours"], stored_neighbours(bundle)
    unit, compared = card.item, str(table["usual_of"])
    st.markdown(f"**{words.first_sentence(found, label, card)}**")
    same = words.same_sentence(found, store.distances[0], unit)
    doubt = words.doubt_sentence(found, label, card, table["evaluation"])
    for sentence in (doubt, same):
        if sentence:
            st.warning(sentence, icon=":material/warning:")
    sentences = (
        words.chance_sentence(store.shares(), label, len(found.labels), card),
        "" if same else words.distance_sentence(found, unit, compared),
        words.whose_sentence(found, str(card.evaluation.get("group", "group"))),
    )
    st.markdown(" ".join(sentence for sentence in sentences if sentence))
    show_figure(
        neighbours_figure(
            found, [store.usual_range(rank) for rank in range(len(store.distances))],
            card.classes, palette(), unit=unit, compared=compared,
        ),
        key=key,
        alt=neighbours_alt(found, card.classes),
    )  # fmt: skip


def _explain(bundle: Bundle) -> None:
    """What it means, what it does not, and how often it was right."""
    table, unit = bundle.trust["neighbours"], bundle.card.item
    with st.expander("What this means, and what it does not", icon=":material/help:"):
        st.markdown(_HIDES.format(unit=unit))
        lines = words.measured_sentences(table["evaluation"], bundle.card)
        st.markdown("How often it was right\n" + "".join(f"\n- {line}" for line in lines))
        st.caption(
            f"{words.sample_sentence(table, unit)} Distances are Euclidean, along the first "
            f"{table['dimensions']} principal axes of the features"
            f"{', each brought to unit variance' if table['whitened'] else ''}."
        )


def _kept(key: str) -> dict[str, Any]:
    """What was found for an open scan; only the last few are kept."""
    every: dict[str, dict[str, Any]] = st.session_state.setdefault(_KEPT, {})
    if key not in every:
        every[key] = {}
        for old in list(every)[:-_MOST_SCANS]:
            del every[old]
    return every[key]


def _forget(shown: MutableMapping[Hashable, object], kind: str, most: int) -> None:
    mine = [key for key in shown if isinstance(key, tuple) and key[0] == kind]
    for old in mine[:-most]:
        del shown[old]
