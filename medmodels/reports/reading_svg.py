"""Drawings of a report as SVG that needs nothing from elsewhere."""

from __future__ import annotations

import base64
import io
from html import escape

import numpy as np
import numpy.typing as npt
from PIL import Image

from medmodels.reports.reading_shapes import Drawing, Path, Picture, Points, Rect, Shape, Text
from medmodels.reports.reading_type import printable, width_mm

_MM_PER_POINT = 25.4 / 72


def drawing_svg(drawing: Drawing) -> str:
    """A drawing as an SVG element; its colours are custom properties such as ``--ink``.

    Parameters
    ----------
    drawing : Drawing

    Returns
    -------
    str
        With ``role="img"`` and the text alternative; as wide as there is room, or of its
        true size.
    """
    inner = "".join(_shape(shape) for shape in drawing.shapes)
    kind = "true-size" if drawing.true_size else "scaled"
    size = f'width="{drawing.width:g}mm" height="{drawing.height:g}mm"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" class="{kind}" {size} '
        f'viewBox="0 0 {drawing.width:g} {drawing.height:g}" '
        f'aria-label="{escape(drawing.alt)}">{inner}</svg>'
    )


def _shape(shape: Shape) -> str:
    match shape:
        case Rect():
            return (
                f'<rect x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.width)}" '
                f'height="{_n(shape.height)}"{_paint(shape)}/>'
            )
        case Path():
            return f'<path d="{_outline(shape)}"{_paint(shape)}{_dash(shape)}/>'
        case Text():
            weight = ' font-weight="600"' if shape.bold else ""
            # As long as in the report's own typeface, whatever a reader's computer has instead.
            length = ""
            if printable(shape.text) == shape.text:
                wide = _n(width_mm(shape.text, shape.size, bold=shape.bold))
                length = f' textLength="{wide}" lengthAdjust="spacingAndGlyphs"'
            return (
                f'<text x="{_n(shape.x)}" y="{_n(shape.y)}" '
                f'font-size="{_n(shape.size * _MM_PER_POINT)}" text-anchor="{shape.anchor}"'
                f'{length} style="fill:{_colour(shape.colour)}"{weight}>{escape(shape.text)}</text>'
            )
        case Picture():
            return (
                f'<image x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.width)}" '
                f'height="{_n(shape.height)}" preserveAspectRatio="none" '
                f'href="{png_uri(shape.pixels)}"/>'
            )


def png_uri(pixels: npt.NDArray[np.uint8]) -> str:
    """Pixels, shape (H, W) or (H, W, 3), as a PNG data address."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", optimize=False, compress_level=6)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def _outline(path: Path) -> str:
    end = "Z" if path.fill else ""
    return "".join(_run(part) + end for part in path.parts if len(part))


def _run(points: Points) -> str:
    (x, y), *rest = points.tolist()
    start = f"M{_n(x)} {_n(y)}"
    return start + ("L" + " ".join(f"{_n(x)} {_n(y)}" for x, y in rest) if rest else "")


def _paint(shape: Rect | Path) -> str:
    rules = [f"fill:{_colour(shape.fill)}", f"stroke:{_colour(shape.stroke)}"]
    if shape.stroke:
        rules.append(f"stroke-width:{_n(shape.line)}")
    if shape.fill and shape.opacity < 1:
        rules.append(f"fill-opacity:{shape.opacity:g}")
    return f' style="{";".join(rules)}"'


def _dash(path: Path) -> str:
    return f' stroke-dasharray="{" ".join(map(_n, path.dash))}"' if path.dash else ""


def _colour(colour: str | None) -> str:
    if colour is None:
        return "none"
    return colour if colour.startswith("#") else f"var(--{colour})"


def _n(value: float) -> str:
    """A length to a hundredth of a millimetre, as short as it can be written."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
