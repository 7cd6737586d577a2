"""A scan in a report: the picture as a clinician knows it, and what the answer rests on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from medmodels.figures.saliency_words import grid_sentence, scale_sentence
from medmodels.figures.scan_view import Extent
from medmodels.figures.thumbnail import bar_colours, laid_over
from medmodels.inputs.preparation import match_channels
from medmodels.reading import Reading, ScanEvidence
from medmodels.reports.model_blocks import Paragraph
from medmodels.reports.reading_blocks import Columns, ReadingBlock
from medmodels.reports.reading_map import ShownMap, shown_map, verdict_paragraphs
from medmodels.reports.reading_shapes import Drawing, Picture, Rect, Shape, Text

_WIDTH, _TALLEST = 88.0, 84.0
_BAR = 14.0  # below the picture, for the colour bar
_SHARPEST = 768  # longest side of the picture under a map, pixels


def scan_blocks(reading: Reading, *, withheld: bool) -> list[ReadingBlock]:
    """The picture; unless the answer is withheld the map over it, and whether it is evidence."""
    assert reading.scan is not None
    shown = None if withheld else shown_map(reading, 0)
    drawings = [_plain(reading.scan)]
    if shown is None:
        return [Columns(tuple(drawings)), *([] if withheld else verdict_paragraphs(None))]
    drawings.append(_with_map(reading, reading.scan, shown))
    title = reading.card.classes[shown.map.class_index].title
    words = (
        f"{shown.map.method} explains {title.lower()}. "
        f"{grid_sentence(shown.map, extent_of(reading.scan))} "
        f"{scale_sentence(shown.map, shown.scale)}"
    )
    # The verdict first: a page may end after the pictures.
    return [*verdict_paragraphs(shown), Columns(tuple(drawings)), Paragraph(words)]


def extent_of(scan: ScanEvidence) -> Extent:
    """The field in millimetres where its size is known, in pixels of the picture otherwise."""
    if scan.size_mm is not None:
        return Extent(*scan.size_mm, "mm")
    rows, columns = picture_of(scan).shape[:2]
    return Extent(float(rows), float(columns), "px")


def picture_of(scan: ScanEvidence) -> npt.NDArray[np.uint8]:
    """The picture as it was shown; what the network saw where that was not kept."""
    if scan.shown is not None:
        return scan.shown
    seen = np.rint(255 * np.clip(scan.network_input, 0, 1)).astype(np.uint8)
    return seen[..., 0] if seen.shape[2] == 1 else seen


def _plain(scan: ScanEvidence) -> Drawing:
    width, height = _size(scan)
    field = f", {scan.size_mm[1]:.0f} × {scan.size_mm[0]:.0f} mm" if scan.size_mm else ""
    what = "As it was shown" if scan.shown is not None else "As the network saw it"
    return Drawing(
        key="scan", title=what, caption=f"The whole field{field}.",
        alt="The scan that was read.", width=_WIDTH, height=height,
        shapes=(
            *_around(scan, height),
            Picture((_WIDTH - width) / 2, 0, width, height, picture_of(scan)),
        ),
    )  # fmt: skip


def _with_map(reading: Reading, scan: ScanEvidence, shown: ShownMap) -> Drawing:
    width, height = _size(scan)
    left = (_WIDTH - width) / 2
    shapes: list[Shape] = [
        *_around(scan, height), Picture(left, 0, width, height, _blended(scan, shown)),
        *_place(shown, left, width, height), *_bar(shown, height),
    ]  # fmt: skip
    title = reading.card.classes[shown.map.class_index].title
    return Drawing(
        key="map", title=f"What {title.lower()} rests on: {shown.verdict}",
        caption=f"{shown.map.method} over the scan, in {shown.map.unit}.",
        alt=f"{shown.map.method} for {title} over the scan, {shown.verdict}; it reaches "
        f"{float(np.abs(shown.map.values).max()):.2g} {shown.map.unit}, the scale "
        f"{shown.scale.highest:g}.",
        width=_WIDTH, height=height + _BAR, shapes=tuple(shapes),
    )  # fmt: skip


def _size(scan: ScanEvidence) -> tuple[float, float]:
    """Width and height on paper, mm, in the field's proportions."""
    extent = extent_of(scan)
    scale = min(_WIDTH / extent.width, _TALLEST / extent.height)
    return extent.width * scale, extent.height * scale


def _around(scan: ScanEvidence, height: float) -> list[Shape]:
    """Black beside a grey picture, as on a light box; beside a stained one it would be a part."""
    grey = picture_of(scan).ndim == 2
    return [Rect(0, 0, _WIDTH, height, fill="#000000")] if grey else []


def _blended(scan: ScanEvidence, shown: ShownMap) -> npt.NDArray[np.uint8]:
    picture = Image.fromarray(picture_of(scan))
    picture.thumbnail((_SHARPEST, _SHARPEST))
    values = Image.fromarray(np.ascontiguousarray(shown.map.values, dtype=np.float32))
    values = values.resize(picture.size, Image.Resampling.BILINEAR)
    below = match_channels(np.asarray(picture, np.float32) / np.float32(255), 3)
    return laid_over(below, np.asarray(values), shown.map, shown.scale)


def _place(shown: ShownMap, left: float, width: float, height: float) -> list[Shape]:
    """A frame around the part of the picture that the map is of."""
    place = shown.map.place
    if place is None:
        return []
    rows, columns = shown.map.values.shape
    across, down = width / columns, height / rows
    return [
        Rect(
            left + place.left * across, place.top * down, place.width * across,
            place.height * down, stroke="#FFFFFF", line=0.3,
        )
    ]  # fmt: skip


def _bar(shown: ShownMap, top: float) -> list[Shape]:
    """The colour bar with its numbers and its unit."""
    colours = bar_colours(shown.map)
    left, length, y = 8.0, _WIDTH - 16, top + 2.5
    step = length / len(colours)
    shapes: list[Shape] = [
        # A little wider than its step: else a seam shows between two neighbours.
        Rect(left + k * step, y, step + (0.1 if k + 1 < len(colours) else 0), 3, fill=_hex(colour))
        for k, colour in enumerate(colours)
    ]
    lowest = -shown.scale.highest if shown.map.signed else 0.0
    for k, value in enumerate(np.linspace(lowest, shown.scale.highest, 5)):
        sign = {0: "≤ " if shown.map.signed else "", 4: "≥ "}.get(k, "")
        number = f"{value:.2g}".replace("-", "−")
        shapes.append(Text(left + length * k / 4, y + 6.2, f"{sign}{number}", 7, "ink", "middle"))
    middle = left + length / 2
    shapes.append(Text(middle, y + 10, shown.map.unit, 7, "muted", "middle"))
    return shapes


def _hex(colour: npt.NDArray[np.float32]) -> str:
    return "#" + "".join(f"{round(255 * float(part)):02x}" for part in colour)
