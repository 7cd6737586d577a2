"""What an input is compared with: an input that says nothing."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

from medmodels.explain.arguments import Array

# Of the scan's side: wide enough that no rib or opacity remains.
_BLUR = 1 / 12


def scan_baseline(scan: Array, name: str) -> tuple[Array, str]:
    """Make a scan without findings out of a scan.

    No baseline is neutral for every question (Sturmfels, Lundberg and Lee
    2020, doi 10.23915/distill.00022): against black, a black region can never
    be evidence; against a blurred scan, overall brightness never is. A network
    that standardises each scan sees the same picture all along the path from
    an even baseline, black or grey, but for its very beginning: use "blurred".

    Parameters
    ----------
    scan : ndarray, float32, shape (1, H, W, C)
        Values in 0 to 1.
    name : str
        "blurred": the scan itself without detail (Gaussian, standard deviation
        a twelfth of the side); "black": 0; "mid": 0.5.

    Returns
    -------
    baseline : ndarray, float32, shape (1, H, W, C)
    words : str
        It in words, to stand beside the map.

    Raises
    ------
    ValueError
        When the name is none of these.
    """
    if name == "blurred":
        sigma = (0, scan.shape[1] * _BLUR, scan.shape[2] * _BLUR, 0)
        return gaussian_filter(scan, sigma, mode="reflect"), "the same scan, blurred"
    if name == "black":
        return np.zeros_like(scan), "a black scan"
    if name == "mid":
        return np.full_like(scan, 0.5), "an even grey scan"
    raise ValueError(f'baseline is "{name}", expected "blurred", "black" or "mid"')
