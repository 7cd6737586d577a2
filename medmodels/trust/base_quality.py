"""Is a window of bases good enough to be read? Measures of it, and what they mean.

The thresholds come from the bundle (``trust.json``, table ``quality``), where
each stands with the measurement it rests on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from medmodels.trust.checks import Check, judge
from medmodels.trust.findings import Finding, Thresholds

Doubles = npt.NDArray[np.float64]
Values = npt.NDArray[np.floating[Any]]
Bools = npt.NDArray[np.bool_]

MIDDLE: Final = 10
"""Bases around the place that is judged, half of them on either side of it."""
_WORD = 3
_WORDS = 4**_WORD
# Fewer known words than this say nothing about repetition.
_FEWEST_WORDS = 20
_BASES = 4


@dataclass(frozen=True)
class BaseQuality:
    """What was measured of one window.

    Parameters
    ----------
    unknown : float
        Share of what could be known of the bases that is not: 0 where every base is
        known, a half for a letter that stands for two bases, 1 for N.
    middle : float
        The same of the `MIDDLE` bases around the place that is judged.
    complexity : float
        Different words of three known bases over the most there could be, 0 to 1;
        NaN where too few bases are known.
    run : float
        Longest run of one known base, bases.
    """

    unknown: float
    middle: float
    complexity: float
    run: float


def measure_bases(windows: Values) -> Doubles:
    """Measure windows.

    Complexity is that of Trifonov 1990 ("linguistic complexity"), for words of three
    letters: repeats and runs have few different ones.

    Parameters
    ----------
    windows : ndarray, shape (n, L, 4)
        Mixtures of A, C, G and T; every row sums to 1.

    Returns
    -------
    ndarray, float64, shape (n, 4)
        Columns as the fields of `BaseQuality`.
    """
    windows = np.asarray(windows)
    half = windows.shape[1] // 2
    lost = uncertainty(windows)
    letters, known = windows.argmax(axis=2), windows.max(axis=2) == 1
    columns = (
        lost.mean(axis=1),
        lost[:, half - MIDDLE // 2 : half + MIDDLE // 2].mean(axis=1),
        _complexity(letters, known),
        longest_runs(letters, known),
    )
    return np.stack(columns, axis=1)


def uncertainty(windows: Values) -> Doubles:
    """What is not known of each base: the entropy of its mixture over that of N, (n, L)."""
    p = np.asarray(windows, dtype=np.float64)
    nats = -(p * np.log(np.where(p > 0, p, 1.0))).sum(axis=2)
    return np.asarray(nats / np.log(_BASES))


def _complexity(letters: npt.NDArray[np.int64], known: Bools) -> Doubles:
    codes = np.zeros((len(letters), letters.shape[1] - _WORD + 1), dtype=np.int64)
    whole = np.ones(codes.shape, dtype=bool)
    for k in range(_WORD):
        part = slice(k, k + codes.shape[1])
        codes, whole = codes * _BASES + letters[:, part], whole & known[:, part]
    # Words that are not known stand in a place of their own, which is not counted.
    seen = np.zeros((len(letters), _WORDS + 1), dtype=bool)
    np.put_along_axis(seen, np.where(whole, codes, _WORDS), True, axis=1)
    words = whole.sum(axis=1)
    share = seen[:, :_WORDS].sum(axis=1) / np.minimum(np.maximum(words, 1), _WORDS)
    return np.where(words >= _FEWEST_WORDS, share, np.nan)


def longest_runs(letters: npt.NDArray[np.int64], known: Bools) -> Doubles:
    """Longest run of one known base in each window.

    Parameters
    ----------
    letters : ndarray, int64, shape (n, L)
        The likeliest base of each place.
    known : ndarray, bool, shape (n, L)

    Returns
    -------
    ndarray, float64, shape (n,)
        Bases; 0 where none is known.
    """
    run = known[:, 0].astype(np.float64)
    longest = run
    for place in range(1, letters.shape[1]):
        same = known[:, place - 1] & (letters[:, place] == letters[:, place - 1])
        run = np.where(known[:, place], np.where(same, run + 1, 1.0), 0.0)
        longest = np.maximum(longest, run)
    return longest


CHECKS: Mapping[str, Check] = {
    "unknown": Check(
        "unknown", False,
        "{value:.0%} of the bases are not known (usual up to {usual:.0%}). Sequence the region "
        "again, or use the reference sequence for them.",
        "too few of the bases are known",
    ),
    "middle": Check(
        "middle", False,
        "{value:.0%} of the ten bases in the middle, where the answer is decided, are not known "
        "(usual up to {usual:.0%}).",
        "too few of the bases in the middle are known",
    ),
    "repeats": Check(
        "complexity", True,
        "The bases repeat themselves: of the words of three bases that there could be, only "
        "{value:.0%} are there (usual from {usual:.0%}). Hardly any sequence that the network "
        "learned from is like that.",
        "the bases repeat themselves",
    ),
    "run": Check(
        "run", False,
        "One base stands {value:.0f} times in a row (usual up to {usual:.0f}). Sequencing "
        "machines miscount such runs: compare with the reference.",
        "one base stands unusually often in a row",
    ),
}  # fmt: skip


def judge_bases(quality: BaseQuality, thresholds: Thresholds) -> tuple[Finding, ...]:
    """Say what is wrong with one window, the gravest first; see `medmodels.trust.checks.judge`."""
    return judge(quality, CHECKS, thresholds)


def severities(measured: Doubles, code: str, thresholds: Thresholds) -> npt.NDArray[np.int64]:
    """How grave one check is in each of many windows.

    Parameters
    ----------
    measured : ndarray, shape (n, 4)
        From `measure_bases`.
    code : str
        A key of `CHECKS` that has a threshold.
    thresholds : mapping

    Returns
    -------
    ndarray, int64, shape (n,)
        0 within limits, else `WARNING` or `UNREADABLE`.
    """
    check, limits = CHECKS[code], thresholds[code]
    column = measured[:, list(BaseQuality.__dataclass_fields__).index(check.measure)]
    grave = [limits.crossed(float(value), low=check.low) for value in column]
    return np.array([0 if crossed is None else crossed[0] for crossed in grave], dtype=np.int64)
