"""Integrate a logit's gradient along the straight path from one input to another.

Gauss-Legendre quadrature: exact for a logit that is a polynomial of degree
2 ``steps`` along the path.
"""

from __future__ import annotations

from collections.abc import Sequence
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
        One for each of the network's inputs, without batch axis, in logits.
    completeness_error : float
        How far the sum of all shares is from the logit's true change, in
        logits.
    """

    shares: tuple[npt.NDArray[np.float64], ...]
    completeness_error: float


def integrate(
    network: keras.Model,
    starts: Sequence[Array],
    ends: Sequence[Array],
    class_index: int,
    beat: int | None,
    steps: int,
) -> PathIntegral:
    """Share out a logit's change from one input to another.

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
    if steps < 1:
        raise ValueError(f"steps is {steps}, at least 1 is needed")
    graph = compiled(network)
    nodes, weights = _quadrature(steps)
    totals = [np.zeros(end.shape[1:], dtype=np.float64) for end in ends]
    logits: list[Array] = []
    at_once = gradients_at_once(ends[0], beat)
    for begin in range(0, len(nodes), at_once):
        part = slice(begin, begin + at_once)
        points = [
            _between(start, end, nodes[part]) for start, end in zip(starts, ends, strict=True)
        ]
        scores, gradients = graph.derive_logit(points, class_index, beat)
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
