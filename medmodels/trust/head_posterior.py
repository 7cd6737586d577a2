"""How sure the probability itself is: a Laplace approximation of the last layer.

The weights that turn the last features into logits are uncertain: other
patients in training would have given others. Their posterior is taken as
normal around the trained weights (MacKay 1992; for the last layer alone,
Kristiadi et al. 2020, Daxberger et al. 2021). Draws of it cost one small
product of matrices at reading time, no second pass of the network.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from medmodels.trust.calibration import log_odds

Doubles = npt.NDArray[np.float64]
Values = npt.NDArray[np.floating[Any]]

DRAWS = 64
_CHUNK = 4096
_ROUNDS = 30


@dataclass(frozen=True)
class HeadPosterior:
    """Draws of the last layer's weights, less the trained ones.

    Parameters
    ----------
    draws : ndarray, float32, shape (S, F + 1, K)
        Change of each weight, the bias last, in units of calibrated logits
        (already divided by the temperature).
    """

    draws: npt.NDArray[np.float32]

    def interval(
        self, features: Values, logits: Values, calibrated: Callable[[Values], Doubles],
        level: float = 0.95,
    ) -> tuple[Doubles, Doubles]:  # fmt: skip
        """Interval of each class's probability.

        The log odds of a class are linearised in the logits, as normal as the
        weights are, and taken back to a probability.

        Parameters
        ----------
        features : ndarray, shape (n, F)
            What the last layer reads.
        logits : ndarray, shape (n, K)
        calibrated : callable
            From logits to probabilities.
        level : float

        Returns
        -------
        low, high : ndarray, float64, shape (n, K)
            In 0 to 1, around the probability.
        """
        p = calibrated(logits)
        spread = np.empty_like(p)
        for at in range(0, len(p), _CHUNK):
            part = slice(at, at + _CHUNK)
            spread[part] = self._spread(features[part], p[part])
        reach = float(ndtri(0.5 + level / 2)) * spread
        odds = log_odds(np.log(np.maximum(p, 1e-12)))
        return 1 / (1 + np.exp(-(odds - reach))), 1 / (1 + np.exp(-(odds + reach)))

    def _spread(self, features: Values, p: Doubles) -> Doubles:
        """Standard deviation of each class's log odds, shape (n, K)."""
        n, k = p.shape
        s = len(self.draws)
        wide = self.draws.transpose(1, 0, 2).reshape(-1, s * k)
        moved = (np.asarray(features, np.float32) @ wide[:-1] + wide[-1]).reshape(n, s, k)
        variance = moved.transpose(0, 2, 1) @ moved / s  # (n, k, k), around zero
        # d(log odds of k) = dz_k - sum over the others of their share of dz_j.
        share = -p[:, None, :] / np.maximum(1 - p[:, :, None], 1e-12)
        diagonal = np.arange(k)
        share[:, diagonal, diagonal] = 1.0
        return np.asarray(np.sqrt(np.einsum("nki,nij,nkj->nk", share, variance, share)))


def fit_head_posterior(
    features: Values,
    probabilities: Doubles,
    weights: Values,
    *,
    temperature: float = 1.0,
    design_effect: float = 1.0,
    draws: int = DRAWS,
    seed: int = 0,
) -> HeadPosterior:
    """Laplace approximation around a trained last layer.

    Parameters
    ----------
    features : ndarray, shape (n, F)
        Training rows, as the last layer reads them.
    probabilities : ndarray, shape (n, K)
        Calibrated, of the same rows.
    weights : ndarray, shape (F, K)
        The trained weights; they set the width of the prior by the evidence
        (MacKay 1992).
    temperature : float
        Of the calibration: weights are taken as divided by it.
    design_effect : float
        At least 1: how many dependent rows say as much as one independent row
        (see `design_effect`).
    draws, seed : int

    Returns
    -------
    HeadPosterior
    """
    x = np.c_[np.asarray(features, np.float64), np.ones(len(features))]
    p = np.asarray(probabilities, np.float64)
    k = p.shape[1]
    size = x.shape[1]
    hessian = np.zeros((k, size, k, size))
    for a in range(k):
        for b in range(a, k):
            curve = p[:, a] * ((a == b) - p[:, b]) / design_effect
            block = (x * curve[:, None]).T @ x
            hessian[a, :, b, :] = block
            hessian[b, :, a, :] = block.T
    values, vectors = np.linalg.eigh(hessian.reshape(k * size, k * size))
    values = np.maximum(values, 0)
    prior = _prior_precision(values, float((np.asarray(weights) ** 2).sum()) / temperature**2)
    noise = np.random.default_rng(seed).standard_normal((draws // 2, k * size))
    noise = np.concatenate([noise, -noise])  # pairs: the mean is exactly zero
    moved = (noise / np.sqrt(values + prior)) @ vectors.T
    return HeadPosterior(moved.reshape(draws, k, size).transpose(0, 2, 1).astype(np.float32))


def design_effect(
    probabilities: Doubles, labels: npt.NDArray[np.integer[Any]], groups: npt.NDArray[Any]
) -> float:
    """How much less a row says because rows of one patient err together.

    The variance of summed residuals by group over that by row (Kish 1965), for
    the class whose residuals are most clustered.

    Parameters
    ----------
    probabilities : ndarray, shape (n, K)
        Of data that were not trained on.
    labels : ndarray of int, shape (n,)
    groups : ndarray, shape (n,)

    Returns
    -------
    float
        At least 1.

    Examples
    --------
    >>> p = np.full((4, 2), 0.5)
    >>> design_effect(p, np.array([0, 0, 1, 1]), np.array(["a", "a", "b", "b"]))
    2.0
    """
    _, index = np.unique(groups, return_inverse=True)
    found = [1.0]
    for k in range(probabilities.shape[1]):
        residual = (np.asarray(labels) == k) - probabilities[:, k]
        by_row = float((residual**2).sum())
        if by_row > 0:
            found.append(float((np.bincount(index, residual) ** 2).sum()) / by_row)
    return max(found)


def _prior_precision(values: Doubles, squared_weights: float) -> float:
    """The prior's precision by the evidence: effective parameters over squared weights."""
    precision = 1.0
    for _ in range(_ROUNDS):
        effective = float((values / (values + precision)).sum())
        precision = max(effective, 1e-3) / max(squared_weights, 1e-6)
    return precision
