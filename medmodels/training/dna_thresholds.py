"""From where on a window of bases is unusual, and from where on it costs too much accuracy.

A warning begins where hardly any training window lies, or, where none lies at all,
where made disturbance begins to cost accuracy. An answer is withheld from where a made
disturbance costs the network a tenth of its balanced accuracy. The network has learned
from these windows; what is measured is by how much a disturbance makes it worse, not
how good it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from medmodels.training.dna_augment import CORE
from medmodels.training.dna_data import HALF, LENGTH
from medmodels.trust.base_quality import CHECKS, MIDDLE, BaseQuality, measure_bases

Floats = npt.NDArray[np.float32]
Answer = Callable[[Floats], npt.NDArray[np.int64]]
Change = Callable[[Floats, float, np.random.Generator], Floats]

_RARE: Final = 0.005  # share of training windows beyond a warning's threshold
_SOME: Final = 0.01  # balanced accuracy, from which on unknown bases are worth a warning
_LOSS: Final = 0.10  # balanced accuracy, from which on an answer is withheld
_SEED: Final = 7
_UNKNOWN: Final = 0.25  # of each base
# Where training windows have less than this unknown, they have as good as nothing unknown.
_ONE_BASE: Final = {"unknown": 1 / LENGTH, "middle": 1 / MIDDLE}


def mask(windows: Floats, share: float, rng: np.random.Generator) -> Floats:
    """Make a share of the bases of each window unknown."""
    return _masked(windows, share, rng, slice(0, LENGTH))


def mask_middle(windows: Floats, share: float, rng: np.random.Generator) -> Floats:
    """Make a share of the bases in the middle of each window unknown."""
    return _masked(windows, share, rng, slice(HALF - MIDDLE // 2, HALF + MIDDLE // 2))


def repeat_flanks(windows: Floats, share: float, rng: np.random.Generator) -> Floats:
    """Turn a share of the bases on either side of the junction into repeats of two to four."""
    changed = windows.copy()
    for window in changed:
        unit = np.eye(4, dtype=np.float32)[rng.integers(0, 4, int(rng.integers(2, 5)))]
        filling = np.resize(unit, windows.shape[1:])
        left, right = round(share * CORE[0]), round(share * (LENGTH - CORE[1]))
        window[:left] = filling[:left]
        window[LENGTH - right :] = filling[LENGTH - right :]
    return changed


def put_run(windows: Floats, length: float, rng: np.random.Generator) -> Floats:
    """Put a run of one base beside the junction, on either side of its core."""
    size = int(length)
    places = [*range(CORE[0] - size + 1), *range(CORE[1], LENGTH - size + 1)]
    changed = windows.copy()
    for window in changed:
        start = int(rng.choice(places))
        window[start : start + size] = np.eye(4, dtype=np.float32)[rng.integers(4)]
    return changed


def _masked(windows: Floats, share: float, rng: np.random.Generator, part: slice) -> Floats:
    changed = windows.copy()
    inside = changed[:, part]
    order = rng.random(inside.shape[:2]).argsort(axis=1).argsort(axis=1)
    inside[order < round(share * inside.shape[1])] = _UNKNOWN
    return changed


@dataclass(frozen=True)
class Trial:
    """A disturbance in rising strength, and what it is in words."""

    change: Change
    strengths: Sequence[float]
    words: str


TRIALS: Final[Mapping[str, Trial]] = {
    "unknown": Trial(
        mask, (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8),
        "with {0:.0%} of their bases unknown",
    ),
    "middle": Trial(
        mask_middle, tuple(k / MIDDLE for k in range(1, MIDDLE + 1)),
        "with {0:.0%} of the bases in the middle unknown",
    ),
    "repeats": Trial(
        repeat_flanks, (0.25, 0.5, 0.75, 0.9, 1.0),
        "with repeats in the place of {0:.0%} of the bases beside the junction",
    ),
    "run": Trial(put_run, (8, 10, 12, 14, 16, 20, 22), "with a run of {0:.0f} beside the junction"),
}  # fmt: skip


def measure_thresholds(
    windows: Floats, labels: npt.NDArray[np.integer[Any]], answer: Answer
) -> dict[str, dict[str, Any]]:
    """Measure every threshold.

    Parameters
    ----------
    windows : ndarray, float32, shape (n, 60, 4)
        Of the training.
    labels : ndarray of int, shape (n,)
    answer : callable
        From windows to class indices at the operating point.

    Returns
    -------
    dict
        The table ``quality`` of ``trust.json``: for each check ``warn``, ``refuse``
        (null where no strength cost that much) and ``why``.
    """
    fields = list(BaseQuality.__dataclass_fields__)
    usual = measure_bases(windows)
    clean = _balanced(answer(windows), labels)
    table: dict[str, dict[str, Any]] = {}
    for code, trial in TRIALS.items():
        check = CHECKS[code]
        place, sign = fields.index(check.measure), -1 if check.low else 1
        losses = _losses(trial, windows, labels, answer, clean, place)
        edge = float(np.nanquantile(usual[:, place], _RARE if check.low else 1 - _RARE))
        warn, why = edge, f"{1 - _RARE:.1%} of {len(usual):,} training windows lie within"
        broken = next((row for row in losses if row[2] >= _LOSS), None)
        if edge < _ONE_BASE.get(code, -np.inf):
            first = next((row for row in losses if row[2] >= _SOME), losses[-1])
            warn = first[1]
            why = f"hardly any of {len(usual):,} training windows has an unknown base; " + _say(
                trial, first
            )
        refuse = None
        if broken is not None and sign * broken[1] >= sign * warn:
            told = _say(trial, broken)
            refuse, why = _round(broken[1]), why if told in why else f"{why}; {told}"
        else:
            why += "; no tried strength beyond it cost a tenth of the balanced accuracy"
        table[code] = {"warn": _round(warn), "refuse": refuse, "why": why}
    return table


def _losses(
    trial: Trial, windows: Floats, labels: npt.NDArray[Any], answer: Answer, clean: float,
    place: int,
) -> list[tuple[float, float, float]]:  # fmt: skip
    """For each strength, the strength, the median of the measure, and the loss."""
    found = []
    for strength in trial.strengths:
        made = trial.change(windows, strength, np.random.default_rng(_SEED))
        measured = float(np.nanmedian(measure_bases(made)[:, place]))
        found.append((strength, measured, clean - _balanced(answer(made), labels)))
    return found


def _say(trial: Trial, row: tuple[float, float, float]) -> str:
    strength, _, loss = row
    return f"{trial.words.format(strength)} they lose {loss:.1%} of balanced accuracy"


def _balanced(predicted: npt.NDArray[Any], labels: npt.NDArray[Any]) -> float:
    return float(np.mean([(predicted[labels == k] == k).mean() for k in np.unique(labels)]))


def _round(value: float) -> float:
    return float(f"{value:.4g}")
