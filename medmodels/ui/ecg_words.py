"""Plain words about beats: shares, times, intervals, and cells of a table."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from medmodels.reading.site_files import as_cell


def say_share(count: int, total: int) -> str:
    """Say a count as a share of all beats.

    Examples
    --------
    >>> say_share(12, 2274), say_share(0, 10), say_share(1, 10000)
    ('0.5% of the beats', 'none', 'less than 0.1% of the beats')
    """
    if not count:
        return "none"
    share = count / total
    return "less than 0.1% of the beats" if share < 0.001 else f"{share:.1%} of the beats"


def say_left(seconds: float) -> str:
    """Say how long it will take.

    Examples
    --------
    >>> say_left(2.2), say_left(75)
    ('about 3 s left', 'about 2 min left')
    """
    return (
        f"about {int(np.ceil(seconds))} s left"
        if seconds < 60
        else f"about {round(seconds / 60 + 0.4)} min left"
    )


def intervals_around(
    times_s: npt.NDArray[np.float64], beat: int
) -> tuple[float | None, float | None, float]:
    """Intervals before and after a beat, and the recording's usual one.

    Parameters
    ----------
    times_s : ndarray, float64, shape (n_beats,)
    beat : int

    Returns
    -------
    before, after : float or None
        Milliseconds; None at the ends.
    usual : float
        Median interval, milliseconds; NaN with one beat only.
    """
    rr = np.diff(times_s) * 1000
    before = float(rr[beat - 1]) if beat else None
    after = float(rr[beat]) if beat < len(rr) else None
    return before, after, float(np.median(rr)) if len(rr) else float("nan")


def csv_cell(value: object) -> str:
    """Write a cell that no spreadsheet runs as a formula.

    Text that starts like a formula gets an apostrophe (OWASP, "CSV injection").

    Examples
    --------
    >>> csv_cell("=1+1"), csv_cell("V"), csv_cell(-3.5), csv_cell('a "b", c')
    ("'=1+1", 'V', '-3.5', '"a ""b"", c"')
    """
    text = str(value)
    if isinstance(value, str):
        text = as_cell(text)
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\n\r') else text
