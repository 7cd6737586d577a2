"""Which stretch of a recording a report shows: the one with the gravest beats."""

from __future__ import annotations

import numpy as np

from medmodels.reading import Reading


def worst_start(reading: Reading, seconds: float) -> float:
    """Where the stretch with the gravest beats begins: half a second before its first.

    Parameters
    ----------
    reading : Reading
        Of a recording.
    seconds : float
        Length of the stretch.

    Returns
    -------
    float
        Seconds from the recording's start; 0 where every beat is quiet.
    """
    assert reading.beats is not None
    severity = np.array([entry.severity for entry in reading.card.classes])[reading.labels]
    times = reading.beats.times_s
    if not severity.any():
        return 0.0
    # One grave beat outweighs a few to watch.
    weight = np.concatenate([[0.0], np.cumsum(severity.astype(np.float64) ** 2)])
    ends = np.searchsorted(times, times + seconds - 1.0)
    found = weight[ends] - weight[: len(times)]
    first = times[int(np.argmax(np.where(severity > 0, found, -1.0)))]
    latest = max(reading.beats.seconds - seconds, 0.0)
    return float(np.clip(np.floor(2 * (first - 0.5)) / 2, 0.0, latest))
