"""HiResCAM of a class's log-odds: what each cell added to the answer, and what it took.

Draelos and Carin 2020, "Use HiResCAM instead of Grad-CAM for faithful
explanations of convolutional neural networks", arXiv 2011.08891: each
activation is multiplied by its own gradient, and nothing is dropped or
averaged. Explained is the class against the rest, so that a region that speaks
for two classes alike speaks for neither.
"""

from __future__ import annotations

import keras
import numpy as np
import numpy.typing as npt

from medmodels.explain.arguments import Array, as_inputs, check_target
from medmodels.explain.enlarge import enlarge
from medmodels.explain.grad_cam import compiled_with_answer
from medmodels.explain.layers import last_convolution
from medmodels.explain.saliency_map import SaliencyMap

# For a head that averages and weighs the activations the cells sum to the
# log-odds but for the biases.
UNIT = "log-odds per cell"


def to_map(cells: npt.NDArray[np.float32], size: tuple[int, int], class_index: int) -> SaliencyMap:
    """Put one class's cells into the form that every method returns.

    Parameters
    ----------
    cells : ndarray, float32, shape (h, w)
        One of `grad_cam.Answer.evidence`.
    size : tuple of int
        Height and width of the network's input.
    class_index : int
        The class explained.
    """
    return SaliencyMap(
        values=enlarge(cells, size),
        grid=(cells.shape[0], cells.shape[1]),
        signed=True,
        method="HiResCAM",
        class_index=class_index,
        unit=UNIT,
    )


def explain(
    network: keras.Model, x: Array, class_index: int, *, layer_name: str | None = None
) -> SaliencyMap:
    """HiResCAM of one class for one scan.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, K).
    x : ndarray, float32, shape (H, W, C) or (1, H, W, C)
        A prepared scan, 0 to 1.
    class_index : int
    layer_name : str or None
        The last convolution if not given.

    Returns
    -------
    SaliencyMap
        values (H, W), signed, grid (h, w) of the layer.
    """
    (scan,) = as_inputs(network, x)
    check_target(network, class_index, None, 0)
    answer = compiled_with_answer(network, layer_name or last_convolution(network))(scan)
    return to_map(answer.evidence[0, class_index], scan.shape[1:3], class_index)
