"""Look up nearest rows, and what most of them say; plain arrays only."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Doubles = npt.NDArray[np.float64]
Values = npt.NDArray[np.floating[Any]]

_CHUNK = 512


def nearest_rows(
    points: Values,
    others: Values,
    k: int,
    owners: npt.NDArray[Any] | None = None,
    other_owners: npt.NDArray[Any] | None = None,
) -> tuple[Ints, Doubles]:
    """Rows of ``others`` that are nearest to each point, the nearest first.

    Parameters
    ----------
    points : ndarray, shape (n, d)
    others : ndarray, shape (m, d)
    k : int
        At most m are found.
    owners, other_owners : ndarray, shape (n,) and (m,), optional
        Rows of the point's own owner do not count.

    Returns
    -------
    rows : ndarray, int64, shape (n, min(k, m))
    distances : ndarray, float64, shape (n, min(k, m))
        Infinite where too few rows are left.

    Examples
    --------
    >>> rows, distances = nearest_rows(np.array([[0.0]]), np.array([[3.0], [-1.0], [9.0]]), 2)
    >>> rows.tolist(), distances.tolist()
    ([[1, 0]], [[1.0, 3.0]])
    """
    x, y = np.asarray(points, np.float64), np.asarray(others, np.float64)
    k = min(k, len(y))
    rows, distances = np.empty((len(x), k), np.int64), np.empty((len(x), k))
    sizes = (y**2).sum(axis=1)
    for at in range(0, len(x), _CHUNK):
        part = slice(at, at + _CHUNK)
        near = (x[part] ** 2).sum(axis=1)[:, None] + sizes - 2 * x[part] @ y.T
        if owners is not None and other_owners is not None:
            near[owners[part, None] == other_owners[None]] = np.inf
        found = np.argpartition(near, k - 1, axis=1)[:, :k]
        # Once more without the cancellation that the expanded square brings to small distances.
        exact = ((x[part, None] - y[found]) ** 2).sum(axis=2)
        exact[~np.isfinite(np.take_along_axis(near, found, axis=1))] = np.inf
        order = np.argsort(exact, axis=1, kind="stable")
        rows[part] = np.take_along_axis(found, order, axis=1)
        distances[part] = np.sqrt(np.take_along_axis(exact, order, axis=1))
    return rows, distances


def majorities(labels: Ints, classes: int) -> Ints:
    """Class of most neighbours in each row; of classes with as many, that of the nearest.

    Parameters
    ----------
    labels : ndarray, int64, shape (n, k)
        The nearest first.
    classes : int

    Returns
    -------
    ndarray, int64, shape (n,)

    Examples
    --------
    >>> majorities(np.array([[1, 0, 0], [1, 0, 2], [2, 1, 1]]), 3)
    array([0, 1, 1])
    """
    counts = np.stack([(labels == c).sum(axis=1) for c in range(classes)], axis=1)
    most = counts == counts.max(axis=1, keepdims=True)
    of_most = np.take_along_axis(most, labels, axis=1)
    return np.asarray(labels[np.arange(len(labels)), of_most.argmax(axis=1)])
