"""Score-CAM, with its masked scans read many at a time.

Wang et al. 2020, "Score-CAM: score-weighted visual explanations for
convolutional neural networks", arXiv 1910.01279.

What remains of normalisation is the method's own: each channel's activation is
stretched to 0..1 before it serves as a mask on the scan.
"""

from __future__ import annotations

import keras
import numpy as np
from scipy.special import softmax

from medmodels.explain.arguments import Array, as_inputs
from medmodels.explain.class_activation import activations_of, to_map
from medmodels.explain.masking import Progress, ScanMasking
from medmodels.explain.saliency_map import SaliencyMap

# As tf-keras-vis does, so that a flat activation makes a mask of zeros.
_TINY = 1e-7


def explain(
    network: keras.Model,
    x: Array,
    class_index: int,
    *,
    layer_name: str | None = None,
    channels: int | None = None,
    progress: Progress | None = None,
) -> SaliencyMap:
    """Score-CAM of one class for one scan.

    A channel's weight is how much the class's probability rises when the scan
    is shown through that channel's activation, compared with a black scan
    (the paper's increase of confidence; tf-keras-vis leaves the comparison
    out, so that a network that ignores its input would still make a map).

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, K).
    x : ndarray, float32, shape (H, W, C) or (1, H, W, C)
        A prepared scan, 0 to 1.
    class_index : int
    layer_name : str or None
        The last convolution if not given.
    channels : int or None
        Use only so many channels, those that vary most over the scan; all if
        not given. The time taken grows with it.
    progress : callable, optional
        Told the share that is done; whatever it raises stops the work.

    Returns
    -------
    SaliencyMap
        values (H, W), at least 0, grid of the layer.

    Raises
    ------
    ValueError
    """
    (scan,) = as_inputs(network, x)
    values = activations_of(network, scan, class_index, layer_name).values
    if channels is not None and not 1 <= channels <= values.shape[-1]:
        raise ValueError(f"channels is {channels}, the layer has {values.shape[-1]}")
    # A flat channel would show a black scan, which has no weight.
    spread = np.where(np.ptp(values, axis=(0, 1)) > 0, values.std(axis=(0, 1)), 0)
    used = np.argsort(-spread, kind="stable")[:channels]
    used = used[spread[used] > 0]
    masking = ScanMasking(network, scan, np.zeros_like(scan))
    black = np.zeros((1, *masking.shape), np.float32)
    keep = np.concatenate([black, _masks(values[..., used], masking.shape)])
    probability = softmax(masking.logits(keep, progress), axis=1)[:, class_index]
    weighed = values[..., used] @ (probability[1:] - probability[0])
    return to_map(network, weighed, class_index, "Score-CAM", "probability-weighted activation")


def _masks(values: Array, size: tuple[int, ...]) -> Array:
    """Activations (h, w, channels) as masks (channels, H, W), each from 0 to 1."""
    rows, columns = (
        _interpolation(*lengths) for lengths in zip(values.shape[:2], size, strict=True)
    )
    large = rows @ np.moveaxis(values, -1, 0) @ columns.T
    low, high = (end(large, axis=(1, 2), keepdims=True) for end in (np.min, np.max))
    return np.asarray((large - low) / (high - low + _TINY), dtype=np.float32)


def _interpolation(cells: int, pixels: int) -> Array:
    """Weights (pixels, cells) that interpolate linearly from one border cell to the other.

    Not as `enlarge`, whose cells keep their places: this is how tf-keras-vis,
    the reference, makes its masks.
    """
    at = np.linspace(0, cells - 1, pixels)
    each = [np.interp(at, np.arange(cells), cell) for cell in np.eye(cells)]
    return np.stack(each, axis=1).astype(np.float32)
