"""Drawings of a report on a page of a PDF."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from PIL import Image
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from medmodels.figures.theme import LIGHT
from medmodels.reports.reading_shapes import Drawing, Path, Picture, Rect, Shape, Text, colours_of
from medmodels.reports.reading_type import BOLD, PLAIN, printable

_ROUND = 1


class DrawingFlowable(Flowable):
    """A drawing in the flow of a page.

    Parameters
    ----------
    drawing : Drawing
    width : float, optional
        Points; its own size if not given. Its height follows.
    """

    def __init__(self, drawing: Drawing, width: float | None = None) -> None:
        super().__init__()
        self.drawing = drawing
        self.scale = 1.0 if width is None else width / (drawing.width * mm)
        self.width = drawing.width * mm * self.scale
        self.height = drawing.height * mm * self.scale

    def wrap(self, *_available: float) -> tuple[float, float]:
        """Its size, points."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw every shape; the canvas has its origin at the lower left."""
        canvas = self.canv
        canvas.saveState()
        canvas.scale(self.scale, self.scale)
        canvas.setLineJoin(_ROUND)
        canvas.setLineCap(_ROUND)
        for shape in self.drawing.shapes:
            _draw(canvas, shape, self.drawing.height)
        canvas.restoreState()


def _draw(canvas: Canvas, shape: Shape, height: float) -> None:
    match shape:
        case Rect():
            _pens(canvas, shape)
            canvas.rect(
                shape.x * mm, (height - shape.y - shape.height) * mm, shape.width * mm,
                shape.height * mm, stroke=shape.stroke is not None, fill=shape.fill is not None,
            )  # fmt: skip
            canvas.setFillAlpha(1)
        case Path():
            _pens(canvas, shape)
            canvas.setDash([length * mm for length in shape.dash])
            canvas.drawPath(
                _outline(canvas, shape, height), stroke=shape.stroke is not None,
                fill=shape.fill is not None,
            )  # fmt: skip
            canvas.setDash()
            canvas.setFillAlpha(1)
        case Text():
            _write(canvas, shape, height)
        case Picture():
            canvas.drawImage(
                ImageReader(Image.fromarray(shape.pixels)), shape.x * mm,
                (height - shape.y - shape.height) * mm, shape.width * mm, shape.height * mm,
            )  # fmt: skip


def _pens(canvas: Canvas, shape: Rect | Path) -> None:
    if shape.fill:
        canvas.setFillColor(colour(shape.fill))
        canvas.setFillAlpha(shape.opacity)
    if shape.stroke:
        canvas.setStrokeColor(colour(shape.stroke))
        canvas.setLineWidth(shape.line * mm)


def _outline(canvas: Canvas, path: Path, height: float) -> object:
    outline = canvas.beginPath()
    for part in path.parts:
        points = _points(part, height)
        if not points:
            continue
        outline.moveTo(*points[0])
        for x, y in points[1:]:
            outline.lineTo(x, y)
        if path.fill:
            outline.close()
    return outline


def _points(part: npt.NDArray[np.float64], height: float) -> list[tuple[float, float]]:
    return [(x * mm, (height - y) * mm) for x, y in part.tolist()]


def _write(canvas: Canvas, text: Text, height: float) -> None:
    canvas.setFont(BOLD if text.bold else PLAIN, text.size)
    canvas.setFillColor(colour(text.colour))
    place = text.x * mm, (height - text.y) * mm
    write = {"start": canvas.drawString, "middle": canvas.drawCentredString}
    write.get(text.anchor, canvas.drawRightString)(*place, printable(text.text))


@cache
def colour(role: str) -> HexColor:
    """A role's colour on paper, or the colour itself where it is one."""
    return HexColor(role if role.startswith("#") else colours_of(LIGHT)[role])
