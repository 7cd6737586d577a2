"""A network's last step: the average of every map, weighed and summed to logits.

Where only an average over the grid and one dense layer stand behind the last
maps, logit k is the exact sum over channels c of weight(c, k) mean(c), plus a
bias (Lin, Chen and Yan 2013, "Network in network", section 3.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import keras

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class AverageHead:
    """Names of the layers at the end of a network, and their weights.

    Parameters
    ----------
    maps : str
        The layer whose maps are averaged.
    average, logits : str
        The average, and the dense layer behind it.
    weights : ndarray, float32, shape (C, K)
    bias : ndarray, float32, shape (K,)
    """

    maps: str
    average: str
    logits: str
    weights: Array
    bias: Array


@dataclass(frozen=True)
class Sum:
    """One logit as a sum.

    Parameters
    ----------
    means, weights, terms : ndarray, float64, shape (C,)
        Average of each map, its weight, and their product.
    bias : float
    logit : float
        Sum of the terms and the bias.
    """

    means: npt.NDArray[np.float64]
    weights: npt.NDArray[np.float64]
    terms: npt.NDArray[np.float64]
    bias: float
    logit: float

    def heaviest(self, count: int) -> npt.NDArray[np.intp]:
        """Channels whose terms are largest in size, for or against."""
        return np.argsort(-np.abs(self.terms), kind="stable")[:count]


def average_head(network: keras.Model) -> AverageHead | None:
    """Find such an end; None where the network ends otherwise."""
    import keras

    dense = _producer(network.outputs[0])
    if not isinstance(dense, keras.layers.Dense) or dense.activation.__name__ != "linear":
        return None
    average = _producer(dense.input)
    while isinstance(average, keras.layers.Dropout):
        average = _producer(average.input)
    if not isinstance(average, keras.layers.GlobalAveragePooling2D):
        return None
    kernel = np.asarray(dense.kernel, dtype=np.float32)
    bias = np.asarray(dense.bias, np.float32) if dense.use_bias else np.zeros(kernel.shape[1])
    maps = _producer(average.input)
    return AverageHead(maps.name, average.name, dense.name, kernel, bias.astype(np.float32))


def as_sum(head: AverageHead, maps: Array, class_index: int) -> Sum:
    """Work out one logit from the last maps.

    Parameters
    ----------
    head : AverageHead
    maps : ndarray, float32, shape (h, w, C)
        Output of the layer ``head.maps``.
    class_index : int
        0 to K - 1.
    """
    means = maps.astype(np.float64).mean(axis=(0, 1))
    weights = head.weights[:, class_index].astype(np.float64)
    terms = means * weights
    bias = float(head.bias[class_index])
    return Sum(means, weights, terms, bias, float(terms.sum()) + bias)


def _producer(tensor: Any) -> Any:
    return tensor._keras_history.operation
