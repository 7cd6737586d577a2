"""Colours of ECG paper and marks of beats, for light and dark screens."""

from __future__ import annotations

from dataclasses import dataclass

from medmodels.bundles import ClassCard
from medmodels.figures.theme import Palette


@dataclass(frozen=True)
class PaperColours:
    """What ECG paper is drawn in; ``#rrggbb``, ``window`` with an alpha of its own.

    Parameters
    ----------
    paper, minor, major : str
        The sheet, its 1 mm and its 5 mm lines.
    trace : str
        The pen.
    window : str
        Tint of the stretch that the strip shows of the whole.
    """

    paper: str
    minor: str
    major: str
    trace: str
    window: str


_LIGHT = PaperColours("#FFFBFA", "#F9DDDC", "#EDB1B1", "#14171C", "rgba(0, 98, 155, 0.16)")
_DARK = PaperColours("#12161A", "#262223", "#4B3839", "#EAEEF2", "rgba(91, 184, 240, 0.24)")


def paper_colours(palette: Palette) -> PaperColours:
    """Colours of the paper for a theme."""
    return _DARK if palette.name == "dark" else _LIGHT


@dataclass(frozen=True)
class BeatMark:
    """How beats of one class are told apart: letter, shape and colour, never colour alone.

    Parameters
    ----------
    letter, title : str
    colour : str
        By severity.
    symbol : str
        Plotly's name of the shape.
    shape : str
        The same shape as a character.
    severity : int
        Of the class, 0 to 2.
    """

    letter: str
    title: str
    colour: str
    symbol: str
    shape: str
    severity: int

    @property
    def abnormal(self) -> bool:
        """Whether the class is something to look at."""
        return self.severity > 0


_SHAPES = (
    ("triangle-up", "▲"),
    ("diamond", "◆"),
    ("square", "■"),
    ("star", "★"),
    ("triangle-down", "▼"),
    ("hexagon", "⬢"),
)


def beat_marks(classes: tuple[ClassCard, ...], palette: Palette) -> tuple[BeatMark, ...]:
    """A mark for each class: the gravest class has the first shape.

    Parameters
    ----------
    classes : tuple of ClassCard
    palette : Palette

    Returns
    -------
    tuple of BeatMark
        In the order of the classes.
    """
    order = sorted(
        (i for i, c in enumerate(classes) if c.severity), key=lambda i: -classes[i].severity
    )
    shape_of = {index: _SHAPES[place % len(_SHAPES)] for place, index in enumerate(order)}
    marks = []
    for index, entry in enumerate(classes):
        symbol, shape = shape_of.get(index, ("circle", "●"))
        colour = palette.severity[entry.severity] if entry.severity else palette.muted
        marks.append(BeatMark(entry.letter, entry.title, colour, symbol, shape, entry.severity))
    return tuple(marks)
