"""Files that tests of many cases read."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image


def png(picture: npt.NDArray[Any]) -> bytes:
    """A PNG of a picture, (H, W) or (H, W, 1), 0 to 1."""
    grey = picture.reshape(picture.shape[:2])
    file = io.BytesIO()
    Image.fromarray(np.rint(255 * np.clip(grey, 0, 1)).astype(np.uint8)).save(file, "PNG")
    return file.getvalue()
