"""A bundle's evaluation, computed from its stored predictions alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.evaluation.bootstrap import LEVEL, RESAMPLES, SEED
from medmodels.evaluation.by_record import by_group, detection
from medmodels.evaluation.metrics import Rows, evaluate_rows
from medmodels.trust.operating_point import OperatingPoint

Arrays = Mapping[str, npt.NDArray[Any]]
NO_BEAT = -1
# Other predictions that are stored: rows of "what helped", outliers, the
# validation inputs under made shifts, which only choose, and maps' audits.
NO_SPLITS = {"steps", "ood", "shifted", "along", "audit"}


def evaluate_predictions(
    predictions: Arrays,
    classes: tuple[str, ...],
    operating_point: OperatingPoint,
    *,
    steps: list[dict[str, Any]],
    settings: Mapping[str, Any],
) -> dict[str, Any]:
    """Everything that a bundle's ``evaluation.json`` holds.

    Parameters
    ----------
    predictions : mapping of arrays
        ``<split>/logits`` (n, K), ``<split>/labels`` (n,), ``<split>/groups``
        (n,) for every split, and ``steps/<name>/predicted`` (and ``scores``)
        on the test split for every row of "what helped".
    classes : tuple of str
    operating_point : OperatingPoint
    steps : list of dict
        ``name``, ``change`` and ``kind`` of each row of "what helped".
    settings : mapping
        The card's ``evaluation`` table: ``group`` ("patient" or "record"),
        ``by_group`` (whether groups are reported one by one) and ``subsets``
        (``name``, ``without`` (groups), ``why``).

    Returns
    -------
    dict
        JSON-ready; see `medmodels.evaluation.metrics.evaluate_rows`.
    """
    splits = sorted({key.split("/")[0] for key in predictions} - NO_SPLITS)
    result: dict[str, Any] = {
        "bootstrap": {
            "level": LEVEL,
            "resamples": RESAMPLES,
            "seed": SEED,
            "over": settings.get("group", "row"),
        },
        "splits": {},
    }
    for split in splits:
        rows, excluded = split_rows(predictions, split, len(classes), operating_point)
        if f"{split}/missed_labels" in predictions:
            result["splits"][split] = end_to_end(predictions, split, classes, operating_point)
        else:
            result["splits"][split] = evaluate_rows(rows, classes) | {"excluded": excluded}
        if settings.get("by_group") and split in ("test", "external"):
            result["splits"][split]["by_group"] = by_group(rows, classes)
        if split == "test":
            result["splits"][split]["subsets"] = [
                {"name": subset["name"], "why": subset["why"]}
                | evaluate_rows(rows.where(~np.isin(rows.groups, subset["without"])), classes)
                for subset in settings.get("subsets", ())
            ]
            result["steps"] = [
                step | evaluate_step(predictions, step["name"], classes) for step in steps
            ]
    return result


def split_rows(
    predictions: Arrays, split: str, k: int, operating_point: OperatingPoint
) -> tuple[Rows, int]:
    """The rows of a split whose label is one of the classes.

    Returns
    -------
    rows : Rows
    excluded : int
        Number of rows left out because their label is none of the classes
        (AAMI's Q, for example).
    """
    logits = np.asarray(predictions[f"{split}/logits"], dtype=np.float64)
    labels = predictions[f"{split}/labels"].astype(np.int64)
    keep = (labels >= 0) & (labels < k)
    rows = Rows(
        labels[keep],
        operating_point.labels(logits[keep]),
        predictions[f"{split}/groups"][keep].astype(str),
        operating_point.probabilities(logits[keep]),
    )
    return rows, int((~keep).sum())


def evaluate_step(predictions: Arrays, name: str, classes: tuple[str, ...]) -> dict[str, Any]:
    """One row of "what helped", on the test split."""
    labels = predictions["test/labels"].astype(np.int64)
    keep = (labels >= 0) & (labels < len(classes))
    scores = predictions.get(f"steps/{name}/scores")
    probabilities = None
    if scores is not None:
        positive = scores.astype(np.float64)
        probabilities = np.stack([1 - positive, positive], axis=1)
    rows = Rows(
        labels,
        predictions[f"steps/{name}/predicted"].astype(np.int64),
        predictions["test/groups"].astype(str),
        probabilities,
    )
    return evaluate_rows(rows.where(keep), classes)


def end_to_end(
    predictions: Arrays, split: str, classes: tuple[str, ...], operating_point: OperatingPoint
) -> dict[str, Any]:
    """A split whose beats were found by a detector.

    A beat that was not found counts against the sensitivity of its class, and
    a detection without a beat against the PPV of the class it was given: both
    enter the confusion matrix as one more class, "none".
    """
    k = len(classes)
    labels = predictions[f"{split}/labels"].astype(np.int64)
    groups = predictions[f"{split}/groups"].astype(str)
    missed = predictions[f"{split}/missed_labels"].astype(np.int64)
    missed_groups = predictions[f"{split}/missed_groups"].astype(str)
    predicted = operating_point.labels(predictions[f"{split}/logits"])
    names = np.unique(np.r_[groups, missed_groups])

    def count(of: npt.NDArray[np.str_]) -> npt.NDArray[np.int64]:
        return np.array([(of == name).sum() for name in names])

    found = detection(
        count(groups[labels != NO_BEAT]), count(missed_groups), count(groups[labels == NO_BEAT])
    )
    reference = np.where(labels == NO_BEAT, k, labels)
    excluded = ((labels != NO_BEAT) & (labels >= k)).sum() + (missed >= k).sum()
    rows = Rows(
        np.r_[reference[labels < k], missed[missed < k]],
        np.r_[predicted[labels < k], np.full((missed < k).sum(), k)],
        np.r_[groups[labels < k], missed_groups[missed < k]],
    )
    judged = evaluate_rows(rows, (*classes, "none"))
    del judged["classes"]["none"]
    # Accuracy and its balanced form are over real beats: "none" is no class.
    per_class = [judged["classes"][name]["sensitivity"]["value"] for name in classes]
    del judged["balanced_accuracy"]
    judged["mean_sensitivity"] = float(np.mean([v for v in per_class if v is not None]))
    return judged | {"excluded": int(excluded), "detection": found}
