"""What a model report is made of, before it becomes a page or a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from medmodels.figures.theme import Palette


@dataclass(frozen=True)
class Paragraph:
    """Plain text.

    Parameters
    ----------
    text : str
    strong : bool
        What a reader must not miss.
    """

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list of plain sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table; its first column names the rows.

    Parameters
    ----------
    caption : str
        What it shows, on which data, with which interval.
    head : tuple of str
    rows : tuple of tuple of str
        Each as long as the head.
    note : str
        Below the table.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A figure that is drawn in the reader's palette.

    Parameters
    ----------
    key : str
        Unique in the report.
    title : str
    caption : str
        Data, n and interval.
    alt : str
        What it shows, with its main numbers, for those who cannot see it.
    draw : callable
        From a palette to a plotly figure.
    """

    key: str
    title: str
    caption: str
    alt: str
    draw: Callable[[Palette], go.Figure]


@dataclass(frozen=True)
class Side:
    """Blocks side by side where there is room."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: str


Block = Paragraph | Bullets | Table | Figure | Side | Heading


@dataclass(frozen=True)
class Section:
    """One part of the report.

    Parameters
    ----------
    key : str
        For addresses.
    title : str
    blocks : sequence of Block
    """

    key: str
    title: str
    blocks: Sequence[Block]
