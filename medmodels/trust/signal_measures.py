"""All that the quality check of an ECG measures, before any of it is judged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from medmodels.trust.signal_levels import (
    mains_levels,
    noise_levels,
    qrs_height,
    slowed,
    stretches,
    wander_levels,
)
from medmodels.trust.signal_runs import Runs, clipped_runs, flat_runs, runs_of

Doubles = npt.NDArray[np.float64]

# A line this much lower than the lead's beats shows none of them.
_FLAT_SHARE = 0.02


@dataclass(frozen=True)
class SignalMeasures:
    """What was measured in a recording.

    Parameters
    ----------
    seconds : float
        Duration.
    heights : ndarray, float64, shape (n_leads,)
        QRS height, in the unit of the samples; NaN without beats.
    noise, mains, wander : ndarray, float64, shape (n_leads, n_stretches)
        Fast noise (standard deviation), hum (amplitude) and baseline wander
        (lowest to highest point), as shares of the lead's QRS height; NaN
        without beats or where the lead is off.
    gaps, flat, clipped : tuple of ndarray, float64, shape (n, 2)
        For each lead, start and end of each run, seconds.
    dead : ndarray, float64, shape (n, 2)
        Runs in which no lead has a signal, seconds.
    missing : float
        Share of all values that are missing, 0 to 1.
    beats : int
    heart_rate : float
        Median, beats a minute; NaN with fewer than two beats.
    """

    seconds: float
    heights: Doubles
    noise: Doubles
    mains: Doubles
    wander: Doubles
    gaps: tuple[Doubles, ...]
    flat: tuple[Doubles, ...]
    clipped: tuple[Doubles, ...]
    dead: Doubles
    missing: float
    beats: int
    heart_rate: float

    def share(self, runs: Doubles) -> float:
        """Share of the recording that runs take up, 0 to 1."""
        return float((runs[:, 1] - runs[:, 0]).sum() / self.seconds)

    def stretch(self, k: int) -> tuple[float, float]:
        """Start and end of stretch ``k``, seconds."""
        size = self.seconds / self.noise.shape[1]
        return k * size, (k + 1) * size


def measure_signal(
    samples: npt.NDArray[np.float32], rate: float, r_peaks: npt.NDArray[np.int64]
) -> SignalMeasures:
    """Measure the quality of a recording.

    Parameters
    ----------
    samples : ndarray, float32, shape (n, n_leads)
        In any unit; NaN in gaps. At least one sample and one lead.
    rate : float
        Hz.
    r_peaks : ndarray, int64, shape (n_beats,)
        Sample indices of the R peaks, increasing.

    Returns
    -------
    SignalMeasures
    """
    # One lead after the other, each side by side in memory: several times as fast.
    leads = np.ascontiguousarray(np.asarray(samples, dtype=np.float32).T)
    n = leads.shape[1]
    count, _ = stretches(n, rate)
    none = np.zeros((0, 2), dtype=np.int64)
    heights = np.full(len(leads), np.nan)
    levels = np.full((3, len(leads), count), np.nan)
    gaps: list[Runs] = []
    flat: list[Runs] = []
    clipped: list[Runs] = []
    missing = 0
    for k, x in enumerate(leads):
        absent = np.isnan(x)
        lost = int(np.count_nonzero(absent))
        missing += lost
        gaps.append(runs_of(absent) if lost else none)
        if lost == n:
            flat.append(none)
            clipped.append(none)
            continue
        if lost:
            x = _bridged(x, absent, gaps[-1])
        heights[k] = qrs_height(x, rate, r_peaks)
        runs = flat_runs(x, rate, _small(x, heights[k]))
        runs = _outside(runs, absent) if lost else runs
        flat.append(runs)
        clipped.append(clipped_runs(x, rate))
        if heights[k] > 0 and (runs[:, 1] - runs[:, 0]).sum() < 0.9 * n:
            slow, slow_rate = slowed(x, rate)
            levels[0, k] = noise_levels(slow, slow_rate) / heights[k]
            levels[1, k] = mains_levels(x, rate) / heights[k]
            levels[2, k] = wander_levels(slow, slow_rate) / heights[k]
    beating = np.diff(r_peaks) / rate
    return SignalMeasures(
        seconds=n / rate,
        heights=heights,
        noise=levels[0],
        mains=levels[1],
        wander=levels[2],
        gaps=tuple(runs / rate for runs in gaps),
        flat=tuple(runs / rate for runs in flat),
        clipped=tuple(runs / rate for runs in clipped),
        dead=_in_all([np.concatenate(both) for both in zip(gaps, flat, strict=True)]) / rate,
        missing=missing / max(leads.size, 1),
        beats=len(r_peaks),
        heart_rate=60.0 / float(np.median(beating)) if len(beating) else float("nan"),
    )


def _small(x: npt.NDArray[np.float32], height: float) -> float:
    """Height within which a lead counts as flat."""
    if height > 0:
        return _FLAT_SHARE * height
    return _FLAT_SHARE * float(np.ptp(np.quantile(x[:: max(1, len(x) // 8192)], [0.005, 0.995])))


def _bridged(
    x: npt.NDArray[np.float32], absent: npt.NDArray[np.bool_], gaps: Runs
) -> npt.NDArray[np.float32]:
    """Straight lines across gaps, from the samples beside each; level at the ends."""
    beside = np.unique(np.concatenate([gaps[:, 0] - 1, gaps[:, 1]]))
    beside = beside[(beside >= 0) & (beside < len(x))]
    filled = x.copy()
    filled[absent] = np.interp(np.flatnonzero(absent), beside, x[beside])
    return filled


def _outside(runs: Runs, absent: npt.NDArray[np.bool_]) -> Runs:
    """Runs that are not mostly a bridged gap."""
    kept = [run for run in runs if absent[run[0] : run[1]].mean() < 0.5]
    return np.array(kept, dtype=np.int64).reshape(-1, 2)


def _in_all(runs: list[Runs]) -> Runs:
    """Runs in which every lead is inside one of its own, from the edges alone."""
    edges = [
        np.stack([r[:, 0], np.ones(len(r), dtype=np.int64)], axis=1) for r in map(_joined, runs)
    ]
    edges += [
        np.stack([r[:, 1], -np.ones(len(r), dtype=np.int64)], axis=1) for r in map(_joined, runs)
    ]
    both = np.concatenate(edges)
    # At one place, an end comes before a start.
    both = both[np.lexsort((both[:, 1], both[:, 0]))]
    depth = np.cumsum(both[:, 1])
    starts = np.flatnonzero((depth == len(runs)) & (both[:, 1] == 1))
    return np.stack([both[starts, 0], both[starts + 1, 0]], axis=1) if len(starts) else both[:0]


def _joined(runs: Runs) -> Runs:
    """Runs of one lead, those that overlap or touch made one."""
    if len(runs) < 2:
        return runs
    runs = runs[np.argsort(runs[:, 0])]
    reach = np.maximum.accumulate(runs[:, 1])
    first = np.r_[True, runs[1:, 0] > reach[:-1]]
    last = np.r_[first[1:], True]
    return np.stack([runs[first, 0], reach[last]], axis=1)
