"""All of a bundle's trust in sequences of bases: plain arrays and ``trust.json`` in, a verdict out.

A network that reads bases answers for windows: one, many that are unrelated, or one for
every base of a long sequence, of which some spread evenly over it are judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from medmodels.trust.base_findings import Place, judge_many, some_unlike
from medmodels.trust.base_quality import BaseQuality, judge_bases, measure_bases
from medmodels.trust.base_rows import base_rows
from medmodels.trust.decision import Decision, Reason, decide, many_in_doubt, undecided_reason
from medmodels.trust.findings import Finding
from medmodels.trust.layer import Arrays, Doubles, TrustLayer, Values
from medmodels.trust.unlike import Unlike, unlike_reason

LETTERS: Final = "letters"
NETWORK: Final = "network"
#: Windows of a long sequence that are judged, spread evenly over it.
MOST_JUDGED: Final = 2000


@dataclass(frozen=True)
class BaseVerdict:
    """What the trust layer says of windows of bases.

    Parameters
    ----------
    unlike : Unlike
        Its score is the median over the windows that were judged.
    findings : tuple of Finding
    sets : mapping of float to ndarray of bool, shape (n, K)
    decision : Decision
    """

    unlike: Unlike
    findings: tuple[Finding, ...]
    sets: Mapping[float, npt.NDArray[np.bool_]]
    decision: Decision


class BaseTrust(TrustLayer):
    """The trust layer of a bundle that reads sequences of bases; see `TrustLayer`.

    ``out_of_distribution.features`` is "letters", "network" or both, joined by "+".
    """

    def _read_more(self, trust: Mapping[str, Any], reference: Arrays) -> None:  # noqa: ARG002
        self._reads = str(trust["out_of_distribution"]["features"])

    def scores(self, windows: Values, features: Values) -> Doubles:
        """How unlike training windows (m, L, 4) are, (m,), with what the last layer reads."""
        return self._score.score(outlier_rows(self._reads, windows, features))

    def decide(self, score: float, quality: BaseQuality, probabilities: Doubles) -> Decision:
        """Decide about one window by itself, from its calibrated probabilities (K,)."""
        return self._of_one(score, quality, self._held(probabilities[np.newaxis]))[1]

    def verdict(
        self,
        windows: Values,
        features: Values,
        probabilities: Doubles,
        *,
        items: str = "windows",
        place: Place = str,
    ) -> BaseVerdict:
        """Weigh everything known of one upload.

        Parameters
        ----------
        windows : ndarray, shape (m, L, 4)
            Those that are judged; at least one.
        features : ndarray, shape (m, F)
            What the last layer reads of them.
        probabilities : ndarray, float64, shape (n, K)
            Calibrated, of all windows.
        items : str
            What several windows are called.
        place : callable
            From the number of a judged window to where it is, in words.
        """
        scores, measured = self.scores(windows, features), measure_bases(windows)
        sets = self._held(probabilities)
        middle = float(np.median(scores))
        unlike = self._unlike(middle)
        if len(probabilities) == 1:
            found, decision = self._of_one(middle, BaseQuality(*map(float, measured[0])), sets)
            return BaseVerdict(unlike, found, sets, decision)
        found = (
            *judge_many(measured, self._limits, items, place),
            *some_unlike(scores, self._refuse, items, place),
        )
        decision = decide(
            unlike=unlike_reason(unlike, self._expected) if unlike.refused else None,
            findings=found,
            undecided=many_in_doubt(sets, items),
            at_threshold=None,
        )
        return BaseVerdict(unlike, found, sets, decision)

    def _of_one(
        self, score: float, quality: BaseQuality, sets: Mapping[float, npt.NDArray[np.bool_]]
    ) -> tuple[tuple[Finding, ...], Decision]:
        unlike = self._unlike(score)
        found = judge_bases(quality, self._limits)
        held = {level: one[0].tolist() for level, one in sets.items()}
        decision = decide(
            unlike=_reason(unlike, self._expected),
            findings=found,
            undecided=undecided_reason(held, self._titles),
            at_threshold=None,
        )
        return found, decision


def outlier_rows(reads: str, windows: Values, features: Values) -> Values:
    """What a score of unlikeness reads of each window.

    Parameters
    ----------
    reads : str
        "letters", "network" or "letters+network".
    windows : ndarray, shape (m, L, 4)
    features : ndarray, shape (m, F)
        What the network's last layer reads.

    Returns
    -------
    ndarray, shape (m, d)

    Raises
    ------
    KeyError
        When there is no such description.
    """
    known = {LETTERS: lambda: base_rows(windows), NETWORK: lambda: np.asarray(features)}
    return np.concatenate([known[name]() for name in reads.split("+")], axis=1)


def spread(count: int, most: int = MOST_JUDGED) -> npt.NDArray[np.int64]:
    """Numbers of at most ``most`` windows of ``count``, spread evenly, first and last among them.

    Examples
    --------
    >>> spread(4).tolist(), spread(101, 5).tolist()
    ([0, 1, 2, 3], [0, 25, 50, 75, 100])
    """
    if count <= most:
        return np.arange(count)
    return np.rint(np.linspace(0, count - 1, most)).astype(np.int64)


def _reason(unlike: Unlike, expected: str) -> Reason | None:
    """Why one window should not be read, or be read with care."""
    if unlike.refused:
        return unlike_reason(unlike, expected)
    if unlike.score < unlike.warn:
        return None
    beyond = round(100 * (1 - unlike.rank))
    return Reason(
        "unusual", False,
        "It is unusual: of 100 sequences that the network was checked on, "
        f"{f'only {beyond}' if beyond else 'not even one'} differed as much from its training.",
    )  # fmt: skip
