"""A drawn ECG whose numbers are known exactly: narrow triangles on a flat line."""

from __future__ import annotations

import numpy as np


def drawn_ecg(seconds=60.0, rate=360.0, height=1.0, bpm=60.0, leads=2):
    """Samples, float32, shape (n, leads), and R peaks.

    Each QRS is a triangle of 80 ms; the line between them slopes a little, so
    that it is not flat.
    """
    n = round(seconds * rate)
    peaks = np.arange(round(rate * 0.5), n - round(rate * 0.3), round(60 / bpm * rate))
    half = round(0.04 * rate)
    shape = 1 - np.abs(np.arange(-half, half + 1)) / half
    x = np.zeros(n)
    for peak in peaks:
        x[peak - half : peak + half + 1] += height * shape
    t = np.arange(n) / rate
    x += 0.1 * height * np.sin(2 * np.pi * bpm / 60 * t)
    return np.repeat(x[:, None], leads, axis=1).astype(np.float32), peaks.astype(np.int64)
