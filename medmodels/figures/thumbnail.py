"""A small picture of a scan, plain or with a map over it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from plotly.colors import get_colorscale, sample_colorscale

from medmodels.explain.saliency_map import SaliencyMap
from medmodels.figures.saliency_scale import SaliencyScale
from medmodels.figures.theme import LIGHT, SEQUENTIAL, diverging
from medmodels.inputs.preparation import match_channels, resize

_OPACITY = 0.6
# Share of the scale over which a colour fades in, as over the whole scan.
_FADE = 0.35
_STEPS = 65

Bytes = npt.NDArray[np.uint8]


def plain_thumbnail(seen: npt.NDArray[np.float32], side: int) -> Bytes:
    """What the network saw, made small.

    Parameters
    ----------
    seen : ndarray, float32, shape (H, W, C)
        0 to 1.
    side : int
        Pixels.

    Returns
    -------
    ndarray, uint8, shape (side, side, C)
    """
    return np.rint(255 * np.clip(resize(seen, side), 0, 1)).astype(np.uint8)


def map_thumbnail(
    seen: npt.NDArray[np.float32], saliency: SaliencyMap, scale: SaliencyScale, side: int
) -> Bytes:
    """The same with a map over it, in the colours and on the scale of the large one.

    Parameters
    ----------
    seen : ndarray, float32, shape (H, W, C)
        0 to 1.
    saliency : SaliencyMap
        values (H, W).
    scale : SaliencyScale
    side : int

    Returns
    -------
    ndarray, uint8, shape (side, side, 3)
    """
    small = resize(saliency.values[..., None], side)[..., 0]
    below = match_channels(resize(seen, side).squeeze(), 3)
    return laid_over(below, small, saliency, scale)


def laid_over(
    below: npt.NDArray[np.float32],
    values: npt.NDArray[np.float32],
    saliency: SaliencyMap,
    scale: SaliencyScale,
) -> Bytes:
    """A map's colours over a picture; where there is nothing to show the picture is untouched.

    Parameters
    ----------
    below : ndarray, float32, shape (H, W, 3)
        0 to 1.
    values : ndarray, float32, shape (H, W)
        The map, brought to the picture's size.
    saliency : SaliencyMap
        Whether it is signed.
    scale : SaliencyScale

    Returns
    -------
    ndarray, uint8, shape (H, W, 3)
    """
    share = np.clip(values / scale.highest, -1 if saliency.signed else 0, 1)
    place = (share + 1) / 2 if saliency.signed else share
    colour = bar_colours(saliency)[np.rint(place * (_STEPS - 1)).astype(int)]
    alpha = _OPACITY * np.clip(np.abs(share) / _FADE, 0, 1)[..., None]
    return np.rint(255 * np.clip((1 - alpha) * below + alpha * colour, 0, 1)).astype(np.uint8)


def bar_colours(saliency: SaliencyMap) -> npt.NDArray[np.float32]:
    """Colours from the lower end of a map's scale to the upper, shape (n, 3), 0 to 1."""
    # A picture looks the same in both themes, and so do its colours.
    colours = diverging(LIGHT) if saliency.signed else get_colorscale(SEQUENTIAL)
    steps = sample_colorscale(colours, np.linspace(0, 1, _STEPS).tolist(), colortype="tuple")
    return np.asarray(steps, np.float32)
