"""What the class activation maps served by tf-keras-vis have in common.

The library rescales every map to 0..1 unless told not to, and enlarges it with
the corners aligned rather than the cells. Both are done here instead, so that
all maps keep their scale and lie on the scan alike.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from medmodels.explain.arguments import Array, as_inputs, check_target
from medmodels.explain.compiled import compiled
from medmodels.explain.enlarge import enlarge
from medmodels.explain.layers import last_convolution
from medmodels.explain.saliency_map import SaliencyMap


def explain_with(
    visualisation: type,
    network: keras.Model,
    x: Array,
    class_index: int,
    *,
    score: Callable[[Any], Any],
    layer_name: str | None,
    method: str,
    unit: str,
    **settings: Any,
) -> SaliencyMap:
    """Run one of tf-keras-vis's class activation methods on one scan.

    Parameters
    ----------
    visualisation : type
        The tf-keras-vis class.
    network : keras.Model
        Functional and flat, logits (N, K).
    x : ndarray, float32, shape (H, W, C) or (1, H, W, C)
    class_index : int
    score : callable
        From the network's output to the explained score, shape (N,).
    layer_name : str or None
        The last convolution if not given.
    method, unit : str
        For the map.
    **settings
        Passed on to tf-keras-vis.

    Returns
    -------
    SaliencyMap
        values (H, W), at least 0.
    """
    (scan,) = as_inputs(network, x)
    check_target(network, class_index, None, 0)
    cam = visualisation(compiled(network))(
        score,
        scan,
        penultimate_layer=layer_name or last_convolution(network),
        seek_penultimate_conv_layer=False,
        expand_cam=False,
        normalize_cam=False,
        **settings,
    )
    grid = np.asarray(cam, dtype=np.float32)[0]
    return SaliencyMap(
        values=enlarge(grid, scan.shape[1:3]),
        grid=grid.shape,
        signed=False,
        method=method,
        class_index=class_index,
        unit=unit,
    )
