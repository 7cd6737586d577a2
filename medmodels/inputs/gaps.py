"""Stretches of a signal without values."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from medmodels.inputs.errors import InputError
from medmodels.inputs.signal_limits import check_size


def count_gaps(values: npt.NDArray[np.float32]) -> tuple[int, float]:
    """Count the gaps of a signal.

    Parameters
    ----------
    values : ndarray, float32, shape (n_samples, n_leads)
        NaN in gaps.

    Returns
    -------
    gaps : int
        Stretches in which at least one lead has no value.
    missing : float
        Fraction of all values that are missing, 0 to 1.

    Examples
    --------
    >>> nan = np.nan
    >>> count_gaps(np.array([[0.0], [nan], [nan], [1.0], [nan]], np.float32))
    (2, 0.6)
    """
    if values.size == 0:
        return 0, 0.0
    empty = np.isnan(values)
    rows: npt.NDArray[np.bool_] = np.asarray(empty.any(axis=1))
    starts = int(rows[0]) + int(np.count_nonzero(rows[1:] & ~rows[:-1]))
    return starts, float(empty.mean())


def spread_rows(
    values: npt.NDArray[np.float32], positions: npt.NDArray[np.int64]
) -> npt.NDArray[np.float32]:
    """Put rows where their times say, with NaN between them.

    Parameters
    ----------
    values : ndarray, float32, shape (n_rows, n_leads)
    positions : ndarray, int64, shape (n_rows,)
        Strictly increasing sample indices.

    Returns
    -------
    ndarray, float32, shape (positions[-1] + 1, n_leads)

    Raises
    ------
    InputError
        When the gaps are longer than the signal itself.
    """
    length = int(positions[-1]) + 1
    check_size(length, values.shape[1])
    if length > 2 * len(values):
        raise InputError(
            "times with gaps longer than the signal itself.",
            "one continuous recording.",
            "Export one continuous stretch of the recording.",
        )
    spread = np.full((length, values.shape[1]), np.nan, dtype=np.float32)
    spread[positions] = values
    return spread
