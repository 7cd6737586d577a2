"""Several inputs of one task read together: how many of each class, and which to look at again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.stats import binomtest

from medmodels.bundles import Card, ClassCard
from medmodels.reading.reading import Reading
from medmodels.trust.decision import ANSWER

_LEVEL = 0.95


@dataclass(frozen=True)
class Share:
    """One class of a differential count.

    Parameters
    ----------
    entry : ClassCard
    count : int
    n : int
        All that were counted.
    low, high : float
        95% Wilson interval of the share, 0 to 1: what counting so few leaves
        open (Rümke 1985, "Imprecision of ratio-derived differential leukocyte
        counts", Blood Cells 11:311), not what the network gets wrong.
    """

    entry: ClassCard
    count: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share, 0 to 1."""
        return self.count / self.n


@dataclass(frozen=True)
class Differential:
    """A differential count.

    Parameters
    ----------
    shares : tuple of Share
        In the card's order; empty when nothing was counted.
    withheld : tuple of int
        Inputs without an answer, by number: they are not counted.
    doubtful : tuple of int
        Inputs that were counted and should be looked at: with a warning, or
        with more than one class left, or none. The least probable first.
    """

    shares: tuple[Share, ...]
    withheld: tuple[int, ...]
    doubtful: tuple[int, ...]

    @property
    def counted(self) -> int:
        """How many inputs were counted."""
        return self.shares[0].n if self.shares else 0


def differential(readings: Sequence[Reading], card: Card) -> Differential:
    """Count classes over readings of single inputs.

    Parameters
    ----------
    readings : sequence of Reading
        Each of one input, all by the bundle of ``card``.
    card : Card

    Returns
    -------
    Differential
    """
    withheld = tuple(i for i, reading in enumerate(readings) if reading.decision.abstains)
    counted = [i for i in range(len(readings)) if i not in set(withheld)]
    labels = [int(readings[i].labels[0]) for i in counted]
    shares = []
    for index, entry in enumerate(card.classes if counted else ()):
        count = labels.count(index)
        interval = binomtest(count, len(counted)).proportion_ci(_LEVEL, method="wilson")
        shares.append(Share(entry, count, len(counted), float(interval.low), float(interval.high)))
    doubtful = sorted(
        (i for i in counted if is_doubtful(readings[i])), key=lambda i: sure(readings[i])
    )
    return Differential(tuple(shares), withheld, tuple(doubtful))


def is_doubtful(reading: Reading) -> bool:
    """Whether an answer comes with a warning, or does not leave one class at the lower level."""
    trust = reading.trust
    open_set = trust is not None and int(trust.sets[min(trust.sets)][0].sum()) != 1
    return reading.decision.kind != ANSWER or open_set


def sure(reading: Reading) -> float:
    """Probability of the answer."""
    return float(reading.probabilities[0, int(reading.labels[0])])
