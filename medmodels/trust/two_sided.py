"""A feature classifier for which a feature may be too small as well as too large."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from medmodels.trust.out_of_distribution import FeatureClassifier

Doubles = npt.NDArray[np.float64]
Values = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class TwoSided:
    """Log odds that a row is an outlier, by logistic regression on features and their distances.

    Each standardised feature stands beside its distance from the training
    mean, so that both a beat with waves too tall and one with hardly any can
    be unlike. Otherwise as `FeatureClassifier`.

    Parameters
    ----------
    centre, scale : ndarray, shape (d,)
        Mean and deviation of the training rows.
    classifier : FeatureClassifier
        On 2 d columns.
    """

    name: ClassVar[str] = "two-sided classifier"
    centre: Values
    scale: Values
    classifier: FeatureClassifier

    @classmethod
    def fit(cls, features: Values, outliers: Values, strength: float = 0.001) -> TwoSided:
        """Fit training rows, shape (n, d), against outliers, shape (m, d)."""
        centre = np.mean(features, axis=0, dtype=np.float64).astype(np.float32)
        scale = (np.std(features, axis=0, dtype=np.float64) + 1e-6).astype(np.float32)
        both = [_beside(rows, centre, scale) for rows in (features, outliers)]
        return cls(centre, scale, FeatureClassifier.fit(*both, strength=strength))

    def score(self, features: Values) -> Doubles:
        """Log odds of being an outlier; features (n, d) give (n,)."""
        return self.classifier.score(_beside(features, self.centre, self.scale))

    def arrays(self) -> dict[str, npt.NDArray[np.float32]]:
        """All that `from_arrays` needs."""
        own = {
            "centre": np.asarray(self.centre, np.float32),
            "scale": np.asarray(self.scale, np.float32),
        }
        return own | self.classifier.arrays()

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> TwoSided:
        """Build the score from what its ``arrays`` gave.

        Raises
        ------
        KeyError
            When an array is missing.
        """
        classifier = FeatureClassifier(
            arrays["mean"], arrays["deviation"], arrays["weights"], float(arrays["bias"])
        )
        return cls(arrays["centre"], arrays["scale"], classifier)


def _beside(features: Values, centre: Values, scale: Values) -> Doubles:
    z = np.arcsinh((np.asarray(features, dtype=np.float64) - centre) / scale)
    return np.concatenate([z, np.abs(z)], axis=1)
