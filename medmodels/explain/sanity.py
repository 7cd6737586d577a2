"""Whether a method's maps change when the network forgets what it has learned.

Adebayo et al. 2018, "Sanity checks for saliency maps", arXiv 1810.03292. A
method whose map of an untrained network looks like that of the trained one
shows the input, not what was learned. The layers forget one after another,
from the answer back to the input (`medmodels.explain.randomised`).

A map is compared as it is meant: with its signs, where they say what spoke for
and against (of a mere sensitivity whoever calls passes the size). Adebayo et
al. report magnitudes, too, and so do we (``places``), but they do not decide:
where the input itself is large, a random network truly reacts more, and a method
that measures this truly (hiding parts) would fail for being right (Binder et
al. 2023, "Shortcomings of top-down randomization-based sanity checks for
evaluations of deep neural network explanations", arXiv 2211.12486).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from medmodels.explain.saliency_map import SaliencyMap
from medmodels.explain.similarity import Likeness, likeness

if TYPE_CHECKING:
    import keras

    from medmodels.explain.randomised import RandomisedCopy

# Below this a rank correlation is weak, by convention; above that, never chance.
LIMIT, HIGHEST_LIMIT = 0.3, 0.5

PLACES_REMAIN = (
    "A network that has learned nothing picks out much the same places:"
    " read what speaks for and against, not the place alone."
)

# Maps an input, by its number, with a network.
ExplainOne = Callable[["keras.Model", int], SaliencyMap]
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Sanity:
    """How a method's maps fared while a bundle's network forgot.

    Parameters
    ----------
    method : str
        Its name in `medmodels.explain.methods.METHODS`.
    depths : tuple of str
        What had been forgotten, from the last layer to all of them.
    rank : tuple of float
        At each of them, mean rank correlation with the trained network's map,
        signs included, -1 to 1.
    ssim : tuple of float
        The same for structural similarity of magnitudes, -1 to 1.
    n : int
        How many inputs; each met its own random weights.
    passed : bool
        See `judge`.
    limit : float
        Highest rank correlation that passes.
    places : tuple of float
        As ``rank``, of magnitudes: whether the same places stand out.
    chance, places_chance : float
        ``rank`` and ``places`` of the trained network's maps of two different
        inputs: what maps have in common that have nothing in common.
    empty : int
        For how many inputs, at most, the map of a network that had forgotten
        was empty; ``rank``, ``ssim`` and ``places`` are means of the others.
    """

    method: str
    depths: tuple[str, ...]
    rank: tuple[float, ...]
    ssim: tuple[float, ...]
    n: int
    passed: bool
    limit: float
    places: tuple[float, ...] = ()
    chance: float = 0.0
    places_chance: float = 0.0
    empty: int = 0

    @property
    def places_remain(self) -> bool:
        """Whether an untrained network lights up much the same places, signs aside.

        Then the place alone is no evidence, only what speaks for and against.
        The likeness of unrelated maps is 0 on this scale, that of a map with
        itself 1.
        """
        if not self.places or self.places_chance >= 1:
            return False
        return (self.places[-1] - self.places_chance) / (1 - self.places_chance) > LIMIT

    @property
    def caution(self) -> str | None:
        """What to mind about a method that passes, in one sentence."""
        return PLACES_REMAIN if self.places_remain else None

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Sanity:
        """From what `to_dict` gave."""
        plain: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in stored.items()
        }
        return cls(**plain)


def measure(
    method: str,
    explain: ExplainOne,
    network: keras.Model,
    copy: RandomisedCopy,
    beats: Sequence[int | None],
    progress: Progress | None = None,
) -> Sanity:
    """Let a network forget, and compare a method's maps all along.

    Parameters
    ----------
    method : str
        For the result.
    explain : callable
        From a network and an input's number to the map of its class.
    network : keras.Model
        As trained.
    copy : RandomisedCopy
        Of it; used again for the next method, it need not be compiled again.
    beats : sequence of int or None
        For each input the beat that is explained, None for scans.
    progress : callable, optional
        Told the share that is done; whatever it raises stops the work.
    """
    n = len(beats)
    trained = [explain(network, k) for k in range(n)]
    found: list[list[Likeness | None]] = []
    for stop in range(len(copy.depths)):
        row: list[Likeness | None] = []
        for k, beat in enumerate(beats):
            if progress is not None:
                progress((stop * n + k) / (n * len(copy.depths)))
            # Other random weights for each input: one draw's whim is not the rule.
            copy.forget(stop, seed=k)
            map_now = explain(copy.network, k)
            row.append(likeness(trained[k], map_now, beat) if map_now.values.any() else None)
        found.append(row)
    return judge(method, copy.depths, found, _unrelated(trained, beats), copy.decisive)


def judge(
    method: str,
    depths: tuple[str, ...],
    found: Sequence[Sequence[Likeness | None]],
    unrelated: Sequence[Likeness],
    decisive: int = 0,
) -> Sanity:
    """Decide whether a method passes.

    It does when, with a third of the layers forgotten and at every stop after
    that, its maps are as unlike those of the trained network as weakly
    correlated ones (0.3), or as maps of two different inputs, which share the
    anatomy and the method's own smoothness but no evidence; more than 0.5
    never passes. The end alone would not do: guided backpropagation, which
    shows edges whatever the upper layers have learned, changes when the very
    first layer forgets. Empty maps do not count: the others decide, a quarter
    of all at least, for a method could show the same edges or nothing.

    Parameters
    ----------
    method : str
    depths : tuple of str
    found : sequence of sequence of Likeness or None
        For each depth, of every input; None where the map was empty.
    unrelated : sequence of Likeness
        Of the trained network's maps of different inputs.
    decisive : int
        Index of the first depth that decides.
    """
    means = [_mean([one for one in row if one is not None]) for row in found]
    chance = _mean(unrelated)
    limit = float(np.clip(chance.signed, LIMIT, HIGHEST_LIMIT))
    n = len(found[0])
    empty = max(sum(one is None for one in row) for row in found[decisive:])
    highest = max(mean.signed for mean in means[decisive:])
    return Sanity(
        method, depths,
        rank=tuple(mean.signed for mean in means),
        ssim=tuple(mean.ssim for mean in means),
        n=n,
        passed=highest <= limit and 4 * empty <= 3 * n,
        limit=limit,
        places=tuple(mean.rank for mean in means),
        chance=chance.signed, places_chance=chance.rank, empty=empty,
    )  # fmt: skip


def _mean(some: Sequence[Likeness]) -> Likeness:
    return Likeness(*np.mean(some, axis=0).tolist()) if some else Likeness(0.0, 0.0, 0.0)


def _unrelated(maps: Sequence[SaliencyMap], beats: Sequence[int | None]) -> list[Likeness]:
    """Likeness of every two maps of different inputs, signals' with their beats aligned."""
    found = []
    for i, j in combinations(range(len(maps)), 2):
        first, second, at = _aligned(maps[i], maps[j], beats[i], beats[j])
        found.append(likeness(first, second, at))
    return found


def _aligned(
    first: SaliencyMap, second: SaliencyMap, beat: int | None, other: int | None
) -> tuple[SaliencyMap, SaliencyMap, int | None]:
    if beat is None or other is None:
        return first, second, None
    before = min(beat, other)
    after = min(len(first.values) - beat, len(second.values) - other)
    return (
        replace(first, values=first.values[beat - before : beat + after]),
        replace(second, values=second.values[other - before : other + after]),
        before,
    )
