"""Whether a map stays the same when the input changes by what changes nothing.

Alvarez-Melis and Jaakkola 2018, "On the robustness of interpretability
methods", arXiv 1806.08049: inputs that are alike and answered alike should be
explained alike. The input is disturbed by grain and by a small shift, a
sequence by other letters in some places; only disturbances that leave the
answer alone count, for an explanation ought to change with the answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.explain.arguments import Array, is_bases
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.explain.similarity import one_per_beat, rank_correlation, shown
from medmodels.trust.operating_point import softmax

# Standard deviation of the grain: of the brightness (0 to 1), or in QRS heights.
NOISE = 0.02
# Of the scan's side, or of the beat's window.
SHIFT = 0.02
# Of the bases of a sequence, which become others: what grain is to a scan.
REPLACED = 0.05
# By how much the probability of the answer may move.
MOVES = 0.1
DISTURBANCES = 4

Disturbed = list[tuple[Array, tuple[int, ...] | None]]


@dataclass(frozen=True)
class Stability:
    """How alike a map and those of disturbed inputs are.

    Parameters
    ----------
    noise, shift : float or None
        Mean rank correlation with the map, -1 to 1, under grain (for a
        sequence, under replaced bases) and under small shifts (the shift
        taken back first; a sequence is not shifted, for its middle is what is
        judged); None where no disturbance of that kind left the answer alone.
    n : int
        How many disturbances were tried.
    unchanged : int
        How many of them left the answer alone.
    grain : str
        What `noise` is of this input, in words.
    """

    noise: float | None
    shift: float | None
    n: int
    unchanged: int
    grain: str = "faint grain"

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return asdict(self)


def stability(
    explain: Callable[[Array], SaliencyMap],
    x: Array,
    logits: Callable[[Array], Array],
    seed: int = 0,
    *,
    beat: int | None = None,
    found: SaliencyMap | None = None,
    most_seconds: float | None = None,
    progress: Callable[[float], None] | None = None,
) -> Stability | None:
    """Disturb an input twice by grain and twice by a shift; a sequence twice by other letters.

    Parameters
    ----------
    explain : callable
        From an input like ``x`` to its map, always of the same class.
    x : ndarray, float32, shape (H, W, C), (L, 4) or (T, L, leads)
        A prepared scan, a sequence of bases, or the beat windows of a signal;
        what else the network is given is up to ``explain`` and ``logits``.
    logits : callable
        From inputs (N, *x.shape) to the logits (N, K) that are explained, of
        one beat for a signal.
    seed : int
        Of the grain, of the shifts' directions, and of the letters.
    beat : int, optional
        The beat explained, for a signal: maps are compared in its window.
    found : SaliencyMap, optional
        The map of ``x`` itself, where it is there already.
    most_seconds : float, optional
        What all maps may take, judged by the first.
    progress : callable, optional
        Told the share that is done; whatever it raises stops the work.

    Returns
    -------
    Stability or None
        None where the maps would take too long. Values of signed maps are
        compared with their sign: the map is what it says for and against.
    """
    generator = np.random.default_rng(seed)
    if is_bases(x):
        disturbed: Disturbed = [(replaced(x, generator), None) for _ in range(2)]
    else:
        disturbed = _grained_and_moved(x, beat, generator)
    own = explain(x) if found is None else found
    alone = _left_alone(logits(np.stack([x, *(one for one, _ in disturbed)])), own.class_index)
    likeness: dict[str, list[float]] = {"noise": [], "shift": []}
    start = time.perf_counter()
    for done, k in enumerate(np.flatnonzero(alone), 1):
        given, step = disturbed[k]
        other = explain(given)
        pace = (time.perf_counter() - start) / done
        if most_seconds is not None and pace * alone.sum() > most_seconds:
            return None
        if progress is not None:
            progress(done / int(alone.sum()))
        likeness["noise" if step is None else "shift"].append(_compare(own, other, beat, step))
    means = {kind: float(np.mean(values)) if values else None for kind, values in likeness.items()}
    words = f"{REPLACED:.0%} other bases" if is_bases(x) else "faint grain"
    return Stability(means["noise"], means["shift"], len(disturbed), int(alone.sum()), words)


def replaced(x: Array, generator: np.random.Generator) -> Array:
    """A sequence (L, 4) with one base in twenty, at least one, become another."""
    n = max(1, round(REPLACED * len(x)))
    places = generator.choice(len(x), n, replace=False)
    letters = (x[places].argmax(axis=1) + generator.integers(1, x.shape[1], n)) % x.shape[1]
    other = x.copy()
    other[places] = np.eye(x.shape[1], dtype=x.dtype)[letters]
    return other


def _grained_and_moved(x: Array, beat: int | None, generator: np.random.Generator) -> Disturbed:
    """Scans or windows with grain, then shifted ones, each with its shift."""
    axes = (0, 1) if beat is None else (1,)
    steps = _steps(x.shape, axes, generator)
    noisy = [x + NOISE * generator.standard_normal(x.shape, np.float32) for _ in range(2)]
    if beat is None:
        noisy = [np.clip(one, 0, 1) for one in noisy]
    return [*((one, None) for one in noisy), *((_moved(x, axes, step), step) for step in steps)]


def _left_alone(answers: Array, class_index: int) -> npt.NDArray[np.bool_]:
    """Which of the answers but the first agree with the first, shape (N - 1,)."""
    probabilities = softmax(answers)
    same = probabilities.argmax(axis=1) == probabilities[0].argmax()
    still = np.abs(probabilities[:, class_index] - probabilities[0, class_index]) < MOVES
    return np.asarray((same & still)[1:])


def _steps(
    shape: tuple[int, ...], axes: tuple[int, ...], generator: np.random.Generator
) -> list[tuple[int, ...]]:
    """Two shifts in opposite directions, along every axis."""
    sizes = [max(1, round(SHIFT * shape[axis])) for axis in axes]
    first = tuple(int(size * generator.choice((-1, 1))) for size in sizes)
    return [first, tuple(-step for step in first)]


def _moved(x: Array, axes: tuple[int, ...], step: tuple[int, ...]) -> Array:
    """The input shifted; what comes in at the edge is the edge itself."""
    for axis, by in zip(axes, step, strict=True):
        places = np.clip(np.arange(x.shape[axis]) - by, 0, x.shape[axis] - 1)
        x = np.take(x, places, axis=axis)
    return x


def _compare(
    own: SaliencyMap, other: SaliencyMap, beat: int | None, step: tuple[int, ...] | None
) -> float:
    """Rank correlation of two maps where both show the same part of the input."""
    first, second = shown(own, other, beat)
    # A beat stays the same beat when the trace in its window moves.
    stays = beat is not None and one_per_beat(own) and one_per_beat(other)
    for axis, by in enumerate(() if step is None or stays else step):
        n = first.shape[axis] - abs(by)
        first = np.take(first, np.arange(n) + max(-by, 0), axis=axis)
        second = np.take(second, np.arange(n) + max(by, 0), axis=axis)
    return rank_correlation(first, second)
