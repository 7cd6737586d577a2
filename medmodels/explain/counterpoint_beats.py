"""What speaks against the answer for a beat: every part replaced, one after another.

Each stretch of the trace, each group of numbers beside it and each beat around
it is replaced by what is usual in this recording (occlusion, Zeiler and Fergus
2014, arXiv 1311.2901). Whatever makes the answer stronger by its absence spoke
against it. All gains have one unit, so that a stretch can be compared with a
number and with a neighbour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d

from medmodels.explain.cells import Bools
from medmodels.explain.counterpoint import Score, strongest_first
from medmodels.explain.map_regions import Doubles, connected

if TYPE_CHECKING:
    from medmodels.explain.masking import BeatMasking, Progress

# Neighbours in time only: not the next beat, and not the other lead.
_ALONG = np.zeros((3, 3, 3), dtype=np.int_)
_ALONG[1, :, 1] = 1
# What the numbers beside a trace measure, by how their names begin.
_GROUPS = (
    ("how early it came", ("rr_before", "before_")),
    ("how soon the next came", ("rr_after", "after_")),
    ("how irregular the rhythm is", ("irregularity",)),
    ("its P wave, measured", ("p_",)),
    ("its QRS, measured", ("qrs_",)),
    ("its T wave, measured", ("t_",)),
)
_NOT_EVIDENCE = ("lead_present",)


@dataclass(frozen=True)
class Stretch:
    """A stretch of one lead that speaks against the answer.

    Parameters
    ----------
    beat : int
        Whose window it lies in, counted from the explained beat: -1 is the one before.
    lead : int
    start, end : int
        Samples of the window; the end is not in it.
    gain : float
        Log-odds that the answer gains when it is replaced.
    """

    beat: int
    lead: int
    start: int
    end: int
    gain: float


@dataclass(frozen=True, eq=False)
class BeatCounterpoint:
    """What speaks for and against the answer for one beat, by replacement.

    Parameters
    ----------
    effects : ndarray, float32, shape (T, L, leads)
        Log-odds that the answer loses when the stretch around a sample is
        replaced: negative where it speaks against. 0 beyond the beats looked at.
    samples : int
        Length of a stretch.
    stretches : tuple of Stretch
        The strongest that speak against, each replaced as a whole; the largest
        gain first.
    numbers : mapping of str to float
        For each group of numbers, what the answer gains when they are usual.
    beats : ndarray, float64, shape (T,)
        What it gains when a beat, trace and numbers, is the usual one; NaN for
        the explained beat itself.
    whole : float
        Log-odds of the answer as it is.
    """

    effects: npt.NDArray[np.float32]
    samples: int
    stretches: tuple[Stretch, ...]
    numbers: Mapping[str, float]
    beats: Doubles
    whole: float

    @property
    def share(self) -> float:
        """Share of what the stretches weigh that is against the answer; 0 when nothing weighs."""
        total = float(np.abs(self.effects).sum())
        return float(-np.minimum(self.effects, 0).sum()) / total if total > 0 else 0.0


def number_groups(names: Sequence[str]) -> dict[str, list[int]]:
    """Numbers that measure one thing, by what it is called.

    They are replaced together: an interval that is short in milliseconds and
    usual against its neighbours is none that a heart can have.

    Parameters
    ----------
    names : sequence of str
        Of the numbers beside the trace, as in the card's ``[input]``; a name
        of no known kind is a group of its own.

    Examples
    --------
    >>> number_groups(["rr_before", "qrs_alike_1", "before_to_local", "lead_present_1"])
    {'how early it came': [0, 2], 'its QRS, measured': [1]}
    """
    groups: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        if name.startswith(_NOT_EVIDENCE):
            continue
        word = next((word for word, starts in _GROUPS if name.startswith(starts)), name)
        groups.setdefault(word, []).append(place)
    return groups


def stretch_length(samples: int, rate: float, seconds: float = 0.04) -> int:
    """Samples of a stretch of about 40 ms that divides a window evenly.

    Examples
    --------
    >>> stretch_length(96, 100.0), stretch_length(87, 125.0)
    (4, 3)
    """
    divisors = [n for n in range(1, samples + 1) if samples % n == 0]
    return min(divisors, key=lambda n: abs(n / rate - seconds))


def beat_counterpoint(
    masking: BeatMasking,
    beat: int,
    score: Score,
    *,
    samples: int,
    numbers: Mapping[str, Sequence[int]],
    reach: int = 1,
    most: int = 3,
    progress: Progress | None = None,
) -> BeatCounterpoint:
    """Replace every part in turn.

    Parameters
    ----------
    masking : BeatMasking
        With the usual beat as baseline, and the usual numbers where
        ``numbers`` has groups or there are beats around.
    beat : int
        The beat explained, 0 to T - 1.
    score : callable
        Logits (N, K) to log-odds of the answer (N,).
    samples : int
        Length of a stretch; divides the window.
    numbers : mapping of str to sequence of int
        From `number_groups`; empty for a beat without a rhythm.
    reach : int
        Beats on either side whose traces are looked at in stretches.
    most : int
        How many stretches are named.
    progress : callable, optional
        Told the share that is done; whatever it raises stops the work.

    Returns
    -------
    BeatCounterpoint
    """
    shape = masking.shape
    near = slice(max(beat - reach, 0), min(beat + reach + 1, shape[0]))
    grid = (near.stop - near.start, shape[1] // samples, shape[2])
    count = int(np.prod(grid))
    others = [t for t in range(shape[0]) if t != beat]
    cut = _without(np.eye(count, dtype=np.bool_).reshape(count, *grid), shape, near, samples)
    n = 1 + count + len(numbers) + len(others)
    keep = np.ones((n, *shape), dtype=np.float32)
    rhythm = np.ones((n, *masking.rhythm_shape), dtype=np.float32)
    keep[1 : 1 + count] = cut
    for row, places in enumerate(numbers.values(), 1 + count):
        rhythm[row, beat, list(places)] = 0
    for row, other in enumerate(others, 1 + count + len(numbers)):
        keep[row, other] = rhythm[row, other] = 0
    scores = score(masking.logits(keep, progress, rhythm=rhythm))
    whole, gains = float(scores[0]), scores[1:] - scores[0]
    alone = gains[:count].reshape(grid)
    effects = np.zeros(shape, dtype=np.float32)
    effects[near] = -alone.repeat(samples, axis=1)
    beats = np.full(shape[0], np.nan)
    beats[others] = gains[count + len(numbers) :]
    groups = connected(alone, most=most, joins=_ALONG)
    joint: list[float] = []
    if groups:
        keep = _without(np.stack(groups), shape, near, samples)
        joint = (score(masking.logits(keep)) - whole).tolist()
    stretches = [
        _stretch(groups[i], beat - near.start, samples, joint[i]) for i in strongest_first(joint)
    ]
    by_number = dict(zip(numbers, gains[count : count + len(numbers)].tolist(), strict=True))
    return BeatCounterpoint(effects, samples, tuple(stretches), by_number, beats, whole)


def _without(
    hidden: Bools, shape: tuple[int, ...], near: slice, samples: int
) -> npt.NDArray[np.float32]:
    """Masks that replace stretches (N, beats, stretches, leads), softened at their ends.

    A step between the trace and the usual beat would look like a wave.
    """
    kept = (~hidden).astype(np.float32).repeat(samples, axis=2)
    masks = np.ones((len(hidden), *shape), dtype=np.float32)
    masks[:, near] = gaussian_filter1d(kept, samples / 4, axis=2, mode="nearest")
    return masks


def _stretch(group: Bools, place: int, samples: int, gain: float) -> Stretch:
    beats, steps, leads = np.nonzero(group)
    start, end = int(steps.min()) * samples, (int(steps.max()) + 1) * samples
    return Stretch(int(beats[0]) - place, int(leads[0]), start, end, gain)
