"""Integrated gradients, compiled, with their completeness error.

Sundararajan, Taly and Yan 2017, "Axiomatic attribution for deep networks",
arXiv 1703.01365.
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np

from medmodels.explain.arguments import Array, as_inputs, as_map_values, check_target, is_bases
from medmodels.explain.baselines import base_baseline, scan_baseline
from medmodels.explain.path_integral import integrate
from medmodels.explain.saliency_map import SaliencyMap


def explain(
    network: keras.Model,
    x: Array | Sequence[Array],
    class_index: int,
    *,
    beat: int | None = None,
    baseline: str | Array | None = None,
    steps: int = 32,
) -> SaliencyMap:
    """Share out the logit's difference to a baseline over pixels, samples or bases.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, K) or (N, T, K).
    x : ndarray, shape (H, W, C) or (L, 4), or sequence of ndarray (T, L, leads) and (T, R)
        A prepared scan, 0 to 1, a sequence of bases, or beat windows and
        rhythm; with or without a batch axis of 1. For a long recording pass
        the beats around the chosen one.
    class_index : int
    beat : int or None
        Which of the T beats is explained; None for a scan or a sequence.
    baseline : str, ndarray or None
        For a scan "blurred" (if not given), "black" or "mid" (see
        `baselines.scan_baseline`); for a sequence "unknown" (if not given),
        "shuffled" or "random" (see `baselines.base_baseline`). A signal's is
        a flat line in every window, with the rhythm kept as it is. Or an
        array like ``x``'s first.
    steps : int
        Points on the path, at least 1.

    Returns
    -------
    SaliencyMap
        values (H, W), summed over channels, (L,), summed over letters, or
        (T, L, leads), in logits; signed; with ``baseline`` and
        ``completeness_error``.

    Raises
    ------
    ValueError
    """
    inputs = as_inputs(network, x)
    first, *context = inputs
    check_target(network, class_index, beat, first.shape[1])
    start, baseline_name = _baseline(first, baseline, beat)
    integral = integrate(network, [start, *context], inputs, class_index, beat, steps)
    values = as_map_values(integral.shares[0].astype(np.float32), beat)
    return SaliencyMap(
        values=values,
        grid=values.shape,
        signed=True,
        method="Integrated gradients",
        class_index=class_index,
        unit="logit",
        completeness_error=integral.completeness_error,
        baseline=baseline_name,
    )


def _baseline(first: Array, baseline: str | Array | None, beat: int | None) -> tuple[Array, str]:
    if isinstance(baseline, np.ndarray):
        given = baseline.astype(np.float32).reshape(first.shape)
        return given, "as given"
    if is_bases(first[0]):
        start, words = base_baseline(first[0], baseline or "unknown")
        return start[np.newaxis], words
    if beat is None:
        return scan_baseline(first, baseline or "blurred")
    if baseline is not None:
        raise ValueError("a signal's baseline is a flat line, or an array")
    return np.zeros_like(first), "a flat line, with the same rhythm"
