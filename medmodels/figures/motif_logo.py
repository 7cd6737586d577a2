"""Many windows of bases as one logo: what stands in each place, or what raises an answer there.

Schneider and Stephens 1990, "Sequence logos: a new way to display consensus sequences", Nucleic
Acids Res 18:6097-6100.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from medmodels.figures.bases_mutations import position_of
from medmodels.figures.sequence_logo import PlacedLetter, draw_logo
from medmodels.figures.theme import Palette
from medmodels.inputs.bases import BASES

Values = npt.NDArray[np.floating]
Doubles = npt.NDArray[np.float64]

_PURINES = "AG"
MOST_BITS = 2.0
"""Where one base always stands in a place: log2 of four."""


def information(shares: Values, n: int | None = None) -> Doubles:
    """Information of each place in bits, 0 to 2.

    Parameters
    ----------
    shares : ndarray, shape (L, 4)
        Share of each base in each place; rows sum to 1.
    n : int, optional
        Windows that were counted: fewer seem to agree by chance, and the
        correction of Schneider et al. 1986 (J Mol Biol 188:415-431) for that,
        3 / (2 n ln 2) for four bases, is taken off. None takes off nothing.

    Returns
    -------
    ndarray, float64, shape (L,)

    Examples
    --------
    >>> information(np.array([[1, 0, 0, 0], [0.5, 0.5, 0, 0], [0.25] * 4])).tolist()
    [2.0, 1.0, 0.0]
    """
    p = np.asarray(shares, np.float64)
    entropy = -(p * np.log2(np.where(p > 0, p, 1))).sum(axis=1)
    few = 0.0 if n is None else (len(BASES) - 1) / (2 * np.log(2) * n)
    return np.clip(MOST_BITS - entropy - few, 0, MOST_BITS)


def consensus_figure(shares: Values, palette: Palette, n: int | None = None) -> go.Figure:
    """What stands in each place: letters as high as their share of the place's information.

    Parameters
    ----------
    shares : ndarray, shape (L, 4)
    palette : Palette
    n : int, optional
        As for `information`.

    Returns
    -------
    plotly Figure
        The most frequent base stands on top. A and G (purines) have one colour, C and T
        (pyrimidines) another; the letter is told by its shape.
    """
    given = np.asarray(shares, np.float64)
    bits = information(given, n)
    colours = [palette.accent if base in _PURINES else palette.muted for base in BASES]
    placed = stacked(given * bits[:, np.newaxis], [colours] * len(given))
    words = [
        f"{position_of(i, len(given)):+d}: {bits[i]:.2f} bits, "
        + ", ".join(f"{BASES[k]} {row[k]:.0%}" for k in np.argsort(-row, kind="stable"))
        for i, row in enumerate(given)
    ]
    figure = draw_logo(placed, words, len(given), "bits", palette)
    figure.layout.yaxis.range = [0, 1.04 * MOST_BITS]
    return figure


def weights_figure(weights: Values, unit: str, palette: Palette) -> go.Figure:
    """What raises an answer on average: letters as high as their mean weight.

    Parameters
    ----------
    weights : ndarray, shape (L, 4)
        Mean weight of each base in each place; below 0 it speaks against the class.
    unit : str
    palette : Palette

    Returns
    -------
    plotly Figure
        What speaks for the class is stacked upward, what speaks against it downward, the
        largest furthest from 0.
    """
    given = np.asarray(weights, np.float64)
    colours = [[palette.towards if w >= 0 else palette.against for w in row] for row in given]
    words = [
        f"{position_of(i, len(given)):+d}: "
        + ", ".join(f"{BASES[k]} {row[k]:+.3f}" for k in np.argsort(-row, kind="stable"))
        + f" {unit}"
        for i, row in enumerate(given)
    ]
    figure = draw_logo(stacked(given, colours), words, len(given), unit, palette)
    top = float(np.maximum(given, 0).sum(axis=1).max(initial=0.0)) or 1.0
    low = float(np.minimum(given, 0).sum(axis=1).min(initial=0.0))
    figure.layout.yaxis.range = [1.08 * low - 0.02 * top, 1.08 * top]
    return figure


def stacked(heights: Doubles, colours: list[list[str]]) -> list[PlacedLetter]:
    """Letters of each place one on the other, the smallest next to 0.

    Parameters
    ----------
    heights : ndarray, shape (L, 4)
        Below 0 a letter hangs down.
    colours : list of list of str, L lists of 4

    Examples
    --------
    >>> [(one.letter, one.bottom, one.top)
    ...  for one in stacked(np.array([[1.0, 3.0, -2.0, 0.0]]), [["c"] * 4])]
    [('A', 0.0, 1.0), ('G', -2.0, 0.0), ('C', 1.0, 4.0)]
    """
    placed = []
    for i, row in enumerate(heights):
        up = down = 0.0
        for k in np.argsort(np.abs(row), kind="stable").tolist():
            height = float(row[k])
            if height > 0:
                placed.append(PlacedLetter(BASES[k], i, up, up + height, colours[i][k]))
                up += height
            elif height < 0:
                placed.append(PlacedLetter(BASES[k], i, down + height, down, colours[i][k]))
                down += height
    return placed
