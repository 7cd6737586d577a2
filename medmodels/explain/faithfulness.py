"""Whether hiding what a map points at changes the answer more than hiding anything else.

Deletion and insertion (Petsiuk, Das and Saenko 2018, arXiv 1806.07421): parts
of the input are replaced by a baseline in the order of the map, the most
important first, and then the other way round. The area between both curves is
large when the map has the order right. Such curves leave the data that the
network knows, so they prove nothing alone: the same is drawn for random maps,
a blob in the middle and an edge detector, and a map must beat them all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.explain.arguments import Array
from medmodels.explain.masking import Progress
from medmodels.explain.parts import Parts
from medmodels.explain.plan import Rule
from medmodels.trust.chance import p_value

Doubles = npt.NDArray[np.float64]
Score = Callable[[Array], Doubles]

THE_MAP, RANDOM, BLOB, EDGES = "This map", "Random maps", "Centred blob", "Edges"
UNIT = "log-odds"


_SEED = 0


@dataclass(frozen=True)
class Curve:
    """The answer while parts are hidden in one order.

    Parameters
    ----------
    name : str
        Whose order.
    deletion, insertion : ndarray, float64, shape (S,)
        Score when the first shares of the input, in this order, are replaced;
        and when nothing but they is left; averaged over the baselines.
    area : float
        Mean of insertion less mean of deletion: above 0 the order is better
        than its reverse.
    """

    name: str
    deletion: Doubles
    insertion: Doubles
    area: float


@dataclass(frozen=True)
class Faithfulness:
    """A map's curves beside those of maps that know nothing.

    Parameters
    ----------
    shares : ndarray, float64, shape (S,)
        Share of the input that is replaced (deletion) or left (insertion).
    curves : tuple of Curve
        The map's, the random maps' mean, the blob's and the edge detector's.
    random : ndarray, float64, shape (R,)
        Areas of the random maps, each with its mirror image of opposite sign.
    margin : float
        By how much the map must exceed blob and edges.
    level : float
        Highest p that passes.
    baseline : str
        What parts were replaced by, in words.
    whole, nothing : float
        Score of the input as it is, and of the baselines alone.
    alone : tuple of bool
        Whether the map would pass with each baseline by itself, too.
    """

    shares: Doubles
    curves: tuple[Curve, ...]
    random: Doubles
    margin: float
    level: float
    baseline: str
    whole: float
    nothing: float
    alone: tuple[bool, ...]
    unit: str = UNIT

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return {
            "passed": self.passed,
            "p": round(self.p, 4),
            "level": self.level,
            "area": round(self.area, 4),
            "lead": round(self.lead, 4),
            "margin": self.margin,
            "areas": {curve.name: round(curve.area, 4) for curve in self.curves},
            "random_maps": len(self.random),
            "replaced_by": self.baseline,
            "unit": self.unit,
        }

    @property
    def area(self) -> float:
        """The map's."""
        return self.curves[0].area

    @property
    def p(self) -> float:
        """How probable it is that a random map does as well, see `trust.chance.p_value`."""
        return float(p_value(np.array(self.area), self.random))

    @property
    def lead(self) -> float:
        """By how much the map exceeds the better of blob and edges."""
        return self.area - max(curve.area for curve in self.curves if curve.name in (BLOB, EDGES))

    @property
    def passed(self) -> bool:
        """Whether the map beat all three."""
        return self.p <= self.level and self.lead >= self.margin


def log_odds_of(
    probabilities: Callable[[Array], Doubles], class_index: int
) -> Callable[[Array], Doubles]:
    """Score of an answer: the log-odds of one class's calibrated probability.

    A probability would hide what happens near 0 and 1, where most answers are.

    Parameters
    ----------
    probabilities : callable
        Logits (N, K) to calibrated probabilities (N, K).
    class_index : int
    """

    def score(logits: Array) -> Doubles:
        shares = probabilities(logits.astype(np.float64))
        own = shares[:, class_index]
        others = np.delete(shares, class_index, axis=1).sum(axis=1)
        tiny = np.finfo(np.float64).tiny
        return np.log(np.maximum(own, tiny)) - np.log(np.maximum(others, tiny))

    return score


