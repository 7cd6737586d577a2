"""All of a bundle's trust in one scan: plain arrays and ``trust.json`` in, a verdict out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from medmodels.trust.decision import Decision, decide, threshold_reason, undecided_reason
from medmodels.trust.findings import UNREADABLE, Finding
from medmodels.trust.layer import Arrays, Doubles, TrustLayer, Values, part_of
from medmodels.trust.scan_quality import ScanQuality, judge_scan
from medmodels.trust.unlike import UPRIGHT, TurnHead, Unlike, turn_of, unlike_reason


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


class ScanTrust(TrustLayer):
    """The trust layer of a bundle that reads scans; see `TrustLayer`.

    ``out_of_distribution.features`` are the first and last column, exclusive, of those
    that tell what is unlike; ``turns``, of those that tell how a picture lies.
    """

    def _read_more(self, trust: Mapping[str, Any], reference: Arrays) -> None:
        self._part = slice(*trust["out_of_distribution"]["features"])
        turns = trust.get("turns")
        self._turns = turns and TurnHead(tuple(turns["names"]), **part_of(reference, "turns"))
        self._turn_part = slice(*turns["features"]) if turns else slice(0)
        self._modalities = tuple(trust.get("modalities", ()))

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
        unlike = self._unlike(score, turn_of(lies, self.turn_names))
        findings = self._wrong_modality(modality) + judge_scan(quality, self._limits)
        sets = self._held(probabilities[np.newaxis])
        held = {level: tuple(map(bool, one[0])) for level, one in sets.items()}
        positive, threshold = self._point.positive, self._point.threshold
        at_threshold = (
            threshold_reason(float(low[positive]), float(high[positive]), threshold)
            if positive is not None
            else None
        )
        decision = decide(
            unlike=unlike_reason(unlike, self._expected),
            findings=findings,
            undecided=undecided_reason(held, self._titles),
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
