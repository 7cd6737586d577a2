"""How often the nearest training examples agree with the truth and with the network."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.evaluation.bootstrap import RESAMPLES, estimate, group_weights

Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]


def neighbour_agreement(
    votes: Ints,
    majority: Ints,
    labels: Ints,
    predicted: Ints,
    groups: npt.NDArray[Any],
    classes: tuple[str, ...],
    resamples: int = RESAMPLES,
) -> dict[str, Any]:
    """Judge the nearest cases on inputs whose class is known.

    Parameters
    ----------
    votes : ndarray of int, shape (n, K)
        How many of the nearest examples are of each class.
    majority : ndarray of int, shape (n,)
        Class of most of them.
    labels, predicted : ndarray of int, shape (n,)
        The true class and the network's answer.
    groups : ndarray, shape (n,)
        Patient or record, which intervals resample.
    classes : tuple of str
        Names of the K classes.
    resamples : int

    Returns
    -------
    dict
        JSON-ready. ``n``, ``groups``; ``with_truth``, ``with_network`` and
        ``network_right`` as shares with their 95% intervals; ``by_class`` the
        agreement with the truth for each true class; ``doubted``: the number of
        answers that no more than half of the examples share (``n``) with the
        share of wrong ones among them (``wrong``) and among the ``others``.
    """
    truth, answers = np.asarray(labels), np.asarray(predicted)
    names, index = np.unique(groups, return_inverse=True)
    weights = group_weights(len(names), resamples)

    def share(hits: Bools, among: Bools | None = None) -> dict[str, float | None]:
        counted = np.ones(len(hits)) if among is None else among.astype(float)
        total = weights @ np.bincount(index, counted, len(names))
        right = weights @ np.bincount(index, hits * counted, len(names))
        with np.errstate(invalid="ignore", divide="ignore"):
            return estimate(np.where(total > 0, right / total, np.nan)).to_dict()

    support = votes[np.arange(len(votes)), answers]
    doubted = 2 * support <= votes.sum(axis=1)
    wrong = answers != truth
    return {
        "n": len(truth),
        "groups": len(names),
        "with_truth": share(majority == truth),
        "with_network": share(majority == answers),
        "network_right": share(~wrong),
        "by_class": {
            name: {"n": int((truth == c).sum()), **share(majority == truth, truth == c)}
            for c, name in enumerate(classes)
        },
        "doubted": {
            "n": int(doubted.sum()),
            "wrong": share(wrong, doubted),
            "others": share(wrong, ~doubted),
        },
    }
