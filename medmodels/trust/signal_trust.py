"""All of a bundle's trust in one recording: plain arrays and ``trust.json`` in, a verdict out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from medmodels.trust.decision import Decision, decide, many_in_doubt
from medmodels.trust.findings import WARNING, Finding
from medmodels.trust.layer import Arrays, Doubles, TrustLayer, Values
from medmodels.trust.operating_point import OperatingPoint
from medmodels.trust.signal_quality import check_signal
from medmodels.trust.stretches import StretchVerdict, judge_stretches
from medmodels.trust.unlike import Unlike, unlike_reason

#: From this share of beats in unlike stretches on, the answer carries a warning.
SOME_UNLIKE: Final = 0.1


@dataclass(frozen=True)
class SignalVerdict:
    """What the trust layer says of one recording.

    Parameters
    ----------
    unlike : Unlike
        Its score is the median over beats of their stretches' scores.
    findings : tuple of Finding
    sets : mapping of float to ndarray of bool, shape (n_beats, K)
    low, high : ndarray, float64, shape (n_beats, K)
        95% interval of each probability.
    decision : Decision
    """

    unlike: Unlike
    findings: tuple[Finding, ...]
    sets: Mapping[float, npt.NDArray[np.bool_]]
    low: Doubles
    high: Doubles
    decision: Decision


class SignalTrust(TrustLayer):
    """The trust layer of a bundle that reads recordings beat by beat; see `TrustLayer`.

    No sentence of it names a class, so that it needs no titles.
    """

    def __init__(
        self, trust: Mapping[str, Any], reference: Arrays, point: OperatingPoint, expected: str
    ) -> None:
        super().__init__(trust, reference, point, (), expected)

    def stretches(self, rows: Values, times_s: Doubles) -> StretchVerdict:
        """Judge stretches of beats by rows of features, (n_beats, d)."""
        return judge_stretches(rows, times_s, self._score, self._refuse)

    def quality(
        self,
        samples: npt.NDArray[np.float32],
        rate: float,
        r_peaks: npt.NDArray[np.int64],
        leads: tuple[str, ...],
        amplitude_known: bool,
    ) -> tuple[Finding, ...]:
        """Check the leads that are read; see `check_signal`."""
        return check_signal(
            samples, rate, r_peaks, self._limits, leads=leads, amplitude_known=amplitude_known
        )

    def verdict(
        self,
        *,
        stretches: StretchVerdict | None,
        findings: tuple[Finding, ...],
        features: Values,
        logits: Values,
    ) -> SignalVerdict:
        """Weigh everything known of one recording.

        Parameters
        ----------
        stretches : StretchVerdict or None
            None for a table of single beats, which has no stretches.
        findings : tuple of Finding
        features : ndarray, shape (n_beats, F)
            What the last layer reads.
        logits : ndarray, shape (n_beats, K)
        """
        probabilities = self._point.probabilities(logits)
        sets = self._held(probabilities)
        low, high = self.interval(features, logits)
        score = -np.inf if stretches is None else stretches.middle
        unlike = self._unlike(score)
        found = (*findings, *_some_unlike(stretches, self._refuse))
        decision = decide(
            unlike=unlike_reason(unlike, self._expected),
            findings=found,
            undecided=many_in_doubt(sets, "beats"),
            at_threshold=None,
        )
        return SignalVerdict(unlike, found, sets, low, high, decision)


def _some_unlike(stretches: StretchVerdict | None, limit: float) -> tuple[Finding, ...]:
    """A warning where part of a recording is unlike the training recordings."""
    if stretches is None or stretches.middle >= limit or stretches.unlike < SOME_UNLIKE:
        return ()
    sentence = (
        f"{stretches.unlike:.0%} of the beats lie in stretches that are unlike the recordings the "
        "network learned from: believe less of what it says there."
    )
    return (Finding("unlike_stretches", WARNING, sentence, stretches.unlike, SOME_UNLIKE,
                    stretches.where),)  # fmt: skip
