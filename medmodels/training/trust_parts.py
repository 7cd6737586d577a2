"""What fitting a trust layer gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class TrustParts:
    """What a trust layer adds to a bundle.

    Parameters
    ----------
    trust : dict
        For ``trust.json``.
    reference : dict of ndarray
        For ``reference.npz``.
    predictions : dict of ndarray
        For ``predictions.npz``.
    """

    trust: dict[str, Any]
    reference: Arrays
    predictions: Arrays
