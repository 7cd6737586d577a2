"""Every number told of an idea, from stored logits and labels alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.evaluation.bootstrap import estimate, group_weights
from medmodels.evaluation.metrics import (
    Floats,
    f1_scores,
    group_confusions,
    predictive_values,
    sensitivities,
)
from medmodels.evaluation.roc_area import weighted_auc
from medmodels.training.chest_candidates import judge

Arrays = Mapping[str, npt.NDArray[Any]]
EDGE = "only the outer eighth left"
BEATS = {"S": 1, "V": 2}
_CLASSES = 4


def chest_internal(
    logits: npt.NDArray[np.float16], views: list[str], labels: npt.NDArray[np.int8], probes: int
) -> dict[str, Any]:
    """Judge a chest network on validation images, shifted and with parts hidden.

    Parameters
    ----------
    logits : ndarray, shape (V, N, 2)
        Of the images as they are, under each shift, and under each probe.
    views : list of str
        V names, in that order; the first is "clean".
    labels : ndarray, int8, shape (N,)
    probes : int
        How many of the last views are probes.

    Returns
    -------
    dict
        ``clean_auc``, ``mean_auc`` and ``worst_auc`` over the shifts, ``worst_shift``,
        and ``edge_auc``: with only the outer eighth left.
    """
    by_view = dict(zip(views, logits.astype(np.float32), strict=True))
    hidden = views[len(views) - probes :]
    judged = judge({name: by_view[name] for name in views if name not in hidden}, labels)
    aucs = {name: value["auc"] for name, value in judged["views"].items() if name != "clean"}
    margin = np.asarray(by_view[EDGE][:, 1] - by_view[EDGE][:, 0], dtype=np.float64)
    edge = weighted_auc(labels.astype(np.int64), margin)(np.ones(len(labels)))
    return {
        "clean_auc": judged["clean_auc"],
        "mean_auc": judged["mean_auc"],
        "worst_auc": judged["worst_auc"],
        "worst_shift": min(aucs, key=lambda name: aucs[name]),
        "edge_auc": round(edge, 5),
    }


def ecg_internal(
    predicted: npt.NDArray[np.int8], labels: npt.NDArray[np.int8]
) -> dict[str, dict[str, float]]:
    """Judge cross-validated beats of DS1, with lead names and without.

    Parameters
    ----------
    predicted : ndarray, int8, shape (3, n)
        Classes of every beat: with names; without, the usual lead first;
        without, the other lead first.
    labels : ndarray, int8, shape (n,)
        0 to 4; beats of class 4 (Q) are left out.

    Returns
    -------
    dict
        ``named`` and ``unnamed``, each with ``score`` (the mean of the F1
        scores of S and V) and the sensitivity and PPV of S and of V, all in
        points of 100.
    """
    keep = labels < _CLASSES
    known = labels[keep].astype(np.int64)
    rows = predicted[:, keep].astype(np.int64)
    return {
        "named": _beat_points(rows[0], known),
        "unnamed": _beat_points(rows[1:].ravel(), np.tile(known, 2)),
    }


def external_numbers(
    task: str,
    idea: npt.NDArray[np.float16],
    shipped: npt.NDArray[np.float16],
    stored: Arrays,
    offsets: tuple[float, ...] = (),
) -> dict[str, Any]:
    """Results on external data beside those of the shipped network.

    Parameters
    ----------
    task : str
    idea, shipped : ndarray, shape (n, K)
        Logits.
    stored : mapping
        With ``<task>/external/labels`` and ``<task>/external/groups``.
    offsets : tuple of float
        Class offsets, for ECG beats.

    Returns
    -------
    dict
        ``n``, ``groups`` (patients or records), and for every measure its
        ``idea``, ``shipped`` and ``change``, each with a 95% interval that
        resamples groups; a change resamples the same groups for both.
    """
    labels = stored[f"{task}/external/labels"].astype(np.int64)
    groups = stored[f"{task}/external/groups"].astype(str)
    keep = labels < idea.shape[1]
    labels, names, index = labels[keep], *np.unique(groups[keep], return_inverse=True)
    weights = group_weights(len(names))
    measure = _chest_measures if task == "chest-xray" else _beat_measures
    of_idea, of_shipped = (
        measure(logits[keep].astype(np.float64), labels, index, weights, offsets)
        for logits in (idea, shipped)
    )
    return {
        "n": len(labels),
        "groups": len(names),
        "measures": {
            name: {
                "idea": estimate(values).to_dict(),
                "shipped": estimate(of_shipped[name]).to_dict(),
                "change": estimate(values - of_shipped[name]).to_dict(),
            }
            for name, values in of_idea.items()
        },
    }


def _chest_measures(
    logits: Floats,
    labels: npt.NDArray[np.int64],
    index: npt.NDArray[np.int64],
    weights: Floats,
    _: tuple[float, ...],
) -> dict[str, Floats]:
    area = weighted_auc(labels, logits[:, 1] - logits[:, 0])
    return {"AUC": np.array([area(row[index]) for row in weights])}


def _beat_measures(
    logits: Floats,
    labels: npt.NDArray[np.int64],
    index: npt.NDArray[np.int64],
    weights: Floats,
    offsets: tuple[float, ...],
) -> dict[str, Floats]:
    predicted = (logits + np.asarray(offsets)).argmax(axis=1)
    confusions = group_confusions(labels, predicted, index, _CLASSES)
    resampled = np.einsum("rg,gij->rij", weights, confusions)
    found, right = sensitivities(resampled), predictive_values(resampled)
    measures: dict[str, Floats] = {}
    for name, number in BEATS.items():
        measures[f"{name}: sensitivity"] = found[:, number]
        measures[f"{name}: PPV"] = right[:, number]
    return measures


def _beat_points(
    predicted: npt.NDArray[np.int64], labels: npt.NDArray[np.int64]
) -> dict[str, float]:
    confusion = group_confusions(labels, predicted, np.zeros_like(labels), _CLASSES)[0]
    f1, found, right = f1_scores(confusion), sensitivities(confusion), predictive_values(confusion)
    points = {"score": float(np.mean([f1[number] for number in BEATS.values()]))}
    for name, number in BEATS.items():
        points[f"{name}: sensitivity"] = float(found[number])
        points[f"{name}: PPV"] = float(right[number])
    return {name: round(100 * value, 2) for name, value in points.items()}
