"""Scores of how unlike the training data an input is, from a network's own features.

Every score works on plain arrays, is higher the less an input is like the
training data, and can be stored as arrays and built again from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from medmodels.trust.beat_sizes import BeatSizes

Doubles = npt.NDArray[np.float64]
Values = npt.NDArray[np.floating[Any]]
_TINY = 1e-6


class Score(Protocol):
    """What every score can do.

    ``name`` stands in files; ``score`` takes features (n, d) and gives (n,);
    ``arrays`` gives what `from_arrays` needs.
    """

    name: ClassVar[str]

    def score(self, features: Values) -> Doubles:
        """Score rows of features; higher is less like the training data."""
        ...

    def arrays(self) -> dict[str, npt.NDArray[np.float32]]:
        """Everything that is needed to build the score again."""
        ...


@dataclass(frozen=True)
class Mahalanobis:
    """Distance to the nearest class mean in the shared covariance (Lee et al. 2018).

    The covariance is shrunk (Ledoit and Wolf 2004), for features are many.

    Parameters
    ----------
    means : ndarray, shape (K, d)
    whitening : ndarray, shape (d, d)
        ``(x - mean) @ whitening`` has the identity as its covariance.
    """

    name: ClassVar[str] = "mahalanobis"
    means: Values
    whitening: Values

    @classmethod
    def fit(cls, features: Values, labels: npt.NDArray[np.integer[Any]]) -> Mahalanobis:
        """Fit to training features, shape (n, d), with their classes, shape (n,)."""
        from sklearn.covariance import LedoitWolf  # slow to import, and only fitting needs it

        x = np.asarray(features, dtype=np.float64)
        means = np.stack([x[labels == k].mean(axis=0) for k in np.unique(labels)])
        centred = x - means[np.searchsorted(np.unique(labels), labels)]
        covariance = LedoitWolf(assume_centered=True).fit(centred).covariance_
        values, vectors = np.linalg.eigh(covariance)
        whitening = vectors / np.sqrt(np.maximum(values, _TINY * values.max()))
        return cls(means.astype(np.float32), whitening.astype(np.float32))

    def score(self, features: Values) -> Doubles:
        """Distance, at least 0; features (n, d) give (n,)."""
        whitening, means = self._whitened
        at = np.asarray(features, dtype=np.float64) @ whitening
        to_means = ((at[:, None] - means[None]) ** 2).sum(axis=2)
        return np.asarray(np.sqrt(to_means.min(axis=1)))

    @cached_property
    def _whitened(self) -> tuple[Doubles, Values]:
        """The whitening as `score` needs it, and the means under it."""
        return np.asarray(self.whitening, np.float64), self.means @ self.whitening

    def arrays(self) -> dict[str, npt.NDArray[np.float32]]:
        """Means and whitening."""
        return {"means": _single(self.means), "whitening": _single(self.whitening)}


@dataclass(frozen=True)
class NearestNeighbour:
    """Distance to the k-th nearest training row, standardised by column (Sun et al. 2022).

    Parameters
    ----------
    bank : ndarray, shape (n, d)
        Training rows, standardised.
    mean, deviation : ndarray, shape (d,)
    k : int
    """

    name: ClassVar[str] = "nearest neighbour"
    bank: Values
    mean: Values
    deviation: Values
    k: int = 5

    @classmethod
    def fit(cls, features: Values, k: int = 5, most: int = 2000, seed: int = 0) -> NearestNeighbour:
        """Fit to training features, shape (n, d); at most ``most`` rows are kept."""
        x = np.asarray(features, dtype=np.float64)
        mean, deviation = x.mean(axis=0), x.std(axis=0) + _TINY
        if len(x) > most:
            x = x[np.random.default_rng(seed).choice(len(x), most, replace=False)]
        return cls(_single((x - mean) / deviation), _single(mean), _single(deviation), k)

    def score(self, features: Values) -> Doubles:
        """Root mean squared distance per column; features (n, d) give (n,)."""
        x = (np.asarray(features, dtype=np.float64) - self.mean) / self.deviation
        bank = np.asarray(self.bank, dtype=np.float64)
        k = min(self.k, len(bank))
        found = np.empty(len(x))
        for start in range(0, len(x), 512):
            part = x[start : start + 512]
            square = (part**2).sum(1)[:, None] + (bank**2).sum(1) - 2 * part @ bank.T
            found[start : start + 512] = np.partition(square, k - 1, axis=1)[:, k - 1]
        return np.asarray(np.sqrt(np.maximum(found, 0) / x.shape[1]))

    def arrays(self) -> dict[str, npt.NDArray[np.float32]]:
        """Bank, means, deviations and k."""
        return {
            "bank": _single(self.bank),
            "mean": _single(self.mean),
            "deviation": _single(self.deviation),
            "k": np.array(self.k, dtype=np.float32),
        }


@dataclass(frozen=True)
class Energy:
    """Negative log of the sum of exponentiated logits (Liu et al. 2020).

    Parameters
    ----------
    temperature : float
        Greater than 0.
    """

    name: ClassVar[str] = "energy"
    temperature: float = 1.0

    def score(self, features: Values) -> Doubles:
        """Take logits, shape (n, K), as its features and give (n,)."""
        z = np.asarray(features, dtype=np.float64) / self.temperature
        return np.asarray(-self.temperature * logsumexp(z, axis=1))

    def arrays(self) -> dict[str, npt.NDArray[np.float32]]:
        """The temperature."""
        return {"temperature": np.array(self.temperature, dtype=np.float32)}


@dataclass(frozen=True)
class FeatureClassifier:
    """Log odds that a row is an outlier, by logistic regression on features.

    On average the best of many methods on medical images (Cao et al. 2020,
    arXiv 2007.04250), when its outliers are many and varied.

    Parameters
    ----------
    mean, deviation : ndarray, shape (d,)
    weights : ndarray, shape (d,)
    bias : float
    """

    name: ClassVar[str] = "feature classifier"
    mean: Values
    deviation: Values
    weights: Values
    bias: float

    @classmethod
    def fit(
        cls,
        features: Values,
        outliers: Values,
        strength: float = 0.01,
        weights: Values | None = None,
    ) -> FeatureClassifier:
        """Fit training rows, shape (n, d), against outliers, shape (m, d).

        Parameters
        ----------
        features, outliers : ndarray
        strength : float
            Inverse of the penalty on the weights (scikit-learn's ``C``).
        weights : ndarray, shape (n + m,), optional
            Of the rows, features first; both sides count the same if not given.
        """
        from sklearn.linear_model import LogisticRegression

        x = np.concatenate([features, outliers]).astype(np.float64)
        y = np.r_[np.zeros(len(features)), np.ones(len(outliers))]
        mean, deviation = np.mean(features, axis=0), np.std(features, axis=0) + _TINY
        if weights is None:
            weights = np.where(y == 1, 0.5 / max(y.sum(), 1), 0.5 / max((1 - y).sum(), 1)) * len(y)
        x = _squashed((x - mean) / deviation)
        model = LogisticRegression(C=strength, max_iter=2000).fit(x, y, sample_weight=weights)
        return cls(
            _single(mean), _single(deviation), _single(model.coef_[0]), float(model.intercept_[0])
        )

    def score(self, features: Values) -> Doubles:
        """Log odds of being an outlier; features (n, d) give (n,)."""
        x = _squashed((np.asarray(features, dtype=np.float64) - self.mean) / self.deviation)
        return np.asarray(x @ np.asarray(self.weights, dtype=np.float64) + self.bias)

    def arrays(self) -> dict[str, npt.NDArray[np.float32]]:
        """Means, deviations, weights and bias."""
        return {
            "mean": _single(self.mean),
            "deviation": _single(self.deviation),
            "weights": _single(self.weights),
            "bias": np.array(self.bias, dtype=np.float32),
        }


SCORES = (Mahalanobis, NearestNeighbour, Energy, FeatureClassifier, BeatSizes)


def from_arrays(name: str, arrays: Mapping[str, npt.NDArray[Any]]) -> Score:
    """Build a score from what its ``arrays`` gave.

    Parameters
    ----------
    name : str
        ``name`` of one of `SCORES`.
    arrays : mapping of ndarray

    Raises
    ------
    ValueError
        When there is no such score or an array is missing.
    """
    kind: Any = next((kind for kind in SCORES if kind.name == name), None)
    if kind is None:
        raise ValueError(f'there is no out-of-distribution score "{name}"')
    scalars: dict[str, Any] = {"k": int, "temperature": float, "bias": float}
    try:
        built: Score = kind(
            **{key: scalars.get(key, _single)(value) for key, value in arrays.items()}
        )
        return built
    except TypeError as error:
        raise ValueError(f'arrays of the score "{name}": {error}') from error


def _squashed(x: Doubles) -> Doubles:
    """Keep one wild feature from deciding alone: linear near 0, logarithmic far out."""
    return np.asarray(np.arcsinh(x))


def _single(values: Any) -> npt.NDArray[np.float32]:
    return np.asarray(values, dtype=np.float32)
