"""Training examples to look at: themselves where the data are at hand, else their average."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import numpy.typing as npt
import streamlit as st

from medmodels.bundles import Bundle
from medmodels.explain.neighbours import Nearest, Neighbours
from medmodels.figures.ecg_colours import beat_marks
from medmodels.figures.neighbour_beats import BeatTrace, traces_figure, window_figure
from medmodels.inputs.preparation import resize
from medmodels.ui import neighbour_words as words
from medmodels.ui.ecg_reading import Case
from medmodels.ui.ecg_saliency import lead_names
from medmodels.ui.neighbour_pictures import training_folder, training_picture, training_traces
from medmodels.ui.picture import show_picture
from medmodels.ui.scan_case import ScanCase
from medmodels.ui.theme import palette, show_figure

_LARGE = 160  # side of a composite on screen, pixels: two fit beside each other on a telephone
_SMALL = 100  # side of a training picture: ten stand in one row
_NOT_HERE = (
    "The training {unit}s themselves are not part of this app. Where they are on this machine, "
    "`DIAPHANE_DATA` names their folder, and they are shown here."
)


def show_scan_examples(
    bundle: Bundle, case: ScanCase, store: Neighbours, found: Nearest, kept: dict[str, Any]
) -> None:
    """Draw the nearest training scans in a row, or the average of their cluster.

    Parameters
    ----------
    bundle : Bundle
    case : ScanCase
    store : Neighbours
    found : Nearest
    kept : dict
        Of this scan; pictures are read into it once.
    """
    folder = training_folder(str(bundle.trust["neighbours"].get("folder", "")))
    if folder is not None:
        if "pictures" not in kept:
            channels = int(bundle.card.input.get("channels", 1))
            kept["pictures"] = [training_picture(folder, str(n), channels) for n in found.names]
        pictures = cast("list[npt.NDArray[np.float32] | None]", kept["pictures"])
        if any(picture is not None for picture in pictures):
            _draw_pictures(bundle, found, pictures)
            return
    _draw_composite(bundle, case, store, found)


def show_beat_examples(
    bundle: Bundle, case: Case, beat: int, store: Neighbours, found: Nearest
) -> None:
    """Draw the chosen beat over the average of its nearest cluster, then the nearest beats.

    Parameters
    ----------
    bundle : Bundle
    case : Case
    beat : int
    store : Neighbours
    found : Nearest
    """
    card, table = bundle.card, bundle.trust["neighbours"]
    row = _cluster(found, store)
    if row is not None:
        inputs = case.beats.inputs
        known = [k for k, scale in enumerate(inputs.scale) if scale > 0]
        st.html('<p class="dia-figure-title">This beat over the average of similar ones</p>')
        show_figure(
            window_figure(
                inputs.windows[beat][:, known], store.composites[row][:, known],
                inputs.offsets_s, lead_names(case, known), palette(),
            ),
            key="neighbours-average",
            alt="The chosen beat over the average of training beats that the network sees alike.",
        )  # fmt: skip
        group = str(card.evaluation.get("group", "group"))
        st.caption(
            words.composite_sentence(table["clusters"][row], card, group, picture=False)
            + " It was averaged whatever its leads were called; heights are in QRS heights of "
            "each recording."
        )
    folder = training_folder(str(table.get("folder", "")))
    if folder is None:
        st.caption(_NOT_HERE.format(unit=card.item))
        return
    key = ("neighbour traces", beat)
    if key not in case.shown:
        before, after = float(card.input["before_s"]), float(card.input["after_s"])
        with st.spinner("Reading the training recordings …"):
            case.shown[key] = training_traces(folder, list(map(str, found.names)), before, after)
    traces = cast("list[BeatTrace | None]", case.shown[key])
    if not any(trace is not None for trace in traces):
        st.caption(_NOT_HERE.format(unit=card.item))
        return
    marks = beat_marks(card.classes, palette())
    st.html('<p class="dia-figure-title">The nearest training beats, class and distance</p>')
    show_figure(
        traces_figure(
            traces, [marks[label] for label in found.labels], found.distances.tolist(), palette()
        ),
        key="neighbours-traces",
        alt="Traces of the nearest training beats, the first lead that the network reads.",
    )


def _draw_pictures(
    bundle: Bundle, found: Nearest, pictures: list[npt.NDArray[np.float32] | None]
) -> None:
    marks = beat_marks(bundle.card.classes, palette())
    with st.container(horizontal=True, gap="small"):
        for picture, label, distance in zip(pictures, found.labels, found.distances, strict=True):
            if picture is None:
                continue
            mark = marks[label]
            show_picture(
                picture, width=_SMALL,
                caption=f"{mark.shape} {mark.title}, {distance:.2f}",
                alt=f"A training image: {mark.title.lower()}, at a distance of {distance:.2f}.",
            )  # fmt: skip
    missing = sum(picture is None for picture in pictures)
    note = "The nearest training images, from this machine’s data folder: true label and distance."
    st.caption(note + (f" {missing} of them are not in that folder." if missing else ""))


def _draw_composite(bundle: Bundle, case: ScanCase, store: Neighbours, found: Nearest) -> None:
    card, table = bundle.card, bundle.trust["neighbours"]
    row = _cluster(found, store)
    if row is not None:
        assert case.reading.scan is not None
        group = str(card.evaluation.get("group", "group"))
        average = store.composites[row].astype(np.float32) / 255
        with st.container(horizontal=True, gap="small"):
            for picture, caption in (
                (case.reading.scan.network_input, "This scan, as the network saw it"),
                (average, "The average of similar training scans"),
            ):
                large = resize(picture if picture.ndim == 3 else picture[..., None], _LARGE)
                show_picture(large, width=_LARGE, caption=caption, alt=f"{caption}.")
        st.caption(words.composite_sentence(table["clusters"][row], card, group, picture=True))
    st.caption(_NOT_HERE.format(unit=card.item))


def _cluster(found: Nearest, store: Neighbours) -> int | None:
    """Cluster of the nearest example; None where there is none."""
    row = int(found.clusters[0]) if len(found.clusters) else -1
    return row if 0 <= row < len(store.composites) else None
