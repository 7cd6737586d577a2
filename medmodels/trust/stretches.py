"""How unlike the training recordings a recording is, stretch by stretch of its beats."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from medmodels.inputs.beat_windows import BeatInputs
from medmodels.trust.out_of_distribution import Score

Doubles = npt.NDArray[np.float64]
Values = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.int64]

BEATS: Final = 30
"""Beats in a stretch, about half a minute; a recording with fewer is one stretch."""
REFUSED_SHARE: Final = 0.5
"""A recording is refused when more than this share of its beats lies in refused stretches."""


def stretch_bounds(beats: int, size: int = BEATS) -> Ints:
    """Where a recording's beats are cut into stretches of nearly the same size.

    Parameters
    ----------
    beats : int
        At least 1.
    size : int
        Beats wanted in a stretch.

    Returns
    -------
    ndarray, int64, shape (n_stretches + 1,)
        Stretch ``k`` holds the beats from ``bounds[k]`` up to ``bounds[k + 1]``.

    Examples
    --------
    >>> stretch_bounds(64).tolist(), stretch_bounds(7).tolist()
    ([0, 32, 64], [0, 7])
    """
    count = max(1, round(beats / size))
    return np.rint(np.linspace(0, beats, count + 1)).astype(np.int64)


def pool(features: Values, bounds: Ints) -> Doubles:
    """Mean and spread of each feature over the beats of each stretch.

    Parameters
    ----------
    features : ndarray, shape (n_beats, d)
    bounds : ndarray, int64, shape (n_stretches + 1,)
        From `stretch_bounds`.

    Returns
    -------
    ndarray, float64, shape (n_stretches, 2 d)
        The means of all features, then their standard deviations.
    """
    parts = [features[a:b] for a, b in pairwise(bounds)]
    rows = [np.concatenate([part.mean(axis=0), part.std(axis=0)]) for part in parts]
    return np.asarray(rows, dtype=np.float64)


def beat_rows(inputs: BeatInputs) -> npt.NDArray[np.float32]:
    """What the score reads of each beat: its window, both leads; shape (n_beats, d)."""
    return inputs.windows.reshape(len(inputs.windows), -1)


@dataclass(frozen=True)
class StretchVerdict:
    """Which parts of a recording are unlike the training recordings.

    Parameters
    ----------
    scores : ndarray, float64, shape (n_stretches,)
        Higher is less like the training recordings.
    threshold : float
        From here on a stretch is refused.
    unlike : float
        Share of the beats that lies in refused stretches, 0 to 1.
    middle : float
        Median over the beats of their stretch's score.
    refused : bool
        Whether the recording as a whole is refused.
    where : tuple of (float, float)
        Refused stretches, those side by side joined: seconds.
    """

    scores: Doubles
    threshold: float
    unlike: float
    middle: float
    refused: bool
    where: tuple[tuple[float, float], ...]


def judge_stretches(
    features: Values, times_s: Doubles, score: Score, threshold: float
) -> StretchVerdict:
    """Judge a recording by the features of its beats.

    Parameters
    ----------
    features : ndarray, shape (n_beats, d)
        One row a beat, in the order of the recording; at least one.
    times_s : ndarray, float64, shape (n_beats,)
        R peaks, seconds, increasing.
    score : Score
        Fitted to pooled features, (n_stretches, 2 d).
    threshold : float

    Returns
    -------
    StretchVerdict
    """
    bounds = stretch_bounds(len(features))
    scores = score.score(pool(features, bounds))
    beyond = scores >= threshold
    unlike = float(np.diff(bounds)[beyond].sum() / bounds[-1])
    where: list[tuple[float, float]] = []
    for k in np.flatnonzero(beyond):
        start, end = float(times_s[bounds[k]]), float(times_s[bounds[k + 1] - 1])
        if k and beyond[k - 1]:
            start = where.pop()[0]
        where.append((start, end))
    middle = float(np.median(np.repeat(scores, np.diff(bounds))))
    return StretchVerdict(scores, threshold, unlike, middle, unlike > REFUSED_SHARE, tuple(where))
