"""The mean picture of training examples that a network sees alike, which shows nobody.

Examples are clustered in the network's feature space (k-means: Lloyd 1982) and
each cluster is averaged. A mean is like everything, so likeness to the nearest
picture alone says nothing. What would give a picture away is that the mean is
more like it *because* it is in it: how much that is, is measured by taking the
person's pictures out again.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.training.sample_composite import normalise_contrast

Ints = npt.NDArray[np.int64]
Doubles = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]
Values = npt.NDArray[np.floating[Any]]

_SEED = 7
_SIGMA = 2.6  # neighbourhood of the local contrast, pixels of 48 by 48
_YARDSTICK = 400  # pictures whose nearest of another person is sought
# Correlation that a person's pictures may add to their likeness with the mean.
ALLOWED = 0.1


def composites_of(
    points: Doubles,
    owners: npt.NDArray[Any],
    pictures: Values,
    count: int,
    fewest: int,
    *,
    check: bool,
) -> tuple[Ints, npt.NDArray[Any], dict[str, Any]]:
    """Cluster examples, average each cluster, and check that nobody is shown.

    Parameters
    ----------
    points : ndarray, shape (n, d)
        Of the examples, in the space of their neighbours.
    owners : ndarray, shape (n,)
        Person of each example; all of one person's together weigh as much as
        those of any other.
    pictures : ndarray, shape (n, ...)
        Pictures in 0 to 1, or windows.
    count, fewest : int
        Clusters to begin with, and persons that each needs.
    check : bool
        Pictures: measure the likeness, and store bytes.

    Returns
    -------
    cluster : ndarray, int64, shape (n,)
        -1 everywhere when there are fewer than ``fewest`` persons.
    composites : ndarray, uint8 or float16, shape (C, ...)
    likeness : dict
        From `likeness_of`; empty for windows.

    Raises
    ------
    ValueError
        When a composite gives a person's picture away.
    """
    if len(np.unique(owners)) < fewest:
        empty = np.zeros((0, *pictures.shape[1:]), np.uint8 if check else np.float16)
        return np.full(len(points), -1), empty, {}
    cluster = clustered(points, owners, count, fewest)
    grey = pictures if pictures.ndim == 3 else pictures.mean(axis=3)
    grey = np.asarray(grey, np.float32)
    found = likeness_of(grey, cluster, owners) if check else {}
    while check and found["given_away"] > ALLOWED and cluster.max() > 0:
        # In more company nobody stands out.
        cluster = joined(points, cluster, int(gives_away(grey, cluster, owners).argmax()))
        found = likeness_of(grey, cluster, owners)
    weights = person_weights(cluster, owners)
    means = np.stack([
        np.tensordot(weights[cluster == c], pictures[cluster == c].astype(np.float64), axes=1)
        for c in range(cluster.max() + 1)
    ])  # fmt: skip
    if not check:
        return cluster, means.astype(np.float16), {}
    if found["given_away"] > ALLOWED or found["heaviest"] > 1 / fewest + 1e-9:
        raise ValueError(f"a composite shows one person's picture: {found}")
    return cluster, np.rint(255 * np.clip(means, 0, 1)).astype(np.uint8), found


def clustered(points: Doubles, owners: npt.NDArray[Any], count: int, fewest: int) -> Ints:
    """k-means clusters of at least ``fewest`` persons each; smaller ones join their nearest.

    Returns
    -------
    ndarray, int64, shape (n,)
        0 to C - 1.
    """
    from sklearn.cluster import KMeans  # slow to import, and only fitting needs it

    start = min(count, max(1, len(np.unique(owners)) // fewest))
    model = KMeans(start, n_init=4, random_state=_SEED).fit(points)
    cluster = model.labels_.astype(np.int64)
    while True:
        left = np.unique(cluster)
        sizes = np.array([len(np.unique(owners[cluster == c])) for c in left])
        if sizes.min() >= fewest or len(left) == 1:
            return np.searchsorted(left, cluster)
        cluster = joined(points, cluster, int(left[sizes.argmin()]))


def joined(points: Doubles, cluster: Ints, one: int) -> Ints:
    """Clusters, 0 to C - 2, after one has joined that with the nearest centre."""
    others = np.array([c for c in np.unique(cluster) if c != one])
    centre = points[cluster == one].mean(axis=0)
    gaps = [np.linalg.norm(points[cluster == c].mean(axis=0) - centre) for c in others]
    moved = np.where(cluster == one, others[int(np.argmin(gaps))], cluster)
    return np.searchsorted(others, moved)


def person_weights(cluster: Ints, owners: npt.NDArray[Any]) -> Doubles:
    """Weight of each example in its cluster's mean: every person there counts once.

    Examples
    --------
    >>> person_weights(np.array([0, 0, 0, 1]), np.array(["a", "a", "b", "a"])).tolist()
    [0.25, 0.25, 0.5, 1.0]
    """
    weights = np.zeros(len(cluster))
    for c in np.unique(cluster):
        inside = np.flatnonzero(cluster == c)
        _, index, sizes = np.unique(owners[inside], return_inverse=True, return_counts=True)
        weights[inside] = 1 / (len(sizes) * sizes[index])
    return weights


def likeness_of(pictures: Floats, cluster: Ints, owners: npt.NDArray[Any]) -> dict[str, Any]:
    """How much the mean of each cluster tells of a single picture in it.

    Pictures are compared by the correlation of their local contrast.

    Parameters
    ----------
    pictures : ndarray, float32, shape (n, H, W)
        Grey values in 0 to 1.
    cluster : ndarray, int64, shape (n,)
    owners : ndarray, shape (n,)

    Returns
    -------
    dict
        ``heaviest``, the greatest weight of one person in any mean;
        ``given_away``, by how much any picture's correlation with its mean
        falls when its person is taken out; ``nearest``, the highest correlation
        of a mean with any picture; ``outside``, how many of the means have
        their most similar picture in another cluster; ``composites``, their
        number; ``between_people``, the median correlation of a picture with the
        nearest of another person; ``allowed``.
    """
    unit = _unit(pictures)
    weights = person_weights(cluster, owners)
    heaviest, nearest, outside = 0.0, -1.0, 0
    for c in range(cluster.max() + 1):
        inside = np.flatnonzero(cluster == c)
        mean = np.tensordot(weights[inside], pictures[inside], axes=1)
        like = unit @ _unit(mean[None].astype(np.float32))[0]
        nearest = max(nearest, float(like.max()))
        outside += int(cluster[like.argmax()] != c)
        for owner in np.unique(owners[inside]):
            heaviest = max(heaviest, float(weights[inside[owners[inside] == owner]].sum()))
    draw = np.random.default_rng(_SEED).permutation(len(pictures))[:_YARDSTICK]
    between = unit[draw] @ unit.T
    between[owners[draw][:, None] == owners[None]] = -1
    return {
        "heaviest": round(heaviest, 5),
        "given_away": round(float(gives_away(pictures, cluster, owners).max()), 4),
        "nearest": round(nearest, 4),
        "outside": outside,
        "composites": int(cluster.max()) + 1,
        "between_people": round(float(np.median(between.max(axis=1))), 4),
        "allowed": ALLOWED,
    }


def gives_away(pictures: Floats, cluster: Ints, owners: npt.NDArray[Any]) -> Doubles:
    """By how much a picture's likeness with its mean falls at most without its person, (C,).

    Parameters
    ----------
    pictures : ndarray, float32, shape (n, H, W)
    cluster : ndarray, int64, shape (n,)
    owners : ndarray, shape (n,)
    """
    unit, weights = _unit(pictures), person_weights(cluster, owners)
    most = np.full(cluster.max() + 1, -1.0)
    for c in range(len(most)):
        inside = np.flatnonzero(cluster == c)
        mean = np.tensordot(weights[inside], pictures[inside], axes=1)
        with_all = _unit(mean[None].astype(np.float32))[0]
        for owner in np.unique(owners[inside]):
            own = inside[owners[inside] == owner]
            share = float(weights[own].sum())
            if share < 1:
                rest = (mean - np.tensordot(weights[own], pictures[own], axes=1)) / (1 - share)
                without = _unit(rest[None].astype(np.float32))[0]
                most[c] = max(most[c], float((unit[own] @ (with_all - without)).max()))
    return most


def _unit(pictures: Floats) -> Floats:
    flat = normalise_contrast(pictures, _SIGMA).reshape(len(pictures), -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    return np.asarray(flat / (np.linalg.norm(flat, axis=1, keepdims=True) + 1e-9), np.float32)
