"""How well cells are read when the picture was disturbed, from stored logits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

from medmodels.evaluation.bootstrap import LEVEL
from medmodels.evaluation.metrics import f1_scores, group_confusions
from medmodels.training.cell_disturbances import DISTURBANCES
from medmodels.trust.operating_point import OperatingPoint

Arrays = Mapping[str, npt.NDArray[Any]]
# "shifted" is what the evaluation leaves aside when it looks for splits.
PREFIX = "shifted/test, "
UNDISTURBED = "as it is"


def stored_under(name: str) -> str:
    """Key of a disturbance's logits among the stored predictions.

    Not ``logits``: those have labels of their own beside them.
    """
    return f"{PREFIX}{name}/answers"


def judged(
    labels: npt.NDArray[np.integer[Any]], predicted: npt.NDArray[np.int64], classes: int
) -> dict[str, Any]:
    """Accuracy with its 95% Wilson interval, and macro F1.

    Parameters
    ----------
    labels, predicted : ndarray of int, shape (n,)
    classes : int

    Returns
    -------
    dict
        ``n``, ``right`` (count), ``accuracy`` (``value``, ``low``, ``high``) and
        ``macro_f1``, the mean over the classes that occur.

    Examples
    --------
    >>> found = judged(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]), 2)
    >>> found["right"], found["accuracy"]["value"], found["macro_f1"]
    (3, 0.75, 0.733333)
    """
    right, n = int((labels == predicted).sum()), len(labels)
    interval = binomtest(right, n).proportion_ci(LEVEL, method="wilson")
    one_group = np.zeros(n, np.int64)
    confusion = group_confusions(labels.astype(np.int64), predicted, one_group, classes)[0]
    occurs = confusion.sum(axis=1) > 0
    return {
        "n": n,
        "right": right,
        "accuracy": {
            "value": round(right / n, 6),
            "low": round(float(interval.low), 6),
            "high": round(float(interval.high), 6),
        },
        "macro_f1": round(float(f1_scores(confusion)[occurs].mean()), 6),
    }


def robustness_rows(predictions: Arrays, point: OperatingPoint) -> list[dict[str, Any]]:
    """Results on test pictures as they are and under every disturbance.

    Parameters
    ----------
    predictions : mapping of ndarray
        ``test/logits`` and, for each disturbance, `stored_under`; ``test/labels``.
    point : OperatingPoint

    Returns
    -------
    list of dict
        ``name``, ``kind``, ``strength``, ``unit`` and what `judged` finds; the
        pictures as they are come first.
    """
    labels = predictions["test/labels"].astype(np.int64)

    def result(key: str) -> dict[str, Any]:
        logits = predictions[key].astype(np.float64)
        return judged(labels, point.labels(logits), logits.shape[1])

    first = {"name": UNDISTURBED, "kind": "none", "strength": 0.0, "unit": ""}
    return [
        first | result("test/logits"),
        *(
            {"name": one.name, "kind": one.kind, "strength": one.strength, "unit": one.unit}
            | result(stored_under(one.name))
            for one in DISTURBANCES
        ),
    ]
