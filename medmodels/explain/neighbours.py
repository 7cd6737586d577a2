"""Nearest cases: the training examples that a network sees most like an input.

Explanation by example (Caruana et al. 1999, "Case-based explanation of
non-case-based learning methods", AMIA Symposium; Papernot and McDaniel 2018,
"Deep k-nearest neighbors", arXiv 1803.04765): the examples that are nearest in
the space that the last layer reads, with their labels. Plain arrays only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.explain.neighbour_search import majorities, nearest_rows

Ints = npt.NDArray[np.int64]
Doubles = npt.NDArray[np.float64]
Values = npt.NDArray[np.floating[Any]]
Names = npt.NDArray[np.str_]

MOST = 10  # neighbours that are looked up
PREFIX = "neighbours/"
USUAL = (0.05, 0.95)  # the middle of the validation inputs that counts as usual


@dataclass(frozen=True)
class Nearest:
    """The training examples nearest to one input, the nearest first.

    Parameters
    ----------
    labels : ndarray, int64, shape (k,)
        True classes.
    distances : ndarray, float64, shape (k,)
        Euclidean, in the units of the network's features.
    names, groups : ndarray of str, shape (k,)
        Which example it is, and whose.
    clusters : ndarray, int64, shape (k,)
        Cluster of each example, -1 where there are none.
    shares : ndarray, float64, shape (K,)
        Share of each class among the k; they sum to 1.
    usual : float
        Share of validation inputs whose nearest example is nearer, 0 to 1.
    """

    labels: Ints
    distances: Doubles
    names: Names
    groups: Names
    clusters: Ints
    shares: Doubles
    usual: float

    def count(self, label: int) -> int:
        """How many of them are of a class."""
        return int((self.labels == label).sum())

    @property
    def majority(self) -> int:
        """The class of most of them; of classes with as many, that of the nearest example."""
        return int(majorities(self.labels[None], len(self.shares))[0])

    def supports(self, label: int) -> bool:
        """Whether more than half of them are of a class."""
        return 2 * self.count(label) > len(self.labels)


@dataclass(frozen=True)
class Neighbours:
    """Training examples in a network's own feature space, a few dimensions of it.

    Parameters
    ----------
    features : ndarray, float32, shape (n, d)
        Of the training examples, already projected.
    labels : ndarray, int64, shape (n,)
    names, groups : ndarray of str, shape (n,)
        Which example, and whose (patient or record).
    clusters : ndarray, int64, shape (n,)
        Row of ``composites`` that an example belongs to, -1 where there is none.
    mean : ndarray, float32, shape (D,)
    components : ndarray, float32, shape (d, D)
        A feature row x is projected to ``components @ (x - mean)``.
    distances : ndarray, float32, shape (k, Q)
        For each rank, Q evenly spaced quantiles of the distance that validation
        inputs have to the example of that rank.
    composites : ndarray, shape (C, ...)
        Mean picture of each cluster, uint8 (C, H, W) or (C, H, W, 3), or mean
        window, float16 (C, L, leads).
    classes : int
        Number of classes, K.
    """

    features: Values
    labels: Ints
    names: Names
    groups: Names
    clusters: Ints
    mean: Values
    components: Values
    distances: Values
    composites: npt.NDArray[Any]
    classes: int

    @classmethod
    def from_reference(
        cls, reference: Mapping[str, npt.NDArray[Any]], trust: Mapping[str, Any]
    ) -> Neighbours:
        """Read what a bundle stores.

        Parameters
        ----------
        reference : mapping of ndarray
            The bundle's ``reference.npz``; names begin with "neighbours/".
        trust : mapping
            Its ``trust.json``; the table ``neighbours`` is read.

        Raises
        ------
        KeyError
            When the bundle has none, see `has_neighbours`.
        """
        stored = {
            key.removeprefix(PREFIX): values
            for key, values in reference.items()
            if key.startswith(PREFIX)
        }
        return cls(
            features=stored["features"].astype(np.float32),
            labels=stored["labels"].astype(np.int64),
            names=stored["names"],
            groups=stored["groups"],
            clusters=stored["cluster"].astype(np.int64),
            mean=stored["mean"],
            components=stored["components"],
            distances=stored["distances"],
            composites=stored["composites"],
            classes=int(trust["neighbours"]["classes"]),
        )

    def project(self, features: Values) -> Doubles:
        """Feature rows (n, D) in the space of the examples, (n, d)."""
        centred = np.asarray(features, np.float64) - self.mean
        return np.asarray(centred @ np.asarray(self.components, np.float64).T)

    def nearest(self, features: Values, k: int = MOST, leave_out: str | None = None) -> Nearest:
        """Find the examples nearest to one input.

        Parameters
        ----------
        features : ndarray, shape (D,)
            What the network made of the input, as the examples' were taken.
        k : int
        leave_out : str, optional
            A patient or record whose examples do not count.

        Raises
        ------
        ValueError
            When the input has another number of features.
        """
        if features.shape != self.mean.shape:
            raise ValueError(
                f"the input has features of shape {features.shape}, expected {self.mean.shape}"
            )
        owner = None if leave_out is None else np.array([leave_out])
        rows, distances = nearest_rows(
            self.project(features[None]), self.features, k, owner, self.groups
        )
        found = rows[0][np.isfinite(distances[0])]
        own = distances[0][: len(found)]
        counts = np.bincount(self.labels[found], minlength=self.classes)
        return Nearest(
            self.labels[found], own, self.names[found], self.groups[found], self.clusters[found],
            counts / max(len(found), 1), self._usual(own),
        )  # fmt: skip

    def usual_range(self, rank: int) -> tuple[float, float]:
        """Between which distances the example of a rank, from 0, lies for 90% of validation."""
        low, high = np.quantile(self.distances[rank], USUAL)
        return float(low), float(high)

    def shares(self) -> Doubles:
        """Share of each class among all examples, (K,)."""
        return np.bincount(self.labels, minlength=self.classes) / max(len(self.labels), 1)

    def _usual(self, distances: Doubles) -> float:
        if not len(distances):
            return 1.0
        ladder = np.asarray(self.distances[0], np.float64)
        return float(np.interp(distances[0], ladder, np.linspace(0, 1, len(ladder))))


def has_neighbours(trust: Mapping[str, Any]) -> bool:
    """Whether a bundle came with its nearest cases."""
    return "neighbours" in trust
