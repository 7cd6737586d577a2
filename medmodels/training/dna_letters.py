"""Letters that are no DNA, drawn from a seed: windows to teach a score with.

They share no maker with those that the score is judged on (`dna_kinds`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from medmodels.inputs.bases import BASES, one_hot
from medmodels.training import made_signals
from medmodels.training.dna_data import LENGTH

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Draw = Callable[[np.random.Generator], Floats]

_SECONDS = 10.0
_SLIPS = 0.02


def drawn(draw: Draw, count: int, seed: int) -> Floats:
    """Draw windows.

    Parameters
    ----------
    draw : callable
        From a generator to one window, (60, 4).
    count, seed : int

    Returns
    -------
    ndarray, float32, shape (count, 60, 4)
    """
    rng = np.random.default_rng(seed)
    return np.stack([draw(rng) for _ in range(count)])


def written(numbers: Ints) -> Floats:
    """Numbers 0 to 3 as a window of A, C, G and T; (L,) to (L, 4)."""
    return one_hot("".join(BASES[int(number)] for number in numbers))


def quarters(values: npt.NDArray[np.floating[Any]]) -> Ints:
    """Samples as numbers 0 to 3, a quarter of them each; shape in and out the same."""
    return np.searchsorted(np.quantile(values, [0.25, 0.5, 0.75]), values)


def excerpt(numbers: Ints, rng: np.random.Generator) -> Floats:
    """A window at a random place of a longer row of numbers."""
    start = int(rng.integers(0, len(numbers) - LENGTH + 1))
    return written(numbers[start : start + LENGTH])


def with_slips(numbers: Ints, share: float, rng: np.random.Generator) -> Ints:
    """Numbers of which some are drawn anew."""
    slips = rng.random(len(numbers)) < share
    return np.where(slips, rng.integers(0, 4, len(numbers)), numbers)


def repeated(shortest: int, longest: int, slips: float, rng: np.random.Generator) -> Floats:
    """A unit over and over, with slips; its length is drawn, in bases."""
    while True:
        unit = rng.integers(0, 4, int(rng.integers(shortest, longest + 1)))
        if len(set(unit.tolist())) > 1:
            break
    turn = int(rng.integers(len(unit)))
    return written(with_slips(np.resize(np.roll(unit, turn), LENGTH), slips, rng))


def _signal(rng: np.random.Generator) -> Floats:
    kind = sorted(made_signals.TRAINING)[int(rng.integers(len(made_signals.TRAINING)))]
    made = made_signals.make(kind, int(rng.integers(10_000)), _SECONDS)
    return excerpt(quarters(made.samples[:, 0]), rng)


def _chain(rng: np.random.Generator) -> Floats:
    """Each letter depends on the one before it, by chances drawn anew for every window."""
    chances = rng.dirichlet(np.full(4, rng.choice([0.2, 0.4, 0.8])), 4)
    numbers = [int(rng.integers(4))]
    while len(numbers) < LENGTH:
        numbers.append(int(rng.choice(4, p=chances[numbers[-1]])))
    return written(np.array(numbers))


def _uneven(rng: np.random.Generator) -> Floats:
    return written(rng.choice(4, LENGTH, p=rng.dirichlet(np.full(4, 0.7))))


def _long_repeat(rng: np.random.Generator) -> Floats:
    return repeated(8, 20, _SLIPS, rng)


def _blocks(rng: np.random.Generator) -> Floats:
    numbers: list[int] = []
    while len(numbers) < LENGTH:
        numbers += [int(rng.integers(4))] * int(rng.integers(2, 14))
    return written(np.array(numbers[:LENGTH]))


def _mixtures(rng: np.random.Generator) -> Floats:
    """Even letters, of which a tenth to six tenths stand for two or three bases."""
    window = written(rng.integers(0, 4, LENGTH)).copy()
    for place in np.flatnonzero(rng.random(LENGTH) < rng.uniform(0.1, 0.6)):
        parts = rng.choice(4, int(rng.integers(2, 4)), replace=False)
        window[place] = 0
        window[place, parts] = 1 / len(parts)
    return window


def _gap(rng: np.random.Generator) -> Floats:
    """Even letters with a tenth to two thirds of them unknown, side by side."""
    window = written(rng.integers(0, 4, LENGTH)).copy()
    size = int(rng.integers(6, 41))
    start = int(rng.integers(0, LENGTH - size + 1))
    window[start : start + size] = 0.25
    return window


TEACHING: Final[Mapping[str, Draw]] = {
    "signals": _signal,
    "chains": _chain,
    "uneven letters": _uneven,
    "long repeats": _long_repeat,
    "blocks": _blocks,
    "mixtures": _mixtures,
    "gaps": _gap,
}


def shuffled(windows: Floats, seed: int) -> Floats:
    """The letters of each window in another order: near to DNA, and none; (n, L, 4)."""
    order = np.random.default_rng(seed).random(windows.shape[:2]).argsort(axis=1)
    return np.take_along_axis(windows, order[..., np.newaxis], axis=1)
