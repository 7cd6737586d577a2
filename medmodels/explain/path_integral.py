"""Integrate a logit's gradient along the straight path from one input to another.

Gauss-Legendre quadrature: exact for a logit that is a polynomial of degree
2 ``steps`` along the path.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import keras
import numpy as np
import numpy.typing as npt

from medmodels.explain.arguments import Array
from medmodels.explain.compiled import compiled
from medmodels.explain.gradients import gradients_at_once


class PathIntegral(NamedTuple):
    """How a logit's change along a path is shared out.

    Parameters
    ----------
    shares : tuple of ndarray, float64
        One for each input, without batch axis, in logits.
    completeness_error : float
        How far the sum of all shares is from the logit's true change, in
        logits.
    """

    shares: tuple[npt.NDArray[np.float64], ...]
    completeness_error: float


Derive = Callable[[Sequence[Array]], tuple[Array, Sequence[Array]]]


def integrate(
    network: keras.Model,
    starts: Sequence[Array],
    ends: Sequence[Array],
    class_index: int,
    beat: int | None,
    steps: int,
) -> PathIntegral:
    """Share out a logit's change from one input of a network to another.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, K) or (N, T, K).
    starts, ends : sequence of ndarray, float32, shape (1, ...)
        One for each of the network's inputs.
    class_index : int
    beat : int or None
        Which beat's logit; None for a scan.
    steps : int
        Points on the path, at least 1.

    Raises
    ------
    ValueError
        When ``steps`` is below 1.
    """
    graph = compiled(network)
    return integrate_along(
        lambda points: graph.derive_logit(points, class_index, beat),
        starts, ends, steps, gradients_at_once(ends[0]),
    )  # fmt: skip


def integrate_along(
    derive: Derive, starts: Sequence[Array], ends: Sequence[Array], steps: int, at_once: int
) -> PathIntegral:
    """Share out any function's change along the straight path from one point to another.

    Parameters
    ----------
    derive : callable
        From some points, (n, ...) each, to the function's values (n,) and its
        derivatives to each, of their shapes.
    starts, ends : sequence of ndarray, float32, shape (1, ...)
    steps : int
        Points on the path, at least 1.
    at_once : int
        How many to derive together.

    Raises
    ------
    ValueError
        When ``steps`` is below 1.
    """
    if steps < 1:
        raise ValueError(f"steps is {steps}, at least 1 is needed")
    nodes, weights = _quadrature(steps)
    totals = [np.zeros(end.shape[1:], dtype=np.float64) for end in ends]
    logits: list[Array] = []
    for begin in range(0, len(nodes), at_once):
        part = slice(begin, begin + at_once)
        points = [
            _between(start, end, nodes[part]) for start, end in zip(starts, ends, strict=True)
        ]
        scores, gradients = derive(points)
        for total, gradient in zip(totals, gradients, strict=True):
            total += np.tensordot(weights[part], gradient, 1)
        logits.append(scores)
    along = np.concatenate(logits)
    shares = tuple(
        total * (end[0].astype(np.float64) - start[0])
        for total, start, end in zip(totals, starts, ends, strict=True)
    )
    change = float(along[-1]) - float(along[0])
    return PathIntegral(shares, abs(sum(float(share.sum()) for share in shares) - change))


def _quadrature(steps: int) -> tuple[Array, Array]:
    """Nodes on 0 to 1 with their weights; both ends come along with weight 0."""
    nodes, weights = np.polynomial.legendre.leggauss(steps)
    nodes = np.concatenate([[0.0], (nodes + 1) / 2, [1.0]])
    weights = np.concatenate([[0.0], weights / 2, [0.0]])
    return nodes.astype(np.float32), weights.astype(np.float32)


def _between(start: Array, end: Array, shares: Array) -> Array:
    """Points on the straight path, (n, ...), at shares 0 to 1 of it."""
    return start + shares.reshape(-1, *[1] * (start.ndim - 1)) * (end - start)
