"""CIEDE2000: how different two colours look."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Lab = npt.NDArray[np.float64]

# IEC 61966-2-1, and its white.
_TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
) / np.array([[0.9505], [1.0], [1.089]])


def linear(colour: str) -> npt.NDArray[np.float64]:
    """Linear RGB of ``#rrggbb``, 0 to 1."""
    srgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def lab(rgb: npt.NDArray[np.float64]) -> Lab:
    """CIELAB of linear RGB, under D65."""
    xyz = _TO_XYZ @ np.clip(rgb, 0, 1)
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz * 841 / 108 + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ciede2000(one: Lab, other: Lab) -> float:
    """Difference of two colours.

    Parameters
    ----------
    one, other : ndarray, shape (3,)
        CIELAB.

    Returns
    -------
    float
        About 1 is just to be seen, side by side.

    References
    ----------
    Sharma, Wu and Dalal 2005, Color Research and Application 30:21-30.
    """
    light, a, b = np.array([one, other]).T
    chroma = np.hypot(a, b)
    mean7 = chroma.mean() ** 7
    a = a * (1.5 - 0.5 * np.sqrt(mean7 / (mean7 + 25.0**7)))
    chroma = np.hypot(a, b)
    hue = np.degrees(np.arctan2(b, a)) % 360
    grey = chroma.prod() == 0
    turn = 0.0 if grey else (hue[1] - hue[0] + 180) % 360 - 180
    d_light, d_chroma = np.diff(light)[0], np.diff(chroma)[0]
    d_hue = 2 * np.sqrt(chroma.prod()) * np.sin(np.radians(turn / 2))
    m_light, m_chroma = light.mean(), chroma.mean()
    m_hue = hue.sum() if grey else hue[0] + turn / 2
    t = (
        1 - 0.17 * np.cos(np.radians(m_hue - 30)) + 0.24 * np.cos(np.radians(2 * m_hue))
        + 0.32 * np.cos(np.radians(3 * m_hue + 6)) - 0.20 * np.cos(np.radians(4 * m_hue - 63))
    )  # fmt: skip
    s_light = 1 + 0.015 * (m_light - 50) ** 2 / np.sqrt(20 + (m_light - 50) ** 2)
    s_chroma, s_hue = 1 + 0.045 * m_chroma, 1 + 0.015 * m_chroma * t
    turned = 60 * np.exp(-(((m_hue % 360 - 275) / 25) ** 2))
    r = -np.sin(np.radians(turned)) * 2 * np.sqrt(m_chroma**7 / (m_chroma**7 + 25.0**7))
    x, y, z = d_light / s_light, d_chroma / s_chroma, d_hue / s_hue
    return float(np.sqrt(x * x + y * y + z * z + r * y * z))
