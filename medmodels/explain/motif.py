"""What a network looks for in a kind of site, beside what stands there; plain arrays only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from medmodels.inputs.bases import BASES

PREFIX: Final = "motif/"
#: How the weights are made, and of which windows: data that the network was not fitted to.
METHOD: Final = "integrated_gradients"
SPLIT: Final = "test"
UNIT: Final = "logit"

Values = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class Motif:
    """One class's sites taken together.

    Parameters
    ----------
    weights : ndarray, float32, shape (L, 4)
        Mean over the windows of what the base that stands in a place adds to the class, under
        that base: the four of a place sum to the mean map. In logits.
    shares : ndarray, float32, shape (L, 4)
        Share of each base in each place of the same windows; rows sum to 1.
    n : int
        How many windows: all of this class, and read as it.
    """

    weights: Values
    shares: Values
    n: int

    def arrays(self, name: str) -> dict[str, npt.NDArray[Any]]:
        """For ``reference.npz``: ``motif/<class>/weights``, ``shares`` and ``n``."""
        return {
            f"{PREFIX}{name}/weights": np.asarray(self.weights, np.float32),
            f"{PREFIX}{name}/shares": np.asarray(self.shares, np.float32),
            f"{PREFIX}{name}/n": np.array([self.n], np.int32),
        }

    def highest(self, most: int = 2) -> list[tuple[int, str]]:
        """The places with the highest mean weight and their most frequent base, in order.

        Parameters
        ----------
        most : int

        Returns
        -------
        list of (int, str)
            Index in the window, from 0, and base; the window's own order.
        """
        whole = np.asarray(self.weights, np.float64).sum(axis=1)
        places = np.sort(np.argsort(-whole, kind="stable")[:most])
        return [(int(i), BASES[int(self.shares[i].argmax())]) for i in places]


def stored_motif(reference: Mapping[str, npt.NDArray[Any]], name: str) -> Motif | None:
    """What a bundle stores of a class; None where it stores nothing.

    Parameters
    ----------
    reference : mapping of ndarray
        The bundle's ``reference.npz``.
    name : str
        The class's name.
    """
    place = f"{PREFIX}{name}"
    if f"{place}/weights" not in reference:
        return None
    return Motif(
        reference[f"{place}/weights"], reference[f"{place}/shares"], int(reference[f"{place}/n"][0])
    )
