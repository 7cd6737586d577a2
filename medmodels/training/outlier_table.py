"""``out_of_distribution`` of ``trust.json``: the score, its limits, and what it is judged on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt


class Titled(Protocol):
    """A kind of input that should be refused, as the model report shows it."""

    @property
    def title(self) -> str:
        """In words."""

    @property
    def group(self) -> str:
        """One of "other modality", "not medical" and "near"."""


def outlier_table(
    method: str,
    features: str | list[int],
    usual: npt.NDArray[np.float64],
    limits: tuple[float, float],
    why: str,
    candidates: list[dict[str, Any]],
) -> dict[str, Any]:
    """Write down a score.

    Parameters
    ----------
    method : str
        The name of the score.
    features : str or list of int
        What it reads.
    usual : ndarray, float64, shape (n,)
        Scores of inputs that the network was not fitted to.
    limits : tuple of float
        From where on there is a warning, and from where on an input is refused.
    why : str
        Where the limits come from.
    candidates : list of dict
        What was compared.
    """
    warn, refuse = limits
    return {
        "method": method,
        "features": features,
        "warn": round(warn, 5),
        "refuse": round(refuse, 5),
        "validation_quantiles": [
            float(f"{value:.5g}") for value in np.quantile(usual, np.linspace(0, 1, 201))
        ],
        "why": why,
        "candidates": candidates,
    }


def kinds_table(kinds: Mapping[str, Titled]) -> list[dict[str, str]]:
    """Write down the kinds of input that the score is judged on."""
    return [
        {"name": name, "title": kind.title, "group": kind.group} for name, kind in kinds.items()
    ]
