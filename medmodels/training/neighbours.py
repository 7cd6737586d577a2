"""What a bundle stores for its nearest cases: training features, few and small.

Features of the last layer are turned to their principal axes and only the first
are kept. How many, and whether each is brought to unit variance, is chosen by
how often the ten nearest training examples agree with the truth of inputs that
are not their own patient's or record's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.evaluation.bootstrap import group_weights
from medmodels.evaluation.neighbour_agreement import neighbour_agreement
from medmodels.explain.neighbour_search import majorities, nearest_rows
from medmodels.explain.neighbours import MOST
from medmodels.training.neighbour_composites import composites_of
from medmodels.training.trust_parts import Arrays

Ints = npt.NDArray[np.int64]
Values = npt.NDArray[np.floating[Any]]
Names = npt.NDArray[np.str_]

# The simplest first: an earlier one is kept unless a later one is clearly better.
CANDIDATES = ((24, False), (32, False), (48, False), (24, True), (32, True), (48, True))
_QUANTILES = 101
WHY = (
    "The first candidate (fewest axes, not whitened, first) whose agreement is within one standard "
    "error of the best, so that distances stay those of the network's own features."
)


@dataclass(frozen=True)
class Known:
    """Training examples to be stored.

    Parameters
    ----------
    features : ndarray, shape (n, D)
    labels : ndarray, int64, shape (n,)
    groups : ndarray of str, shape (n,)
        Patient or record.
    names : ndarray of str, shape (n,)
        Where the example can be found among the data.
    pictures : ndarray
        Grey or colour values in 0 to 1, shape (n, H, W) or (n, H, W, 3), or
        windows (n, L, leads).
    """

    features: Values
    labels: Ints
    groups: Names
    names: Names
    pictures: Values


@dataclass(frozen=True)
class Asked:
    """Inputs whose nearest examples are looked up to measure.

    Parameters
    ----------
    features : ndarray, shape (n, D)
    labels, predicted : ndarray, int64, shape (n,)
        The true class and the network's answer.
    groups : ndarray of str, shape (n,)
    """

    features: Values
    labels: Ints
    predicted: Ints
    groups: Names


@dataclass(frozen=True)
class NeighbourParts:
    """What the nearest cases add to a bundle.

    Parameters
    ----------
    reference : dict of ndarray
        For ``reference.npz``; names begin with "neighbours/".
    table : dict
        For ``trust.json``, under "neighbours".
    predictions : dict of ndarray
        For ``predictions.npz``: of each split ``<split>/neighbours`` int8
        (n, K), how many of the ten nearest are of each class,
        ``<split>/neighbour`` int8 (n,), the class of most, and
        ``<split>/nearest`` float16 (n,), the distance of the nearest; of the
        validation rows also ``neighbour_labels``, ``_predicted`` and ``_groups``.
    """

    reference: Arrays
    table: dict[str, Any]
    predictions: Arrays


def fit_neighbours(
    known: Known,
    validation: Asked,
    asked: Mapping[str, Asked],
    classes: tuple[str, ...],
    *,
    pictures: bool,
    clusters: int = 24,
    fewest: int = 30,
) -> NeighbourParts:
    """Choose the axes, project, cluster and measure.

    Parameters
    ----------
    known : Known
    validation : Asked
        Chooses the axes and says which distances are usual. Examples of an
        input's own group never count.
    asked : mapping of str to Asked
        Splits to measure on, "test" and "external", which choose nothing.
    classes : tuple of str
    pictures : bool
        Whether ``known.pictures`` are pictures of persons: then every person
        weighs the same in a composite, and it is checked that none is given
        away. Windows are averaged as they are.
    clusters : int
        Clusters to begin with; small ones join their nearest.
    fewest : int
        Persons (pictures) or examples (windows) that a composite needs.
    """
    (dimensions, whitened), compared = choose_axes(known, validation)
    mean, components = principal_axes(known.features, dimensions, whitened=whitened)
    stored = project(known.features, mean, components).astype(np.float16)
    owners = known.groups if pictures else np.arange(len(known.labels)).astype(str)
    cluster, composites, likeness = composites_of(
        stored.astype(np.float64), owners, known.pictures, clusters, fewest, check=pictures
    )
    predictions: Arrays = {}
    evaluation: dict[str, Any] = {}
    ladder = np.zeros((min(MOST, len(stored)), _QUANTILES), np.float32)
    for split, rows in {"validation": validation, **asked}.items():
        found, distances = nearest_rows(
            project(rows.features, mean, components), stored, MOST, rows.groups, known.groups
        )
        labels = known.labels[found]
        votes = np.stack([(labels == c).sum(axis=1) for c in range(len(classes))], axis=1)
        majority = majorities(labels, len(classes))
        if split == "validation":
            steps = np.linspace(0, 1, _QUANTILES)
            ladder = np.quantile(distances, steps, axis=0).T.astype(np.float32)
            predictions |= {
                "validation/neighbour_labels": rows.labels.astype(np.int8),
                "validation/neighbour_predicted": rows.predicted.astype(np.int8),
                "validation/neighbour_groups": rows.groups,
            }
        predictions |= {
            f"{split}/neighbours": votes.astype(np.int8),
            f"{split}/neighbour": majority.astype(np.int8),
            f"{split}/nearest": distances[:, 0].astype(np.float16),
        }
        evaluation[split] = neighbour_agreement(
            votes, majority, rows.labels, rows.predicted, rows.groups, classes
        ) | {"further_than_usual": far_share(distances[:, 0], ladder[0])}
    reference: Arrays = {
        "features": stored, "labels": known.labels.astype(np.int8), "names": known.names,
        "groups": known.groups, "cluster": cluster.astype(np.int8),
        "mean": mean.astype(np.float32), "components": components.astype(np.float32),
        "distances": ladder, "composites": composites,
    }  # fmt: skip
    table = {
        "n": len(stored),
        "classes": len(classes),
        "dimensions": len(components),
        "whitened": whitened,
        "why": WHY,
        "candidates": compared,
        "clusters": [
            {
                "n": int((cluster == c).sum()),
                "groups": len(np.unique(known.groups[cluster == c])),
                "counts": np.bincount(known.labels[cluster == c], minlength=len(classes)).tolist(),
            }
            for c in range(len(composites))
        ],
        "likeness": likeness,
        "evaluation": evaluation,
    }
    return NeighbourParts(
        {f"neighbours/{name}": values for name, values in reference.items()}, table, predictions
    )


def choose_axes(
    known: Known, validation: Asked
) -> tuple[tuple[int, bool], list[dict[str, float | int | bool]]]:
    """Compare how many axes to keep and whether to whiten them.

    Returns
    -------
    chosen : tuple of (int, bool)
    compared : list of dict
        ``dimensions``, ``whitened``, ``agreement`` with the true class and its
        standard error over groups, ``error``.
    """
    names, index = np.unique(validation.groups, return_inverse=True)
    weights = group_weights(len(names))
    counts = weights @ np.bincount(index, minlength=len(names))
    compared = []
    found = [principal_axes(known.features, max(CANDIDATES)[0], whitened=w) for w in (False, True)]
    for dimensions, whitened in CANDIDATES:
        mean, components = found[whitened][0], found[whitened][1][:dimensions]
        rows, _ = nearest_rows(
            project(validation.features, mean, components),
            project(known.features, mean, components),
            MOST, validation.groups, known.groups,
        )  # fmt: skip
        right = majorities(known.labels[rows], int(known.labels.max()) + 1) == validation.labels
        shares = weights @ np.bincount(index, right, len(names)) / np.maximum(counts, 1)
        compared.append({
            "dimensions": dimensions, "whitened": whitened,
            "agreement": round(float(shares[0]), 5), "error": round(float(shares[1:].std()), 5),
        })  # fmt: skip
    best = max(compared, key=lambda row: row["agreement"])
    enough = best["agreement"] - best["error"]
    place = next(i for i, row in enumerate(compared) if row["agreement"] >= enough)
    return CANDIDATES[place], compared


def principal_axes(
    features: Values, dimensions: int, *, whitened: bool
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Mean (D,) and the first principal axes (d, D) of training features (n, D)."""
    x = np.asarray(features, np.float64)
    mean = x.mean(axis=0)
    _, sizes, axes = np.linalg.svd(x - mean, full_matrices=False)
    kept = min(dimensions, int((sizes > 1e-6 * sizes[0]).sum()))
    spread = sizes[:kept, None] / np.sqrt(max(len(x) - 1, 1))
    return mean, axes[:kept] / spread if whitened else axes[:kept]


def project(features: Values, mean: Values, components: Values) -> npt.NDArray[np.float64]:
    """Feature rows (n, D) along the axes, (n, d)."""
    return np.asarray((np.asarray(features, np.float64) - mean) @ components.T)


def far_share(nearest: Values, ladder: Values) -> float:
    """Share of inputs whose nearest example is further than for 95% of validation."""
    return round(float((nearest > np.quantile(ladder, 0.95)).mean()), 5)
