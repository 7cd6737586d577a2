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
    labels: npt.NDArray[np.integer[Any]] | None = None,
    groups: npt.NDArray[Any] | None = None,
    temperature: float = 1.0,
    draws: int = DRAWS,
    seed: int = 0,
) -> HeadPosterior:
    """Laplace approximation around a trained last layer.

    Rows of one patient or record err together, and say less than as many
    independent rows; how much less differs from one direction of the weights
    to another. With ``groups``, the curvature along each of its axes is divided
    by the design effect there: the variance of the score summed by group over
    that summed by row (Kish 1965; Liang and Zeger 1986).

    Parameters
    ----------
    features : ndarray, shape (n, F)
        Training rows, as the last layer reads them.
    probabilities : ndarray, shape (n, K)
        Calibrated, of the same rows.
    weights : ndarray, shape (F, K)
        The trained weights; they set the width of the prior by the evidence
        (MacKay 1992).
    labels : ndarray of int, shape (n,), optional
        Needed with ``groups``.
    groups : ndarray, shape (n,), optional
        Patient or record of each row; every row is independent if not given.
    temperature : float
        Of the calibration: weights are taken as divided by it.
    draws, seed : int

    Returns
    -------
    HeadPosterior
    """
    x = np.c_[np.asarray(features, np.float64), np.ones(len(features))]
    p = np.asarray(probabilities, np.float64)
    k, size = p.shape[1], x.shape[1]
    hessian = np.zeros((k, size, k, size))
    for a in range(k):
        for b in range(a, k):
            curve = p[:, a] * ((a == b) - p[:, b])
            block = (x * curve[:, None]).T @ x
            hessian[a, :, b, :] = block
            hessian[b, :, a, :] = block.T
    values, vectors = np.linalg.eigh(hessian.reshape(k * size, k * size))
    values = np.maximum(values, 0)
    if groups is not None and labels is not None:
        values = values / design_effects(x, p, labels, groups, vectors)
    prior = _prior_precision(values, float((np.asarray(weights) ** 2).sum()) / temperature**2)
    noise = np.random.default_rng(seed).standard_normal((draws // 2, k * size))
    noise = np.concatenate([noise, -noise])  # pairs: the mean is exactly zero
    moved = (noise / np.sqrt(values + prior)) @ vectors.T
    return HeadPosterior(moved.reshape(draws, k, size).transpose(0, 2, 1).astype(np.float32))


def design_effects(
    x: Values,
    probabilities: Doubles,
    labels: npt.NDArray[np.integer[Any]],
    groups: npt.NDArray[Any],
    axes: Doubles,
) -> Doubles:
    """How much less the rows say along each axis because those of a group err together.

    Parameters
    ----------
    x : ndarray, shape (n, F)
        What the logits are linear in, the bias's column among them.
    probabilities : ndarray, shape (n, K)
    labels : ndarray of int, shape (n,)
    groups : ndarray, shape (n,)
    axes : ndarray, shape (K * F, m)
        Directions of the weights, class by class.

    Returns
    -------
    ndarray, shape (m,)
        At least 1.

    Examples
    --------
    >>> x, p = np.ones((4, 1)), np.full((4, 2), 0.5)
    >>> axis = np.array([[-1.0], [1.0]])
    >>> design_effects(x, p, np.array([0, 0, 1, 1]), np.array(["a", "a", "b", "b"]), axis)
    array([2.])
    """
    names, index = np.unique(groups, return_inverse=True)
    order = np.argsort(index, kind="stable")
    starts = np.searchsorted(index[order], np.arange(len(names)))
    residuals = np.eye(probabilities.shape[1])[np.asarray(labels)] - probabilities
    by_row, by_group = np.zeros(axes.shape[1]), np.zeros(axes.shape[1])
    turned = axes.reshape(probabilities.shape[1], x.shape[1], -1)
    for part in np.array_split(np.arange(axes.shape[1]), max(1, axes.shape[1] // 64)):
        along = np.zeros((len(x), len(part)))
        for k in range(probabilities.shape[1]):
            along += residuals[:, k, None] * (x @ turned[k][:, part])
        by_row[part] = (along**2).sum(axis=0)
        by_group[part] = (np.add.reduceat(along[order], starts, axis=0) ** 2).sum(axis=0)
    return np.asarray(np.maximum(by_group / np.maximum(by_row, 1e-12), 1.0))


def _prior_precision(values: Doubles, squared_weights: float) -> float:
    """The prior's precision by the evidence: effective parameters over squared weights."""
    precision = 1.0
    for _ in range(_ROUNDS):
        effective = float((values / (values + precision)).sum())
        precision = max(effective, 1e-3) / max(squared_weights, 1e-6)
    return precision
