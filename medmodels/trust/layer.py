"""What the trust layers of all kinds of input have in common: parts fitted once, in two files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.trust.findings import thresholds_from
from medmodels.trust.head_posterior import HeadPosterior
from medmodels.trust.operating_point import OperatingPoint
from medmodels.trust.out_of_distribution import Score, from_arrays
from medmodels.trust.prediction_sets import PredictionSets
from medmodels.trust.unlike import UPRIGHT, Unlike

Doubles = npt.NDArray[np.float64]
Values = npt.NDArray[np.floating[Any]]
Arrays = Mapping[str, npt.NDArray[Any]]


class TrustLayer:
    """The trust layer of a bundle.

    Parameters
    ----------
    trust : mapping
        The bundle's ``trust.json``. ``head`` says which columns of the features the last
        layer reads (``features``; all, where it does not say) and what they are multiplied
        by (``scale``, 1). Without ``out_of_distribution.warn`` a warning begins where an
        input is refused.
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
        self._score: Score = from_arrays(outlier["method"], part_of(reference, "unlike"))
        self._refuse = float(outlier["refuse"])
        self._warn = float(outlier.get("warn", self._refuse))
        self._ranks = np.asarray(outlier["validation_quantiles"], dtype=np.float64)
        head = trust["head"]
        self._head_part = slice(*head.get("features", (None,)))
        self._scale = float(head.get("scale", 1))
        self._head = HeadPosterior(reference["head/draws"])
        self._sets = PredictionSets.from_trust(trust["prediction_sets"])
        self._limits = thresholds_from(trust["quality"])
        self._point, self._titles, self._expected = point, tuple(titles), expected
        self._read_more(trust, reference)

    def _read_more(self, trust: Mapping[str, Any], reference: Arrays) -> None:
        """Read what only this kind of input has."""

    def interval(self, features: Values, logits: Values) -> tuple[Doubles, Doubles]:
        """95% interval of each probability: low and high, (n, K), from features (n, D)."""
        rows = self._scale * np.asarray(features[:, self._head_part], dtype=np.float32)
        return self._head.interval(rows, logits, self._point.probabilities)

    def _held(self, probabilities: Doubles) -> dict[float, npt.NDArray[np.bool_]]:
        """Which labels (n, K) are left at each level, the lower ones first."""
        return {level: self._sets.sets(probabilities, level) for level in self._sets.levels}

    def _unlike(self, score: float, turn: str = UPRIGHT) -> Unlike:
        rank = float(np.searchsorted(self._ranks, score) / len(self._ranks))
        return Unlike(score, self._warn, self._refuse, rank, turn)


def part_of(arrays: Arrays, name: str) -> dict[str, npt.NDArray[Any]]:
    """Arrays whose names begin with ``name/``, without it."""
    prefix = f"{name}/"
    return {
        key.removeprefix(prefix): value for key, value in arrays.items() if key.startswith(prefix)
    }
