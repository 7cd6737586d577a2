"""Convolution: one small grid of numbers slid over an image.

The formula is that of the article behind this project,

    y(i, j) = sum over p and q of x(i + p, j + q) f(p, q)

which is what networks compute under the name of convolution (without turning
the kernel round: Goodfellow, Bengio and Courville 2016, section 9.1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

# What a network does with a sum, by the name that Keras gives it.
_ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "relu6": lambda x: np.clip(x, 0, 6),
}


@dataclass(frozen=True)
class Kernel:
    """A small grid of weights and how it is moved over an image.

    Parameters
    ----------
    title : str
        As on screen.
    weights : ndarray, float32, shape (kh, kw, C)
        One plane for each channel of the image.
    bias : float
        Added to every sum; 0 where there is none.
    activation : str
        "linear" (nothing), "relu" or "relu6".
    stride : int
        Pixels from one window to the next, both ways.
    same : bool
        Whether zeros are put round the image, so that a stride of 1 keeps its size.
    """

    title: str
    weights: Array
    bias: float = 0.0
    activation: str = "linear"
    stride: int = 1
    same: bool = True

    def __post_init__(self) -> None:
        if self.activation not in _ACTIVATIONS:
            raise ValueError(f'no activation is known by the name "{self.activation}"')

    def activate(self, summed: Array) -> Array:
        """What the network makes of its sums, any shape."""
        return np.asarray(_ACTIVATIONS[self.activation](summed), dtype=np.float32)


@dataclass(frozen=True)
class Window:
    """One place of the kernel, with every number on the way to the result.

    Parameters
    ----------
    top, left : int
        The window's first row and column in the image; outside it where zeros
        were put round.
    values, products : ndarray, float32, shape (kh, kw, C)
        The image under the window, and that times the kernel.
    total : float
        Sum of the products: y(i, j).
    biased : float
        With the bias.
    output : float
        After the activation.
    """

    top: int
    left: int
    values: Array
    products: Array
    total: float
    biased: float
    output: float


@dataclass(frozen=True)
class Convolved:
    """An image and what a kernel makes of it.

    Parameters
    ----------
    kernel : Kernel
    padded : ndarray, float32, shape (H', W', C)
        The image with the zeros round it.
    before : tuple of int
        Rows and columns of zeros above and to the left.
    totals : ndarray, float32, shape (h, w)
        Sums of products.
    output : ndarray, float32, shape (h, w)
        With the bias, after the activation.
    """

    kernel: Kernel
    padded: Array
    before: tuple[int, int]
    totals: Array
    output: Array

    def window(self, row: int, column: int) -> Window:
        """Every number of one place, 0 <= row < h, 0 <= column < w.

        Raises
        ------
        IndexError
            Outside the output.
        """
        h, w = self.output.shape
        if not (0 <= row < h and 0 <= column < w):
            raise IndexError(f"({row}, {column}) lies outside the {h} x {w} output")
        kh, kw = self.kernel.weights.shape[:2]
        top, left = row * self.kernel.stride, column * self.kernel.stride
        values = self.padded[top : top + kh, left : left + kw]
        products = values * self.kernel.weights
        total = float(products.sum(dtype=np.float64))
        biased = total + self.kernel.bias
        return Window(
            top - self.before[0], left - self.before[1], values, products, total, biased,
            float(self.kernel.activate(np.array(biased, np.float32))),
        )  # fmt: skip


def padding(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """Zeros before and after one side of an image, as TensorFlow's "SAME" puts them.

    The odd one goes after; with a stride of 2 that may leave none before.

    Parameters
    ----------
    size, kernel, stride : int
        Pixels along this side.

    Examples
    --------
    >>> padding(192, 3, 2)
    (0, 1)
    >>> padding(192, 3, 1)
    (1, 1)
    """
    outputs = -(-size // stride)
    total = max((outputs - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def convolve(image: Array, kernel: Kernel) -> Convolved:
    """Slide a kernel over an image.

    Parameters
    ----------
    image : ndarray, float32, shape (H, W, C)
    kernel : Kernel
        With C planes.

    Returns
    -------
    Convolved

    Raises
    ------
    ValueError
        When the channels differ or the kernel is larger than the image.
    """
    kh, kw, channels = kernel.weights.shape
    if image.ndim != 3 or image.shape[2] != channels:
        raise ValueError(f"a kernel of {channels} channels does not fit {image.shape}")
    rows = padding(image.shape[0], kh, kernel.stride) if kernel.same else (0, 0)
    columns = padding(image.shape[1], kw, kernel.stride) if kernel.same else (0, 0)
    padded = np.pad(image, (rows, columns, (0, 0)))
    if padded.shape[0] < kh or padded.shape[1] < kw:
        raise ValueError(f"a {kh} x {kw} kernel does not fit into {image.shape[:2]}")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(0, 1))
    windows = windows[:: kernel.stride, :: kernel.stride]
    totals = np.einsum("ijcpq,pqc->ij", windows, kernel.weights).astype(np.float32)
    output = kernel.activate(totals + np.float32(kernel.bias))
    return Convolved(kernel, padded, (rows[0], columns[0]), totals, output)


def telling_place(convolved: Convolved) -> tuple[int, int]:
    """Row and column where the sum is largest, in the middle three quarters of the map.

    By the sum, because many places may share the most that the activation lets through.
    """
    h, w = convolved.totals.shape
    top, left = h // 8, w // 8
    middle = convolved.totals[top : h - top, left : w - left]
    row, column = np.unravel_index(int(middle.argmax()), middle.shape)
    return int(row) + top, int(column) + left
