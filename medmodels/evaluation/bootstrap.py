"""Cluster bootstrap: intervals that resample patients or records, not rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

LEVEL = 0.95
RESAMPLES = 1000
SEED = 20180222


def plural(over: str) -> str:
    """What is resampled, in the plural.

    Examples
    --------
    >>> plural("patient"), plural("entry")
    ('patients', 'entries')
    """
    return f"{over[:-1]}ies" if over.endswith("y") else f"{over}s"


@dataclass(frozen=True)
class Estimate:
    """A value with its 95% interval; NaN where it is not defined."""

    value: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float | None]:
        """As plain JSON; a value that is not defined becomes null."""
        return {
            name: None if np.isnan(number) else round(float(number), 6)
            for name, number in (("value", self.value), ("low", self.low), ("high", self.high))
        }


def group_weights(
    n_groups: int, resamples: int = RESAMPLES, seed: int = SEED
) -> npt.NDArray[np.float64]:
    """How often each group is drawn in each resample.

    Parameters
    ----------
    n_groups : int
        Number of patients or records.
    resamples, seed : int

    Returns
    -------
    ndarray, float64, shape (resamples + 1, n_groups)
        The first row is all ones: the data as they are.

    Notes
    -----
    Field and Welsh 2007, "Bootstrapping clustered data": whole clusters are
    drawn with replacement, which keeps the dependence within a patient.
    """
    return np.vstack([np.ones(n_groups), _drawn(n_groups, resamples, seed)])


@lru_cache(maxsize=8)
def _drawn(n_groups: int, resamples: int, seed: int) -> npt.NDArray[Any]:
    """Drawn once for all the statistics of a split: that takes longer than most of them.

    Returns
    -------
    ndarray of the smallest unsigned integers that hold the counts, (resamples, n_groups)
    """
    drawn = np.random.default_rng(seed).multinomial(
        n_groups, np.full(n_groups, 1 / n_groups), size=resamples
    )
    return drawn.astype(np.min_scalar_type(n_groups))


def estimate(values: npt.NDArray[np.float64]) -> Estimate:
    """Percentile interval from a statistic's value and its resamples.

    Parameters
    ----------
    values : ndarray, shape (resamples + 1,)
        The first is the value on the data as they are.
    """
    tail = (1 - LEVEL) / 2
    resampled = values[1:][~np.isnan(values[1:])]
    if np.isnan(values[0]) or not len(resampled):
        return Estimate(float(values[0]), np.nan, np.nan)
    low, high = np.quantile(resampled, [tail, 1 - tail])
    return Estimate(float(values[0]), float(low), float(high))
