"""SmoothGrad.

Smilkov et al. 2017, "SmoothGrad: removing noise by adding noise", arXiv
1706.03825. Not as in tf-keras-vis, which takes the noise from NumPy's global
generator, scales it by each input's own range and adds it to the context too.
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np

from medmodels.explain.arguments import (
    Array,
    as_inputs,
    as_map_values,
    beats_among,
    check_target,
    input_unit,
)
from medmodels.explain.gradients import gradients_at_once, input_gradients
from medmodels.explain.saliency_map import SaliencyMap


def explain(
    network: keras.Model,
    x: Array | Sequence[Array],
    class_index: int,
    *,
    beat: int | None = None,
    samples: int = 24,
    noise: float = 0.1,
    seed: int = 0,
) -> SaliencyMap:
    """Gradient saliency, averaged over noisy copies of the input.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, K) or (N, T, K).
    x : ndarray, shape (H, W, C), or sequence of ndarray (T, L, leads) and (T, R)
        A prepared scan, 0 to 1, or beat windows and rhythm; with or
        without a batch axis of 1. Noise is added to the scan or the windows.
    class_index : int
    beat : int or None
        Which of the T beats is explained; None for a scan.
    samples : int
        How many noisy copies, at least 1.
    noise : float
        Standard deviation of the noise: brightness, or QRS heights.
    seed : int
        The same seed gives the same map.

    Returns
    -------
    SaliencyMap
        values (H, W), summed over channels, or (T, L, leads); signed.

    Raises
    ------
    ValueError
    """
    if samples < 1 or noise < 0:
        raise ValueError("samples must be at least 1 and noise at least 0")
    first, *context = as_inputs(network, x)
    check_target(network, class_index, beat, first.shape[1])
    generator = np.random.default_rng(seed)
    spread = np.full(first.shape[1:], noise, np.float32)
    if beat is not None:
        spread[~beats_among([array[0] for array in (first, *context)])] = 0
    total = np.zeros(first.shape[1:], dtype=np.float64)
    at_once = gradients_at_once(first)
    for start in range(0, samples, at_once):
        n = min(at_once, samples - start)
        noisy = first + spread * generator.standard_normal((n, *first.shape[1:]), np.float32)
        repeated = [np.repeat(array, n, axis=0) for array in context]
        total += input_gradients(network, [noisy, *repeated], class_index, beat).sum(axis=0)
    values = as_map_values((total / samples).astype(np.float32), beat)
    return SaliencyMap(
        values=values,
        grid=values.shape,
        signed=True,
        method="SmoothGrad",
        class_index=class_index,
        unit=input_unit(beat),
    )
