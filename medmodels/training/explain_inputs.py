"""Inputs of a split that a bundle reads correctly: what explanations are measured on.

An explanation of a wrong answer can be right, but nobody could tell from the
picture: measurements are made on answers that are known to be right.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle
from medmodels.explain.arguments import Array

Ints = npt.NDArray[np.int64]

SPLITS = ("validation", "test")


@dataclass(frozen=True)
class ExplainInput:
    """One input with the answer that is explained, which is the right one.

    Parameters
    ----------
    x : ndarray, float32, shape (H, W, C) or (L, 4), or tuple of ndarray (T, L, leads) and (T, R)
        A prepared scan; a sequence of bases; or windows and rhythm of the beats around the
        explained one.
    beat : int or None
        The explained beat's place in ``x``, 0 to T - 1; None for a scan or a sequence.
    class_index : int
        The true class, which is the bundle's label, too.
    name : str
        Where it comes from.
    """

    x: Array | tuple[Array, Array]
    beat: int | None
    class_index: int
    name: str


@dataclass(frozen=True)
class Candidates:
    """All that could be drawn of one part of a split (a set of scans, a recording).

    A recipe's ``inputs(bundle, data, split)`` gives one or several of them.

    Parameters
    ----------
    labels, read : ndarray of int, shape (N,)
        True class, and the bundle's at its operating point.
    take : callable
        From a row, 0 to N - 1, to its input; called only for what is drawn.
    """

    labels: Ints
    read: Ints
    take: Callable[[int], ExplainInput]


Inputs = Callable[[Bundle, Path, str], Iterable[Candidates]]


def explain_inputs(
    bundle: Bundle, data: Path, split: str, n: int, seed: int, *, per_class: bool = False,
    parts: int | None = None,
) -> list[ExplainInput]:  # fmt: skip
    """Draw inputs of a split once: `draw_inputs` from its `candidates`."""
    return draw_inputs(candidates(bundle, data, split, parts), n, seed, per_class=per_class)


def candidates(
    bundle: Bundle, data: Path, split: str, parts: int | None = None
) -> list[Candidates]:
    """Read all of a split, to draw from it.

    Parameters
    ----------
    bundle : Bundle
    data : Path
        Holds the task's data, as its recipe says.
    split : str
        "validation" or "test". An ECG network has trained on all of DS1, and a
        splice site network on all but the test windows, for both were
        cross-validated inside: their validation inputs are from there.
    parts : int, optional
        Read its first parts only (recordings), to try the code.

    Raises
    ------
    ValueError
        When there is no such split, or the task's recipe gives no inputs.
    """
    if split not in SPLITS:
        raise ValueError(f'split is "{split}", expected one of {", ".join(SPLITS)}')
    return list(islice(_inputs_of(bundle.task)(bundle, data, split), parts))


def draw_inputs(
    parts: Sequence[Candidates], n: int, seed: int, *, per_class: bool = False
) -> list[ExplainInput]:
    """Draw inputs that the bundle reads correctly.

    Without replacement, each as likely as any other; the same seed gives the
    same inputs.

    Parameters
    ----------
    parts : sequence of Candidates
        From `candidates`.
    n : int
        How many; fewer come where fewer are read correctly.
    seed : int
    per_class : bool
        Draw as many of each class as there are to be had, in turn: most beats
        of most recordings are normal.
    """
    labels = np.concatenate([part.labels for part in parts])
    read = np.concatenate([part.read for part in parts])
    owner = np.repeat(np.arange(len(parts)), [len(part.labels) for part in parts])
    place = np.concatenate([np.arange(len(part.labels)) for part in parts])
    chosen = draw(labels, read, n, seed, per_class=per_class)
    return [parts[owner[row]].take(int(place[row])) for row in chosen]


def _inputs_of(task: str) -> Inputs:
    """The ``inputs`` of a task's recipe."""
    name = f"medmodels.training.{task.replace('-', '_')}"
    recipe: Any = importlib.import_module(name) if importlib.util.find_spec(name) else None
    if not hasattr(recipe, "inputs"):
        raise ValueError(f'no inputs are known for "{task}"')
    found: Inputs = recipe.inputs
    return found


def draw(labels: Ints, read: Ints, n: int, seed: int, *, per_class: bool = False) -> Ints:
    """Rows whose label was read correctly, drawn at random without replacement.

    Parameters
    ----------
    labels, read : ndarray of int, shape (N,)
        True class, and the bundle's.
    n, seed, per_class
        As for `draw_inputs`.

    Returns
    -------
    ndarray of int
        At most ``n`` rows, in the order drawn.

    Examples
    --------
    >>> int(draw(np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1]), 2, 0, per_class=True).max())
    3
    """
    order = np.random.default_rng(seed).permutation(np.flatnonzero(labels == read))
    if per_class:
        # The first of every class, then the second of every class, and so on.
        own, turn = labels[order], np.zeros(len(order), np.int64)
        for label in np.unique(own):
            turn[own == label] = np.arange((own == label).sum())
        order = order[np.argsort(turn, kind="stable")]
    return order[:n]
