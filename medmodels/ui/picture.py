"""A small picture inside the page itself.

Streamlit serves images as files that a run registers anew. When one run is cut
short by the next, as happens when an audit ends while a file is being chosen,
a file can be gone before the browser has asked for it.
"""

from __future__ import annotations

import base64
import html
import io

import numpy as np
import numpy.typing as npt
import streamlit as st
from PIL import Image


def show_picture(
    values: npt.NDArray[np.float32], *, alt: str, width: int | None = None, caption: str = ""
) -> None:
    """Draw a picture as wide as its place, or of a width.

    Parameters
    ----------
    values : ndarray, shape (H, W), (H, W, 1) or (H, W, 3)
        0 to 1.
    alt : str
        What it shows, for those who cannot see it.
    width : int, optional
        Pixels.
    caption : str
        Below it.
    """
    points = np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)
    buffer = io.BytesIO()
    grey = points.ndim == 3 and points.shape[2] == 1
    Image.fromarray(points[..., 0] if grey else points).save(buffer, "PNG")
    content = base64.b64encode(buffer.getvalue()).decode()
    wide = "100%" if width is None else f"{width}px"
    below = f'<figcaption class="dia-small">{html.escape(caption)}</figcaption>' if caption else ""
    st.html(
        f'<figure style="margin:0;width:{wide}">'
        f'<img src="data:image/png;base64,{content}" alt="{html.escape(alt)}" '
        f'style="width:100%;border-radius:0.25rem">{below}</figure>',
        width="stretch" if width is None else width,
    )