def measure_faithfulness(
    parts: Parts,
    importances: Sequence[Doubles],
    score: Score,
    *,
    baseline: str,
    rule: Rule,
    progress: Progress | None = None,
) -> list[Faithfulness]:
    """Draw the curves of some maps of one input beside those of the controls.

    A random order and its reverse are equally likely, and the area of the
    reverse is the negative of the area: each random map gives two.

    Parameters
    ----------
    parts : Parts
        The input, cut, with the baseline that replaces its parts.
    importances : sequence of ndarray, shape (P,)
        Each map's value for each part; the largest is hidden first.
    score : callable
        Logits (N, K) to (N,), see `log_odds_of`.
    baseline : str
        In words.
    rule : Rule
    progress : callable, optional
        Told the share that is done; whatever it raises stops the work.

    Returns
    -------
    list of Faithfulness
        One for each map.
    """
    n = len(importances)
    random = parts.random(np.random.default_rng(_SEED), rule.randoms)
    orders = np.stack([*importances, parts.blob(), parts.edges(), *random])
    shares = (np.arange(rule.steps) + 0.5) / rule.steps
    keep = np.concatenate([_kept(order, shares) for order in orders])
    ends = np.array([[True], [False]]).repeat(parts.count, axis=1)
    logits = parts.logits(np.concatenate([keep, ends]), progress)
    scores = score(logits.reshape(-1, logits.shape[-1])).reshape(logits.shape[:2])
    per_baseline = scores[:, :-2].reshape(len(scores), len(orders), 2, rule.steps)
    alone = _pass(per_baseline, n, rule)
    curves = per_baseline.mean(axis=0)
    # Hiding the least important first, read backwards, is insertion.
    deletion, insertion = curves[:, 0], curves[:, 1, ::-1]
    areas = insertion.mean(axis=1) - deletion.mean(axis=1)
    chance = np.concatenate([areas[n + 2 :], -areas[n + 2 :]])
    mean = np.concatenate([deletion[n + 2 :], insertion[n + 2 :, ::-1]]).mean(axis=0)

    def curve(name: str, row: int) -> Curve:
        return Curve(name, deletion[row], insertion[row], float(areas[row]))

    controls = (Curve(RANDOM, mean, mean[::-1], 0.0), curve(BLOB, n), curve(EDGES, n + 1))
    whole, nothing = (float(end) for end in scores[:, -2:].mean(axis=0))
    return [
        Faithfulness(
            shares, (curve(THE_MAP, row), *controls), chance, rule.margin, rule.level, baseline,
            whole, nothing, tuple(bool(passed) for passed in alone[:, row]),
        )
        for row in range(n)
    ]  # fmt: skip


def _pass(curves: Doubles, n: int, rule: Rule) -> npt.NDArray[np.bool_]:
    """Whether each of n maps passes with each baseline alone, (B, n); curves (B, orders, 2, S)."""
    areas = curves[:, :, 1].mean(axis=-1) - curves[:, :, 0].mean(axis=-1)
    maps, controls, random = np.split(areas, [n, n + 2], axis=1)
    chance = np.concatenate([random, -random], axis=1)[:, None]
    p = p_value(maps, chance)
    lead = maps - controls.max(axis=1, keepdims=True)
    return np.asarray((p <= rule.level) & (lead >= rule.margin))


def _kept(importance: Doubles, shares: Doubles) -> npt.NDArray[np.bool_]:
    """Which parts stay, (2 S, P): the first shares hidden, most important first, then last."""
    n = len(importance)
    place = np.empty(n, dtype=np.int64)
    place[np.argsort(-importance, kind="stable")] = np.arange(n)
    hidden = np.rint(shares * n).astype(np.int64)[:, None]
    return np.concatenate([place[None] >= hidden, n - 1 - place[None] >= hidden])
