"""Whether a stretch of beats has waves of the size, steepness and place that ECG beats have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Values = npt.NDArray[np.floating[Any]]

LEADS: Final = 2
ZONES: Final = 8
_FLOOR = 0.02  # of the QRS height: what is smaller is noise, whatever it is
# Slopes and bends of a 100 Hz window, brought to about the size of the waves.
_ORDERS = ((0, 1.0), (1, 4.0), (2, 8.0))


def sizes(beats: Values) -> Doubles:
    """Logarithms of the root mean square of waves, slopes and bends in eight zones.

    Parameters
    ----------
    beats : ndarray, shape (n, n_samples, n_leads)
        In QRS heights; at least ten samples.

    Returns
    -------
    ndarray, float64, shape (n, 24 * n_leads)
        Waves of the eight zones, each zone's leads side by side; then slopes;
        then bends.
    """
    x = np.asarray(beats, dtype=np.float64)
    n, leads = len(x), x.shape[2]
    found = []
    for order, factor in _ORDERS:
        change = np.diff(x, n=order, axis=1)
        width = change.shape[1] // ZONES
        parts = change[:, : ZONES * width].reshape(n, ZONES, width, leads)
        size = factor * np.sqrt((parts**2).mean(axis=2))
        found.append(np.log(size + _FLOOR).reshape(n, -1))
    return np.concatenate(found, axis=1)


@dataclass(frozen=True)
class BeatSizes:
    """Log odds that a stretch of beats is none of an ECG, by logistic regression.

    Each size of the mean beat, and of the spread of the beats about it, is
    standardised and stands beside its distance from the training mean: waves
    may be too tall, and there may be hardly any. Fitted against many kinds of
    made signals, as outlier exposure asks (Hendrycks et al. 2019).

    Parameters
    ----------
    centre, scale : ndarray, shape (96,)
        Mean and deviation of the training stretches' sizes.
    weights : ndarray, shape (192,)
        Of the sizes, then of their distances.
    bias : float
    """

    name: ClassVar[str] = "beat sizes"
    centre: Values
    scale: Values
    weights: Values
    bias: float

    @classmethod
    def fit(cls, features: Values, outliers: Values, strength: float = 0.001) -> BeatSizes:
        """Fit pooled windows of ECGs, shape (n, 2 d), against those of outliers, (m, 2 d).

        Parameters
        ----------
        features, outliers : ndarray
            From `medmodels.trust.stretches.pool`: mean window, then spread.
        strength : float
            Inverse of the penalty on the weights (scikit-learn's ``C``).
        """
        from sklearn.linear_model import LogisticRegression  # slow; only fitting needs it

        own, other = _of_pooled(features), _of_pooled(outliers)
        centre, scale = own.mean(axis=0), own.std(axis=0) + 1e-6
        x = _beside(np.concatenate([own, other]), centre, scale)
        y = np.r_[np.zeros(len(own)), np.ones(len(other))]
        # Both sides count the same, and each column has the same say before it is weighted.
        deviation = x[: len(own)].std(axis=0) + 1e-6
        model = LogisticRegression(C=strength, max_iter=2000, class_weight="balanced")
        model.fit(x / deviation, y)
        parts = [centre, scale, model.coef_[0] / deviation]
        single = [np.asarray(part, dtype=np.float32) for part in parts]
        return cls(single[0], single[1], single[2], float(model.intercept_[0]))

    def score(self, features: Values) -> Doubles:
        """Log odds of being no ECG; pooled windows (n, 2 d) give (n,)."""
        x = _beside(_of_pooled(features), self.centre, self.scale)
        return np.asarray(x @ np.asarray(self.weights, dtype=np.float64) + self.bias)

    def arrays(self) -> dict[str, npt.NDArray[np.float32]]:
        """Centre, scale, weights and bias."""
        return {
            "centre": np.asarray(self.centre, dtype=np.float32),
            "scale": np.asarray(self.scale, dtype=np.float32),
            "weights": np.asarray(self.weights, dtype=np.float32),
            "bias": np.array(self.bias, dtype=np.float32),
        }


def _of_pooled(rows: Values) -> Doubles:
    """Sizes of the mean beat, then of the beats' spread about it."""
    halves = np.split(np.asarray(rows, dtype=np.float64), 2, axis=1)
    return np.concatenate([sizes(half.reshape(len(half), -1, LEADS)) for half in halves], axis=1)


def _beside(found: Doubles, centre: Values, scale: Values) -> Doubles:
    z = np.arcsinh((found - centre) / scale)
    return np.concatenate([z, np.abs(z)], axis=1)
