"""Kernels to try: the network's own, the classic ones, and what each of them asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from medmodels.lessons.convolution import Array, Kernel

if TYPE_CHECKING:
    import keras

_S = np.float32
_EDGE = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]], _S)
_CENTRE = np.array([[0, -1, 0], [-1, 4, -1], [0, -1, 0]], _S)


@dataclass(frozen=True)
class Classic:
    """A kernel that has a name.

    Parameters
    ----------
    title : str
    asks : str
        The question that it asks at every place.
    weights : ndarray, float32, shape (3, 3)
    """

    title: str
    asks: str
    weights: Array


# Sobel's two operators, Laplace's operator, and their kin (Gonzalez and Woods 2018, chapter 3).
CLASSICS = (
    Classic("Vertical edge", "is it brighter on the left than on the right?", _EDGE),
    Classic("Horizontal edge", "is it brighter above than below?", _EDGE.T.copy()),
    Classic(
        "Sharpen",
        "how bright is this point, and how far does it stand out from those beside it?",
        np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], _S),
    ),
    Classic(
        "Blur",
        "how bright is it here on average?",
        np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]], _S) / _S(16),
    ),
    Classic("Laplacian", "is this point brighter than the points beside it?", _CENTRE),
)

_PATTERNS = (
    # A pattern, its question, and the question of the opposite sign.
    (_EDGE, "brighter on the left than on the right", "darker on the left than on the right"),
    (_EDGE.T.copy(), "brighter above than below", "darker above than below"),
    (np.ones((3, 3), _S), "bright here", "dark here"),
    (
        np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], _S),
        "brighter in the middle than around it",
        "darker in the middle than around it",
    ),
    (
        np.array([[-1, 2, -1], [-1, 2, -1], [-1, 2, -1]], _S),
        "brighter along an upright line than beside it",
        "darker along an upright line than beside it",
    ),
    (
        np.array([[-1, -1, -1], [2, 2, 2], [-1, -1, -1]], _S),
        "brighter along a level line than beside it",
        "darker along a level line than beside it",
    ),
    (
        np.array([[2, 1, 0], [1, 0, -1], [0, -1, -2]], _S),
        "brighter above left than below right",
        "darker above left than below right",
    ),
    (
        np.array([[0, 1, 2], [-1, 0, 1], [-2, -1, 0]], _S),
        "brighter above right than below left",
        "darker above right than below left",
    ),
)
# Below this likeness (a cosine) no single question does a kernel justice.
LIKE = 0.7


def classic(kind: Classic, channels: int) -> Kernel:
    """One of the classic kernels, for the average of an image's channels."""
    return by_hand(kind.weights, channels, kind.title)


def by_hand(weights: npt.ArrayLike, channels: int, title: str = "Your own") -> Kernel:
    """A kernel out of numbers, shape (kh, kw), for the average of an image's channels.

    Raises
    ------
    ValueError
        When it is not a finite grid.
    """
    grid = np.asarray(weights, dtype=np.float32)
    if grid.ndim != 2 or not np.isfinite(grid).all():
        raise ValueError("a kernel is a grid of finite numbers")
    return Kernel(title, np.repeat(grid[..., np.newaxis] / channels, channels, axis=2))


def first_convolution(network: keras.Model) -> Any:
    """The first layer that slides kernels over the image; None where there is none.

    Only one with a square stride, no gaps between its points and an activation
    that the lesson can follow.
    """
    import keras

    for layer in network.layers:
        if isinstance(layer, keras.layers.Conv2D) and not isinstance(
            layer, keras.layers.DepthwiseConv2D
        ):
            followed = (
                len(set(layer.strides)) == 1
                and set(layer.dilation_rate) == {1}
                and layer.groups == 1
                and layer.activation.__name__ in ("linear", "relu", "relu6")
                and layer.data_format == "channels_last"
            )
            return layer if followed else None
    return None


def own_kernels(layer: Any) -> tuple[Kernel, ...]:
    """The kernels of a convolution layer, one for each map that it makes.

    Parameters
    ----------
    layer : keras.layers.Conv2D
        From `first_convolution`.
    """
    weights = np.asarray(layer.kernel, dtype=np.float32)
    bias = (
        np.asarray(layer.bias, dtype=np.float32) if layer.use_bias else np.zeros(weights.shape[3])
    )
    return tuple(
        Kernel(
            f"Kernel {k + 1}",
            weights[..., k],
            float(bias[k]),
            layer.activation.__name__,
            layer.strides[0],
            layer.padding == "same",
        )
        for k in range(weights.shape[3])
    )


def likest_question(kernel: Kernel) -> tuple[str, float]:
    """Which plain question a 3 x 3 kernel comes closest to, and how close.

    Parameters
    ----------
    kernel : Kernel

    Returns
    -------
    question : str
    likeness : float
        Cosine between the kernel, summed over its channels, and the question's
        pattern: 1 the same up to a factor, 0 nothing in common. The question
        is of no use below `LIKE`; 0 for kernels of another size.
    """
    grid = kernel.weights.sum(axis=2)
    length = float(np.linalg.norm(grid))
    if grid.shape != (3, 3) or length == 0:
        return "", 0.0
    cosines = [
        float((grid * pattern).sum() / length / np.linalg.norm(pattern))
        for pattern, _, _ in _PATTERNS
    ]
    best = int(np.argmax(np.abs(cosines)))
    _, question, opposite = _PATTERNS[best]
    asked = question if cosines[best] > 0 else opposite
    return f"is it {asked}?", abs(cosines[best])
