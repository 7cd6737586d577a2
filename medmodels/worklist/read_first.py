"""A reader who says first what they see: agreement, changes of mind, and whom they followed.

Shown an answer first, readers follow it where it is wrong (automation bias:
Goddard, Roudsari and Wyatt 2012, J Am Med Inform Assoc 19:121). Committed to
a first impression before, both can be told apart afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest
from sklearn.metrics import cohen_kappa_score

_LEVEL = 0.95
_DRAWS, _SEED = 2000, 5
#: How sure a reader can say to be, in words.
CONFIDENCES = ("guess", "likely", "sure")


@dataclass(frozen=True)
class Impression:
    """What a reader said before the answer was shown.

    Parameters
    ----------
    answer : str
        Name of a class.
    confidence : str
        One of `CONFIDENCES`.
    seconds : float
        From seeing the case to saying so.
    """

    answer: str
    confidence: str
    seconds: float


@dataclass(frozen=True)
class Read:
    """One case as it was read in the end.

    Parameters
    ----------
    first : Impression
    final : str
        The reader's answer after the network's was shown.
    network : str
        The network's answer; empty where it gave none.
    truth : str
        Where it is known; empty otherwise.
    """

    first: Impression
    final: str
    network: str
    truth: str = ""


@dataclass(frozen=True)
class Estimate:
    """A share or a kappa with its 95% interval; None where it cannot be told."""

    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True)
class Summary:
    """What a session of reading first comes to.

    Parameters
    ----------
    n : int
        Cases read.
    seconds : float
        Median to a first impression; 0 where n is 0.
    agreed : Estimate
        Share of first impressions that the network shared.
    kappa : Estimate
        Cohen's kappa of first impressions and the network (Cohen 1960), by
        bootstrap over cases.
    changed : int
        Final answers that differ from first impressions.
    towards, away : int
        Of those, changes to the network's answer, and to another one.
    followed_wrong, followed_right : int or None
        Changes to an answer of the network that was wrong, and right; None where
        no truth is known.
    when : mapping of str to Estimate
        ``agreed`` by how sure the reader was, one of `CONFIDENCES`; of those only
        that were said where the network answered.
    sensitivity, specificity : mapping of str to Estimate
        Of "first", "final" and "network" for the classes that count as a
        finding; empty where no truth is known.
    """

    n: int
    seconds: float
    agreed: Estimate
    kappa: Estimate
    changed: int
    towards: int
    away: int
    followed_wrong: int | None
    followed_right: int | None
    when: Mapping[str, Estimate]
    sensitivity: Mapping[str, Estimate]
    specificity: Mapping[str, Estimate]

    @property
    def warns(self) -> bool:
        """Whether the reader followed the network into more mistakes than out of them."""
        return bool(self.followed_wrong) and (self.followed_wrong or 0) >= (
            self.followed_right or 0
        )


def summarise(reads: Sequence[Read], findings: Sequence[str]) -> Summary:
    """Put reads together.

    Parameters
    ----------
    reads : sequence of Read
    findings : sequence of str
        Classes that count as a finding, of severity 1 and 2.
    """
    first = np.array([read.first.answer for read in reads], dtype=np.str_)
    final = np.array([read.final for read in reads], dtype=np.str_)
    network = np.array([read.network for read in reads], dtype=np.str_)
    truth = np.array([read.truth for read in reads], dtype=np.str_)
    sure = np.array([read.first.confidence for read in reads], dtype=np.str_)
    answered, known = network != "", truth != ""
    moved = first != final
    towards = moved & answered & (final == network)
    told = bool(known.any())
    return Summary(
        n=len(reads),
        seconds=float(np.median([read.first.seconds for read in reads])) if reads else 0.0,
        agreed=share((first == network)[answered]),
        kappa=kappa(first[answered], network[answered]),
        changed=int(moved.sum()),
        towards=int(towards.sum()),
        away=int((moved & ~towards).sum()),
        followed_wrong=int((towards & known & (network != truth)).sum()) if told else None,
        followed_right=int((towards & known & (network == truth)).sum()) if told else None,
        when={
            name: share((first == network)[said])
            for name in CONFIDENCES
            if (said := answered & (sure == name)).any()
        },
        sensitivity=_of_each(first, final, network, truth, findings, grave=True) if told else {},
        specificity=_of_each(first, final, network, truth, findings, grave=False) if told else {},
    )


def kappa(one: npt.NDArray[np.str_], other: npt.NDArray[np.str_]) -> Estimate:
    """Cohen's kappa of two readers with a percentile bootstrap interval over cases.

    Parameters
    ----------
    one, other : ndarray of str, shape (n,)

    Returns
    -------
    Estimate
        None where there is no case, or where only one class was ever named:
        chance alone would agree then.
    """
    n = len(one)
    names = np.unique(np.concatenate([one, other]))
    if n == 0 or len(names) < 2:
        return Estimate(None, None, None, n)
    value = float(cohen_kappa_score(one, other))
    draw = np.random.default_rng(_SEED)
    found = []
    for _ in range(_DRAWS):
        rows = draw.integers(0, n, n)
        a, b = np.searchsorted(names, one[rows]), np.searchsorted(names, other[rows])
        table = np.bincount(a * len(names) + b, minlength=len(names) ** 2)
        shares = table.reshape(len(names), -1) / n
        chance = float(shares.sum(axis=1) @ shares.sum(axis=0))
        if chance < 1:
            found.append((float(np.trace(shares)) - chance) / (1 - chance))
    low, high = np.quantile(found, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2]) if found else (None, None)
    return Estimate(
        value, None if low is None else float(low), None if high is None else float(high), n
    )


def share(flags: npt.NDArray[np.bool_]) -> Estimate:
    """Share of true flags with its Wilson interval; None of none."""
    if not len(flags):
        return Estimate(None, None, None, 0)
    count = int(flags.sum())
    interval = binomtest(count, len(flags)).proportion_ci(_LEVEL, method="wilson")
    return Estimate(count / len(flags), float(interval.low), float(interval.high), len(flags))


def _of_each(
    first: npt.NDArray[np.str_],
    final: npt.NDArray[np.str_],
    network: npt.NDArray[np.str_],
    truth: npt.NDArray[np.str_],
    findings: Sequence[str],
    *,
    grave: bool,
) -> dict[str, Estimate]:
    """Of cases with a finding, or without one, the share that each names so."""
    of = (truth != "") & (np.isin(truth, findings) == grave)
    by = {"first": first, "final": final, "network": network}
    return {
        name: share((np.isin(said, findings) == grave)[of & (said != "")])
        for name, said in by.items()
    }
