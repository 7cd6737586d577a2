"""From logits to probabilities that mean what they say.

Three maps are fitted on validation data and compared there by cross-validation:
one temperature (Guo et al. 2017), Platt's scale and offset (Platt 1999; with
more than two classes one temperature and an offset for each class, Alexandari
et al. 2020), and isotonic regression (Zadrozny and Elkan 2002). The simplest
one that is as good as the best within its standard error is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Logits = npt.NDArray[np.floating[Any]]
Labels = npt.NDArray[np.integer[Any]]

_FLOOR = 1e-6  # no probability of 0 or 1 out of an isotonic step


@dataclass(frozen=True)
class Calibration:
    """A map from logits to probabilities.

    Parameters
    ----------
    method : str
        "temperature", "platt" or "isotonic".
    temperature : float
        Divides the logits; greater than 0.
    offsets : tuple of float
        Added to the divided logits, one a class; empty for none.
    knots : tuple of (tuple of float, tuple of float)
        For "isotonic", each class's log odds and the share observed there.
    """

    method: str
    temperature: float = 1.0
    offsets: tuple[float, ...] = ()
    knots: tuple[tuple[tuple[float, ...], tuple[float, ...]], ...] = ()

    def __call__(self, logits: Logits) -> Doubles:
        """Probabilities, shape (..., K), summing to 1, from logits of the same shape."""
        z = np.asarray(logits, dtype=np.float64) / self.temperature
        if self.offsets:
            z = z + np.asarray(self.offsets)
        if not self.knots:
            z = z - z.max(axis=-1, keepdims=True)
            exponentials = np.exp(z)
            return np.asarray(exponentials / exponentials.sum(axis=-1, keepdims=True))
        odds = log_odds(z)
        shares = [np.interp(odds[..., k], x, y) for k, (x, y) in enumerate(self.knots)]
        p = np.clip(np.stack(shares, axis=-1), _FLOOR, 1 - _FLOOR)
        return np.asarray(p / p.sum(axis=-1, keepdims=True))

    @classmethod
    def from_trust(cls, trust: Mapping[str, Any]) -> Calibration:
        """Read it from a bundle's ``trust.json``.

        Raises
        ------
        KeyError, ValueError
            When there is none, or its temperature is not greater than 0.
        """
        table = trust.get("calibration") or {"method": "temperature"} | {
            "temperature": trust["temperature"]
        }
        temperature = float(table["temperature"])
        if not temperature > 0:
            raise ValueError("temperature must be greater than 0")
        return cls(
            str(table["method"]),
            temperature,
            tuple(float(value) for value in table.get("offsets", ())),
            tuple((tuple(x), tuple(y)) for x, y in table.get("knots", ())),
        )

    def to_trust(self) -> dict[str, Any]:
        """As it stands in ``trust.json``."""
        table: dict[str, Any] = {"method": self.method, "temperature": self.temperature}
        if self.offsets:
            table["offsets"] = list(self.offsets)
        if self.knots:
            table["knots"] = [[list(x), list(y)] for x, y in self.knots]
        return table


def log_odds(logits: Logits) -> Doubles:
    """Log odds of each class against all others; shape (..., K) in and out."""
    z = np.asarray(logits, dtype=np.float64)
    others = [
        np.logaddexp.reduce(np.delete(z, k, axis=-1), axis=-1) if z.shape[-1] > 2 else z[..., 1 - k]
        for k in range(z.shape[-1])
    ]
    return np.asarray(z - np.stack(others, axis=-1))


def fit_temperature(logits: Logits, labels: Labels, weights: Doubles | None = None) -> Calibration:
    """The one temperature with the least log loss (Guo et al. 2017).

    Parameters
    ----------
    logits : ndarray, shape (n, K)
    labels : ndarray of int, shape (n,)
    weights : ndarray, shape (n,), optional
        Of the rows.

    Returns
    -------
    Calibration
        Temperature between 0.05 and 20.
    """
    from scipy.optimize import minimize_scalar  # slow to import, and only fitting needs it

    z = np.asarray(logits, dtype=np.float64)

    def loss(log_temperature: float) -> float:
        return _loss(z / np.exp(log_temperature), labels, weights)

    found = minimize_scalar(loss, bounds=(np.log(0.05), np.log(20.0)), method="bounded")
    return Calibration("temperature", float(np.exp(found.x)))


def fit_platt(logits: Logits, labels: Labels, weights: Doubles | None = None) -> Calibration:
    """A temperature and an offset for each class, the first class's being 0.

    Parameters
    ----------
    logits, labels, weights
        As in `fit_temperature`.
    """
    from scipy.optimize import minimize  # slow to import, and only fitting needs it

    z = np.asarray(logits, dtype=np.float64)
    k = z.shape[1]
    start = np.r_[np.log(fit_temperature(z, labels, weights).temperature), np.zeros(k - 1)]

    def loss(at: Doubles) -> float:
        return _loss(z / np.exp(at[0]) + np.r_[0.0, at[1:]], labels, weights)

    bounds = [(np.log(0.05), np.log(20.0)), *[(-8.0, 8.0)] * (k - 1)]
    found = minimize(loss, start, method="L-BFGS-B", bounds=bounds).x
    return Calibration("platt", float(np.exp(found[0])), (0.0, *map(float, found[1:])))


def fit_isotonic(logits: Logits, labels: Labels, weights: Doubles | None = None) -> Calibration:
    """A rising step line through the observed shares of each class, joined and normalised.

    Parameters
    ----------
    logits, labels, weights
        As in `fit_temperature`.
    """
    from sklearn.isotonic import IsotonicRegression  # slow to import, and only fitting needs it

    odds, knots = log_odds(logits), []
    for k in range(odds.shape[1]):
        line = IsotonicRegression(out_of_bounds="clip")
        line.fit(odds[:, k], (np.asarray(labels) == k).astype(float), sample_weight=weights)
        x, y = line.X_thresholds_, line.y_thresholds_
        knots.append((tuple(map(float, x)), tuple(map(float, y))))
    return Calibration("isotonic", knots=tuple(knots))


Fit = Callable[[Logits, Labels, Doubles | None], Calibration]
# From the simplest to the one that bends most.
FITS: dict[str, Fit] = {
    "temperature": fit_temperature,
    "platt": fit_platt,
    "isotonic": fit_isotonic,
}


def row_losses(probabilities: Doubles, labels: Labels) -> Doubles:
    """Log loss of each row; probabilities (n, K) and labels (n,) give (n,)."""
    chosen = probabilities[np.arange(len(labels)), labels]
    return np.asarray(-np.log(np.maximum(chosen, 1e-12)))


def choose_calibration(
    logits: Logits,
    labels: Labels,
    groups: npt.NDArray[Any],
    *,
    weights: Doubles | None = None,
    folds: int = 5,
    seed: int = 0,
) -> tuple[Calibration, list[dict[str, Any]]]:
    """Fit all maps, compare them by grouped cross-validation, keep one.

    Parameters
    ----------
    logits : ndarray, shape (n, K)
    labels : ndarray of int, shape (n,)
    groups : ndarray, shape (n,)
        Patients or records; a group is never in two folds.
    weights : ndarray, shape (n,), optional
    folds, seed : int

    Returns
    -------
    Calibration
        Fitted to all rows by the chosen method: the simplest one whose
        cross-validated log loss is within one standard error (over groups, of
        the paired difference) of the best.
    list of dict
        ``method``, ``log_loss`` and its ``standard_error`` to the best, for each.
    """
    names, index = np.unique(groups, return_inverse=True)
    fold_of = np.random.default_rng(seed).permutation(len(names))[index] % folds
    w = np.ones(len(labels)) if weights is None else np.asarray(weights, dtype=np.float64)
    losses = {}
    for name, fit in FITS.items():
        row = np.empty(len(labels))
        for fold in range(folds):
            out = fold_of == fold
            made = fit(logits[~out], labels[~out], w[~out])
            row[out] = row_losses(made(logits[out]), labels[out])
        losses[name] = np.bincount(index, w * row) / w.sum()
    best = min(losses, key=lambda name: float(losses[name].sum()))
    compared, chosen = [], best
    for name in reversed(FITS):
        behind = losses[name] - losses[best]
        error = float(np.sqrt(len(behind) * behind.var(ddof=1))) if len(behind) > 1 else 0.0
        if behind.sum() <= error:
            chosen = name
        compared.append({
            "method": name,
            "log_loss": round(float(losses[name].sum()), 6),
            "standard_error": round(error, 6),
        })  # fmt: skip
    return FITS[chosen](logits, labels, w), compared[::-1]


def _loss(z: Doubles, labels: Labels, weights: Doubles | None) -> float:
    row = np.logaddexp.reduce(z, axis=1) - z[np.arange(len(labels)), labels]
    return float(np.average(row, weights=weights))
