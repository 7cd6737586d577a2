"""What a state remembers of one beat, and for how many beats.

The same stretch is read twice: as it is, and with one beat replaced by the
recording's usual beat, trace and numbers. How far the two states are apart is
what the layer still holds of that beat; before it is read the two are equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from medmodels.explain.arguments import Array
from medmodels.lessons.gru import Doubles
from medmodels.lessons.recurrence import LaidOpen
from medmodels.lessons.recurrent_layers import ACROSS, RecurrentLayer

# Two runs of one beat differ by less in single precision: no memory of anything.
_ROUNDING = 1e-5


@dataclass(frozen=True)
class Fading:
    """How the memory of one beat fades in one direction of a layer.

    Parameters
    ----------
    layer : RecurrentLayer
    direction : str
        "forward" carries the beat to those after it, "backward" to those
        before it.
    distances : ndarray, float64, shape (n,)
        Euclidean distance between the two states at the beat itself (first)
        and at each beat read after it. A state's numbers lie in -1 to 1, so it
        is at most 2 times the root of their count.
    """

    layer: RecurrentLayer
    direction: str
    distances: Doubles

    @property
    def shares(self) -> Doubles:
        """Distances over that at the beat itself, shape (n,); 0 where that is none."""
        first = float(self.distances[0])
        return self.distances / first if first > _ROUNDING else np.zeros_like(self.distances)

    def beats_until(self, level: float) -> int | None:
        """Beats until the share has fallen to a level for good.

        Parameters
        ----------
        level : float
            Above 0 and below 1.

        Returns
        -------
        int or None
            None when it is still above the level at the last beat. 0 when the
            replacement changed nothing.
        """
        above = np.flatnonzero(self.shares > level)
        if not len(above):
            return 0
        beats = int(above[-1]) + 1
        return beats if beats < len(self.distances) else None


def memory_of(
    opened: LaidOpen, inputs: Sequence[Array], beat: int, usual: Sequence[Array]
) -> tuple[Fading, ...]:
    """Follow one beat in the states of every layer that reads across beats.

    Parameters
    ----------
    opened : LaidOpen
    inputs : sequence of ndarray, (T, L, leads) and (T, R)
        Windows and rhythm. The other beats keep their own numbers, among them
        the intervals that the beat made.
    beat : int
        0 to T - 1.
    usual : sequence of ndarray, (L, leads) and (R,)
        The beat that takes its place.

    Returns
    -------
    tuple of Fading
        For each layer, one for each of its directions; empty where no layer
        reads across beats or none can be laid open.
    """
    both = []
    for part, replacement in zip(inputs, usual, strict=True):
        other = part.copy()
        other[beat] = replacement
        both.append(np.stack([part, other]))
    _, given = opened(both)
    return tuple(
        Fading(layer, direction, _distances(opened, layer, direction, given[layer.name], beat))
        for layer in opened.layers
        if layer.level == ACROSS and layer.readable
        for direction in layer.directions
    )


def _distances(
    opened: LaidOpen, layer: RecurrentLayer, direction: str, given: Array, beat: int
) -> Doubles:
    as_it_is, replaced = (opened.unroll(layer, direction, x) for x in given)
    first = as_it_is.place(beat)  # of reading: the same map leads both ways
    apart = (as_it_is.trace.h - replaced.trace.h)[first:]
    return np.asarray(np.linalg.norm(apart, axis=1))
