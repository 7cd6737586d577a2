"""All of a bundle's trust in one scan: plain arrays and ``trust.json`` in, a verdict out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.trust.decision import Decision, decide, threshold_reason, undecided_reason
from medmodels.trust.findings import UNREADABLE, Finding, thresholds_from
from medmodels.trust.head_posterior import HeadPosterior
from medmodels.trust.operating_point import OperatingPoint
from medmodels.trust.out_of_distribution import Score, from_arrays
from medmodels.trust.prediction_sets import LEVELS, PredictionSets
from medmodels.trust.scan_quality import ScanQuality, judge_scan
from medmodels.trust.unlike import UPRIGHT, TurnHead, Unlike, turn_of, unlike_reason

Doubles = npt.NDArray[np.float64]
Values = npt.NDArray[np.floating[Any]]
Arrays = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class Verdict:
    """What the trust layer says of one scan.

    Parameters
    ----------
    unlike : Unlike
    findings : tuple of Finding
    sets : mapping of float to tuple of bool
        Which labels are left at each level.
    interval : tuple of (float, float)
        95% interval of each class's probability.
    decision : Decision
    """

    unlike: Unlike
    findings: tuple[Finding, ...]
    sets: Mapping[float, tuple[bool, ...]]
    interval: tuple[tuple[float, float], ...]
    decision: Decision


class ScanTrust:
    """The trust layer of a bundle that reads scans.

    Parameters
    ----------
    trust : mapping
        The bundle's ``trust.json``.
    reference : mapping of ndarray
        Its ``reference.npz``.
    point : OperatingPoint
    titles : sequence of str
        Of the classes.
    expected : str
        What the network was trained on.
    """

    def __init__(
        self,
        trust: Mapping[str, Any],
        reference: Arrays,
        point: OperatingPoint,
        titles: Sequence[str],
        expected: str,
    ) -> None:
        outlier = trust["out_of_distribution"]
        self._part = slice(*outlier["features"])
        self._score: Score = from_arrays(outlier["method"], part_of(reference, "unlike"))
        self._warn, self._refuse = float(outlier["warn"]), float(outlier["refuse"])
        self._ranks = np.asarray(outlier["validation_quantiles"], dtype=np.float64)
        turns = trust.get("turns")
        self._turns = turns and TurnHead(tuple(turns["names"]), **part_of(reference, "turns"))
        self._turn_part = slice(*turns["features"]) if turns else slice(0)
        self._head_part = slice(*trust["head"]["features"])
        self._head = HeadPosterior(reference["head/draws"])
        self._sets = PredictionSets.from_trust(trust["prediction_sets"])
        self._limits = thresholds_from(trust["quality"])
        self._modalities = tuple(trust.get("modalities", ()))
        self._point, self._titles, self._expected = point, tuple(titles), expected

    @property
    def turn_names(self) -> tuple[str, ...]:
        """Ways a picture can lie, "upright" first."""
        return self._turns.names if self._turns else (UPRIGHT,)

    def scores(self, features: Values) -> tuple[Doubles, Doubles]:
        """How unlike training, (n,), and how each picture lies, (n, ways), from features (n, D)."""
        lies = np.ones((len(features), 1))
        if self._turns:
            lies = self._turns.probabilities(features[:, self._turn_part])
        return self._score.score(features[:, self._part]), lies

    def interval(self, features: Values, logits: Values) -> tuple[Doubles, Doubles]:
        """95% interval of each probability: low and high, (n, K)."""
        return self._head.interval(features[:, self._head_part], logits, self._point.probabilities)

    def verdict(
        self,
        *,
        score: float,
        lies: Doubles,
        quality: ScanQuality,
        probabilities: Doubles,
        low: Doubles,
        high: Doubles,
        modality: str = "",
    ) -> Verdict:
        """Weigh everything known of one scan.

        Parameters
        ----------
        score : float
        lies : ndarray, shape (ways,)
        quality : ScanQuality
        probabilities, low, high : ndarray, shape (K,)
        modality : str
            DICOM's code, empty where the file states none.
        """
        rank = float(np.searchsorted(self._ranks, score) / len(self._ranks))
        turn = turn_of(lies, self.turn_names)
        unlike = Unlike(score, self._warn, self._refuse, rank, turn)
        findings = self._wrong_modality(modality) + judge_scan(quality, self._limits)
        held = {
            level: tuple(map(bool, self._sets.sets(probabilities[None], level)[0]))
            for level in LEVELS
        }
        positive, threshold = self._point.positive, self._point.threshold
        at_threshold = (
            threshold_reason(float(low[positive]), float(high[positive]), threshold)
            if positive is not None
            else None
        )
        decision = decide(
            unlike=unlike_reason(unlike, self._expected),
            findings=findings,
            undecided=undecided_reason(held[LEVELS[0]], held[LEVELS[1]], self._titles),
            at_threshold=at_threshold,
        )
        interval = tuple(zip(map(float, low), map(float, high), strict=True))
        return Verdict(unlike, findings, held, interval, decision)

    def _wrong_modality(self, modality: str) -> tuple[Finding, ...]:
        if not modality or not self._modalities or modality in self._modalities:
            return ()
        sentence = (
            f"The file says its modality is {modality}; this network reads {self._expected} "
            f"({', '.join(self._modalities)}). Choose another file."
        )
        return (Finding("modality", UNREADABLE, sentence, 1.0, 1.0),)


def part_of(arrays: Arrays, name: str) -> dict[str, npt.NDArray[Any]]:
    """Arrays whose names begin with ``name/``, without it."""
    prefix = f"{name}/"
    return {
        key.removeprefix(prefix): value for key, value in arrays.items() if key.startswith(prefix)
    }
