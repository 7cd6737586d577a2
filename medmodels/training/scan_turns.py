"""A radiograph turned, mirrored or inverted: near its distribution, and wrong to read."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Images = npt.NDArray[np.float32]

# Names stand in trust.json and choose the sentence that a reader sees.
TURNS: dict[str, Callable[[Images], Images]] = {
    "turned_right": lambda x: np.rot90(x, -1, axes=(1, 2)),
    "turned_left": lambda x: np.rot90(x, 1, axes=(1, 2)),
    "upside_down": lambda x: np.rot90(x, 2, axes=(1, 2)),
    "mirrored": lambda x: x[:, :, ::-1],
    "inverted": lambda x: 1.0 - x,
}


def turned(images: Images, name: str) -> Images:
    """Change a batch in one of the ways of `TURNS`.

    Parameters
    ----------
    images : ndarray, float32, shape (N, side, side, C)
        Values in 0 to 1.
    name : str

    Returns
    -------
    ndarray, float32, shape (N, side, side, C)
    """
    return np.ascontiguousarray(TURNS[name](images), dtype=np.float32)
