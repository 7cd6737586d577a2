"""Integrate a logit's gradient along the straight path from one input to another.

Gauss-Legendre quadrature: exact for a logit that is a polynomial of degree
2 ``steps`` along the path.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from medmodels.explain.arguments import Array, examples_at_once, logit_of


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
    graph = _compiled(network)
    nodes, weights = _quadrature(steps)
    totals = [np.zeros(end.shape[1:], dtype=np.float64) for end in ends]
    logits: list[Array] = []
    at_once = examples_at_once(ends[0])
    for begin in range(0, len(nodes), at_once):
        part = slice(begin, begin + at_once)
        gradients, scores = graph(
            tuple(starts), tuple(ends), nodes[part], weights[part], class_index, beat or 0
        )
        for total, gradient in zip(totals, gradients, strict=True):
            total += gradient.numpy()
        logits.append(scores.numpy())
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


@lru_cache(maxsize=4)
def _compiled(network: keras.Model) -> Any:
    """One graph for a piece of any path, any class and any beat of a network."""
    specs = tuple(tf.TensorSpec((1, *tensor.shape[1:]), tf.float32) for tensor in network.inputs)
    vector = tf.TensorSpec((None,), tf.float32)
    scalar = tf.TensorSpec((), tf.int32)
    per_beat = len(network.outputs[0].shape) == 3

    @tf.function(input_signature=[specs, specs, vector, vector, scalar, scalar])
    def gradients_on_path(
        starts: tuple[tf.Tensor, ...],
        ends: tuple[tf.Tensor, ...],
        nodes: tf.Tensor,
        weights: tf.Tensor,
        class_index: tf.Tensor,
        beat: tf.Tensor,
    ) -> tuple[list[tf.Tensor], tf.Tensor]:
        points = []
        for start, end in zip(starts, ends, strict=True):
            share = tf.reshape(nodes, [-1] + [1] * (start.shape.rank - 1))
            points.append(start + share * (end - start))
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(points)
            logits = network(points if len(points) > 1 else points[0], training=False)
            scores = logit_of(class_index, beat if per_beat else None)(logits)
        # An input that the network leaves out has a gradient of zero.
        gradients = tape.gradient(
            scores, points, unconnected_gradients=tf.UnconnectedGradients.ZERO
        )
        return [tf.tensordot(weights, gradient, 1) for gradient in gradients], scores

    return gradients_on_path
