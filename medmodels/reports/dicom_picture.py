"""The picture of a secondary capture: the scan as shown, its map, and what must be read with it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from medmodels import NOTICE
from medmodels.figures.thumbnail import bar_colours, laid_over
from medmodels.reading import Reading
from medmodels.reading.sentences import percent
from medmodels.reports.conclusion import answered, conclusion
from medmodels.reports.reading_map import ShownMap, shown_map, verdict_paragraphs
from medmodels.reports.reading_scan import picture_of

Bytes = npt.NDArray[np.uint8]

_FONTS = Path(__file__).resolve().parents[2] / "assets" / "fonts"
# Pixels. A smaller picture is enlarged: the text below it must be legible.
_LEAST_WIDTH = 720
_TEXT, _LINE, _MARGIN, _BAR = 18, 25, 16, 14
_INK, _PAPER, _STRONG = (232, 232, 232), (0, 0, 0), (255, 209, 102)
_TICKS = 5


def capture_picture(reading: Reading, *, insist: bool) -> Bytes:
    """Draw the scan, the map over it where the answer may be named, and the words below.

    Parameters
    ----------
    reading : Reading
        Of a scan.
    insist : bool
        As for `medmodels.reports.exports.Make`.

    Returns
    -------
    ndarray, uint8, shape (H, W, 3)
    """
    shown = shown_map(reading, 0) if answered(reading, insist=insist) else None
    assert reading.scan is not None
    picture = Image.fromarray(picture_of(reading.scan)).convert("RGB")
    factor = max(1.0, _LEAST_WIDTH / picture.width)
    size = round(factor * picture.width), round(factor * picture.height)
    picture = picture.resize(size, Image.Resampling.BILINEAR)
    words = _words(_lines(reading, shown, insist=insist), picture.width)
    if shown is None:
        return np.concatenate([np.asarray(picture), words])
    values = np.ascontiguousarray(shown.map.values, dtype=np.float32)
    large = np.asarray(Image.fromarray(values).resize(size, Image.Resampling.BILINEAR))
    below = np.asarray(picture, np.float32) / np.float32(255)
    scan = laid_over(below, large, shown.map, shown.scale)
    return np.concatenate([scan, _bar(shown, picture.width), words])


@cache
def _font(name: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / f"SourceSansPro-{name}.ttf", _TEXT)


def _bar(shown: ShownMap, width: int) -> Bytes:
    """The colour bar with its ticks, its method and its unit."""
    band = Image.new("RGB", (width, 2 * _MARGIN + _BAR + 2 * _LINE), _PAPER)
    draw, font = ImageDraw.Draw(band), _font("Regular")
    across = width - 4 * _MARGIN
    colours = bar_colours(shown.map)
    index = np.rint(np.linspace(0, len(colours) - 1, across)).astype(int)
    strip = np.rint(255 * colours[index]).astype(np.uint8)
    band.paste(Image.fromarray(np.repeat(strip[None], _BAR, axis=0)), (2 * _MARGIN, _MARGIN))
    lowest = -shown.scale.highest if shown.map.signed else 0.0
    ticks = np.linspace(lowest, shown.scale.highest, _TICKS)
    labels = [f"{value:.2g}".replace("-", "−") for value in ticks]
    labels[-1] = f"≥ {labels[-1]}"
    labels[0] = f"≤ {labels[0]}" if shown.map.signed else labels[0]
    under = _MARGIN + _BAR + 3
    for place, label in zip(np.linspace(0, across, _TICKS), labels, strict=True):
        draw.text((2 * _MARGIN + place, under), label, _INK, font, anchor="ma")
    middle = width / 2, under + _LINE
    draw.text(middle, f"{shown.map.method}: {shown.map.unit}", _INK, font, anchor="ma")
    return np.asarray(band)


def _lines(reading: Reading, shown: ShownMap | None, *, insist: bool) -> list[tuple[str, bool]]:
    """Paragraphs, and whether each is to stand out."""
    first, *others = conclusion(reading, insist=insist)
    told = [(first, True), *((text, False) for text in others)]
    if answered(reading, insist=insist):
        told += [(text, False) for text in _interval(reading)]
    if shown is not None:
        title = reading.card.classes[shown.map.class_index].title
        verdict = " ".join(part.text for part in verdict_paragraphs(shown))
        evidence = shown.audit is not None and shown.audit.passed
        told.append((f"The map explains {title}. {verdict}", not evidence))
    # Whether it was turned or inverted, above all.
    told += [(note, False) for note in reading.notes]
    version = reading.versions.get("diaphane", "")
    origin = f"{reading.card.title} {reading.card.version}".strip()
    told.append((f"Diaphane {version}, {origin}, bundle {reading.bundle_digest[:12]}", False))
    return [*told, (NOTICE, True)]


def _interval(reading: Reading) -> list[str]:
    """The 95% interval of the answer's probability, where there is one."""
    trust, label = reading.trust, int(reading.labels[0])
    if trust is None or np.isnan(trust.low[0]).any():
        return []
    low, high = (percent(float(end[0, label])) for end in (trust.low, trust.high))
    return [f"95% interval of this probability: {low} to {high}."]


def _words(paragraphs: list[tuple[str, bool]], width: int) -> Bytes:
    """Paragraphs, broken into lines that fit; those that stand out in a second weight."""
    lines = [
        (line, strong)
        for text, strong in paragraphs
        for line in _broken(text, _font("Semibold" if strong else "Regular"), width - 2 * _MARGIN)
    ]
    band = Image.new("RGB", (width, _LINE * len(lines) + 2 * _MARGIN), _PAPER)
    draw = ImageDraw.Draw(band)
    for number, (line, strong) in enumerate(lines):
        font, ink = (_font("Semibold"), _STRONG) if strong else (_font("Regular"), _INK)
        draw.text((_MARGIN, _MARGIN + number * _LINE), line, ink, font)
    return np.asarray(band)


def _broken(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
