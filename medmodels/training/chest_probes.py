"""What the chest network knows without the lungs, and with nothing but them.

Shortcuts are looked for on validation images: a network that needs the edge
of the film, or that answers from it alone, has learned how the child lay.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Images = npt.NDArray[np.float32]
_EDGE = 1 / 8


def probes(images: Images) -> Iterator[tuple[str, Images]]:
    """Yield the images with parts hidden in black.

    Parameters
    ----------
    images : ndarray, float32, shape (N, side, side, 1)
        Grey values in 0 to 1.

    Yields
    ------
    name : str
    images : ndarray, float32, shape (N, side, side, 1)
    """
    edge = round(images.shape[1] * _EDGE)
    inside = np.zeros_like(images)
    inside[:, edge:-edge, edge:-edge] = images[:, edge:-edge, edge:-edge]
    yield "outer eighth hidden", inside
    yield "only the outer eighth left", images - inside
    corner = images.copy()
    corner[:, : round(images.shape[1] * 0.3), : round(images.shape[2] * 0.18)] = 0.0
    yield "corner of the side marker hidden", corner
