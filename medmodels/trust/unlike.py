"""Whether an input is of the kind that a network was trained on, and which way up it lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from medmodels.trust.decision import Reason

Doubles = npt.NDArray[np.float64]
Values = npt.NDArray[np.floating[Any]]

UPRIGHT: Final = "upright"
MIRRORED: Final = "mirrored"
_SURE = 0.9  # a turn is told only from this probability on

_WAYS: Mapping[str, str] = {
    "turned_right": "lie on its side, turned a quarter to the right. Turn it a quarter to the left",
    "turned_left": "lie on its side, turned a quarter to the left. Turn it a quarter to the right",
    "upside_down": "be upside down. Turn it by half",
    "inverted": "be inverted, dense parts dark and air bright. Invert it",
}


@dataclass(frozen=True)
class Unlike:
    """How unlike the training data an input is.

    Parameters
    ----------
    score : float
        Higher is less like the training data; its unit means nothing.
    warn, refuse : float
        From these scores on the answer carries a warning, or is withheld.
    rank : float
        Share of validation inputs that are less unlike, 0 to 1.
    turn : str
        "upright", or the way in which it seems to be turned.
    """

    score: float
    warn: float
    refuse: float
    rank: float
    turn: str = UPRIGHT

    @property
    def refused(self) -> bool:
        """Whether the score alone withholds the answer."""
        return self.score >= self.refuse

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON."""
        return {
            "score": round(self.score, 4),
            "warn_from": round(self.warn, 4),
            "refuse_from": round(self.refuse, 4),
            "more_unlike_than_share_of_validation": round(self.rank, 4),
            "lies": self.turn,
            "refused": self.refused,
        }


def unlike_reason(unlike: Unlike, expected: str) -> Reason | None:
    """Say that an input should not be read.

    Parameters
    ----------
    unlike : Unlike
    expected : str
        What the network was trained on, as "frontal chest X-rays of children".

    Returns
    -------
    Reason or None
    """
    if unlike.turn in _WAYS:
        return Reason(unlike.turn, True, f"It seems to {_WAYS[unlike.turn]} and read it again.")
    if unlike.refused:
        return Reason(
            "unlike_training",
            True,
            f"It is unlike anything the network was trained on ({expected}): an answer would "
            "mean nothing.",
        )
    if unlike.turn == MIRRORED:
        return Reason(
            MIRRORED, False,
            "It may be mirrored, left for right. Compare the side marker, or the heart.",
        )  # fmt: skip
    if unlike.score >= unlike.warn:
        return Reason(
            "unusual", False,
            f"It is unusual: {_one_in(1 - unlike.rank)} of the scans that the network was checked "
            "on differed as much from its training.",
        )  # fmt: skip
    return None


@dataclass(frozen=True)
class TurnHead:
    """Tells how a picture lies, by multinomial logistic regression on features.

    Parameters
    ----------
    names : tuple of str
        "upright" first.
    mean, deviation : ndarray, shape (d,)
    weights : ndarray, shape (d, n_names)
    bias : ndarray, shape (n_names,)
    """

    names: tuple[str, ...]
    mean: Values
    deviation: Values
    weights: Values
    bias: Values

    @classmethod
    def fit(
        cls, upright: Values, turned: Mapping[str, Values], strength: float = 0.003
    ) -> TurnHead:
        """Fit to features of upright pictures, (n, d), and of each way to lie, (m, d)."""
        from sklearn.linear_model import LogisticRegression  # only fitting needs it

        names = (UPRIGHT, *turned)
        parts = [upright, *turned.values()]
        mean, deviation = np.mean(upright, axis=0), np.std(upright, axis=0) + 1e-6
        labels = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        share = np.concatenate([np.full(len(part), len(labels) / len(part)) for part in parts])
        x = np.arcsinh((np.concatenate(parts) - mean) / deviation)
        # Half of the weight on upright pictures: they are what is read.
        share[labels == 0] *= len(turned)
        model = LogisticRegression(C=strength, max_iter=500)
        model.fit(x, labels, sample_weight=share / share.mean())
        weights, bias = model.coef_.T, model.intercept_
        if len(names) == 2:  # scikit-learn then gives the second way's log odds alone
            weights, bias = np.c_[np.zeros(len(mean)), weights], np.r_[0.0, bias]
        return cls(
            names,
            np.asarray(mean, np.float32),
            np.asarray(deviation, np.float32),
            np.asarray(weights, np.float32),
            np.asarray(bias, np.float32),
        )

    def probabilities(self, features: Values) -> Doubles:
        """Probability of each way to lie; features (n, d) give (n, n_names)."""
        x = np.arcsinh((np.asarray(features, np.float64) - self.mean) / self.deviation)
        z = x @ np.asarray(self.weights, np.float64) + self.bias
        z -= z.max(axis=1, keepdims=True)
        e = np.exp(z)
        return np.asarray(e / e.sum(axis=1, keepdims=True))

    def arrays(self) -> dict[str, npt.NDArray[np.float32]]:
        """All but the names, to be stored."""
        return {
            "mean": np.asarray(self.mean, np.float32),
            "deviation": np.asarray(self.deviation, np.float32),
            "weights": np.asarray(self.weights, np.float32),
            "bias": np.asarray(self.bias, np.float32),
        }


def turn_of(probabilities: Doubles, names: tuple[str, ...]) -> str:
    """The way a picture lies, "upright" unless another way is nearly sure."""
    likeliest = int(np.argmax(probabilities))
    return names[likeliest] if probabilities[likeliest] >= _SURE else UPRIGHT


def _one_in(share: float) -> str:
    return f"only 1 in {round(1 / share):,}" if share > 1e-3 else "none"
