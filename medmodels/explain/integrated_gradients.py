"""Integrated gradients, compiled, with their completeness error.

Sundararajan, Taly and Yan 2017, "Axiomatic attribution for deep networks",
arXiv 1703.01365. The integral is taken by Gauss-Legendre quadrature, exact for
a logit that is a polynomial of degree 2 ``steps`` along the path.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from medmodels.explain.arguments import Array, as_inputs, as_map_values, check_target, logit_of
from medmodels.explain.baselines import scan_baseline
from medmodels.explain.saliency_map import SaliencyMap

_BATCH = 8


def explain(
    network: keras.Model,
    x: Array | Sequence[Array],
    class_index: int,
    *,
    beat: int | None = None,
    baseline: str | Array | None = None,
    steps: int = 32,
) -> SaliencyMap:
    """Share out the logit's difference to a baseline over pixels or samples.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, K) or (N, T, K).
    x : ndarray, shape (H, W, C), or sequence of ndarray (T, L, leads) and (T, R)
        A prepared scan, 0 to 1, or beat windows and rhythm; with or
        without a batch axis of 1. For a long recording pass the beats around
        the chosen one.
    class_index : int
    beat : int or None
        Which of the T beats is explained; None for a scan.
    baseline : str, ndarray or None
        For a scan "blurred" (if not given), "black" or "mid" (see
        `baselines.scan_baseline`). A signal's is a flat line in every
        window, with the rhythm kept as it is. Or an array like ``x``'s first.
    steps : int
        Points on the path, at least 1.

    Returns
    -------
    SaliencyMap
        values (H, W), summed over channels, or (T, L, leads), in logits;
        signed; with ``baseline`` and ``completeness_error``.

    Raises
    ------
    ValueError
    """
    if steps < 1:
        raise ValueError("steps must be at least 1")
    inputs = as_inputs(network, x)
    first = inputs[0]
    check_target(network, class_index, beat, first.shape[1])
    start, baseline_name = _baseline(first, baseline, beat)
    nodes, weights = _path(steps)
    total = np.zeros(first.shape[1:], dtype=np.float64)
    logits: list[Array] = []
    graph = _compiled(network)
    for begin in range(0, len(nodes), _BATCH):
        part = slice(begin, begin + _BATCH)
        gradient, scores = graph(
            tuple(inputs), start, nodes[part], weights[part], class_index, beat or 0
        )
        total += gradient.numpy()
        logits.append(scores.numpy())
    scores_on_path = np.concatenate(logits)
    attribution = total * (first[0].astype(np.float64) - start[0])
    difference = float(scores_on_path[-1]) - float(scores_on_path[0])
    values = as_map_values(attribution, beat)
    return SaliencyMap(
        values=values,
        grid=values.shape,
        signed=True,
        method="Integrated gradients",
        class_index=class_index,
        unit="logit",
        completeness_error=abs(float(attribution.sum()) - difference),
        baseline=baseline_name,
    )


def _path(steps: int) -> tuple[Array, Array]:
    """Nodes on 0 to 1 with their weights; both ends come along with weight 0."""
    nodes, weights = np.polynomial.legendre.leggauss(steps)
    nodes = np.concatenate([[0.0], (nodes + 1) / 2, [1.0]])
    weights = np.concatenate([[0.0], weights / 2, [0.0]])
    return nodes.astype(np.float32), weights.astype(np.float32)


def _baseline(first: Array, baseline: str | Array | None, beat: int | None) -> tuple[Array, str]:
    if isinstance(baseline, np.ndarray):
        given = baseline.astype(np.float32).reshape(first.shape)
        return given, "as given"
    if beat is None:
        return scan_baseline(first, baseline or "blurred")
    if baseline is not None:
        raise ValueError("a signal's baseline is a flat line, or an array")
    return np.zeros_like(first), "a flat line, with the same rhythm"


@lru_cache(maxsize=4)
def _compiled(network: keras.Model) -> Any:
    """One graph for the gradients along a piece of the path, for any class and beat."""
    specs = tuple(tf.TensorSpec((1, *tensor.shape[1:]), tf.float32) for tensor in network.inputs)
    vector = tf.TensorSpec((None,), tf.float32)
    scalar = tf.TensorSpec((), tf.int32)
    per_beat = len(network.outputs[0].shape) == 3

    @tf.function(input_signature=[specs, specs[0], vector, vector, scalar, scalar])
    def gradients_on_path(
        inputs: tuple[tf.Tensor, ...],
        start: tf.Tensor,
        nodes: tf.Tensor,
        weights: tf.Tensor,
        class_index: tf.Tensor,
        beat: tf.Tensor,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        first, *context = inputs
        n = tf.size(nodes)
        share = tf.reshape(nodes, [n] + [1] * (first.shape.rank - 1))
        points = start + share * (first - start)
        repeated = [tf.repeat(tensor, n, axis=0) for tensor in context]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(points)
            logits = network([points, *repeated] if repeated else points, training=False)
            scores = logit_of(class_index, beat if per_beat else None)(logits)
        gradient = tape.gradient(scores, points, unconnected_gradients=tf.UnconnectedGradients.ZERO)
        return tf.tensordot(weights, gradient, 1), scores

    return gradients_on_path
