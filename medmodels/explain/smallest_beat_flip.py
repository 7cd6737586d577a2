"""The least of a beat that has to be usual for its answer to change.

A beat network reads numbers beside the trace. While they say that a beat came
early, hardly any stretch of trace can change its answer. So the search begins
with the trace alone, then takes as usual one group of numbers at a time, and
then several, until something changes the answer. Where not even the whole trace
changes it beside some numbers, parts of the trace are not tried beside them,
but for the last time, when all numbers are usual.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np
import numpy.typing as npt

from medmodels.explain.smallest_flip import Flip, smallest_flip
from medmodels.explain.what_if_beat import BeatWhatIf
from medmodels.trust.operating_point import OperatingPoint

Bools = npt.NDArray[np.bool_]
Progress = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class BeatFlip:
    """What has to be usual, or erased, for a beat's answer to change.

    Parameters
    ----------
    groups : tuple of str
        The groups of numbers that were made usual.
    numbers : ndarray, bool, shape (T, R)
        The same, number by number.
    mask : ndarray, float32, shape (T, L, leads)
        1 where the trace was replaced; all 0 where the numbers alone do it.
    cells, of : int
        Stretches of 20 ms of a lead that were replaced, of so many.
    connected : bool
        Whether they are in one piece.
    """

    groups: tuple[str, ...]
    numbers: Bools
    mask: npt.NDArray[np.float32]
    cells: int
    of: int
    connected: bool


def smallest_beat_flip(
    what_if: BeatWhatIf,
    put: str,
    point: OperatingPoint,
    groups: Mapping[str, Bools],
    *,
    budget: int = 450,
    progress: Progress | None = None,
) -> BeatFlip | None:
    """Find the least that changes one beat's answer.

    Parameters
    ----------
    what_if : BeatWhatIf
    put : str
        What takes the place of a stretch of trace.
    point : OperatingPoint
    groups : mapping of str to ndarray, bool, shape (T, R)
        Numbers that become usual together, by name.
    budget : int
        For each search over the trace, see `smallest_flip`.
    progress : callable, optional
        Told the share that is done; whatever it raises stops the search.

    Returns
    -------
    BeatFlip or None
        With as few groups as possible, and the smallest part of the trace that
        was met beside them. None when not even the whole trace together with
        all groups changes the answer, as far as was tried.
    """
    cells = what_if.around.cells()
    sets = [*chain.from_iterable(combinations(groups, n) for n in range(len(groups) + 1))]
    label = int(point.labels(what_if.logits(())))
    for done, names in enumerate(sets):
        numbers = np.zeros(what_if.around.numbers.shape, dtype=np.bool_)
        for name in names:
            numbers |= groups[name]
        masking = what_if.masking(put, numbers)
        all_or_nothing = np.ones((2, *masking.shape), dtype=np.float32)
        all_or_nothing[1] = ~cells.covered(np.ones((1, *cells.grid), np.bool_))[0]
        kept, replaced = point.labels(masking.logits(all_or_nothing))
        if kept != label:
            nothing = np.zeros(masking.shape, dtype=np.float32)
            return BeatFlip(names, numbers, nothing, 0, cells.count, True)
        if replaced == label and done < len(sets) - 1:
            continue

        def report(share: float, done: int = done) -> None:
            if progress is not None:
                progress((done + share) / len(sets))

        found = smallest_flip(masking, cells, point, most=1, budget=budget, progress=report)
        if found is not None:
            return _with_numbers(found, names, numbers, cells.count)
    return None


def _with_numbers(found: Flip, names: tuple[str, ...], numbers: Bools, count: int) -> BeatFlip:
    mask = found.mask.astype(np.float32)
    return BeatFlip(names, numbers, mask, int(found.hidden.sum()), count, found.connected)
