"""Times on the axes of an ECG, as a clock from the start of the recording."""

from __future__ import annotations

import numpy as np

_STEPS = (0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600)


def clock(seconds: float, decimals: int = 0) -> str:
    """Write a time from the start.

    Parameters
    ----------
    seconds : float
        0 or more.
    decimals : int
        Of the seconds.

    Examples
    --------
    >>> clock(65), clock(3725.25, 2), clock(59.996, 2), clock(7.5, 1)
    ('1:05', '1:02:05.25', '1:00.00', '0:07.5')
    """
    units = 10**decimals
    whole, part = divmod(round(max(seconds, 0.0) * units), units)
    minutes, rest = divmod(whole, 60)
    fraction = f".{part:0{decimals}d}" if decimals else ""
    if minutes < 60:
        return f"{minutes}:{rest:02d}{fraction}"
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}{fraction}"


def clock_ticks(start: float, end: float, most: int = 12) -> tuple[list[float], list[str]]:
    """Round times between two others, with their labels.

    Parameters
    ----------
    start, end : float
        Seconds.
    most : int
        How many at most.

    Returns
    -------
    tuple
        Seconds, and the same in words.
    """
    step = next((s for s in _STEPS if (end - start) / s <= most), _STEPS[-1])
    first = int(np.ceil(start / step - 1e-9))
    last = int(np.floor(end / step + 1e-9))
    values = [round(i * step, 3) for i in range(first, last + 1) if i >= 0]
    return values, [clock(value, 0 if step >= 1 else 1) for value in values]
