"""All of a bundle's ``evaluation.json``: splits, trust layer, model report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy.typing as npt

from medmodels.bundles import Card
from medmodels.evaluation.audit_results import audit_results
from medmodels.evaluation.evaluate import evaluate_predictions, split_rows
from medmodels.evaluation.metrics import Rows
from medmodels.evaluation.report import report_of
from medmodels.evaluation.trust_results import trust_results
from medmodels.trust.operating_point import OperatingPoint

Arrays = Mapping[str, npt.NDArray[Any]]


def evaluate_whole(
    predictions: Arrays,
    card: Card,
    trust: Mapping[str, Any],
    reference: Arrays,
    steps: list[dict[str, Any]],
) -> dict[str, Any]:
    """Compute everything that is shown about a bundle.

    Parameters
    ----------
    predictions : mapping of ndarray
        See `evaluate_predictions` and `trust_results`.
    card : Card
    trust : mapping
        The content of ``trust.json``.
    reference : mapping of ndarray
        The content of ``reference.npz``; empty where there is no trust layer.
    steps : list of dict
        Rows of "what helped".

    Returns
    -------
    dict
        As `evaluate_predictions`, with ``report`` and, where the bundle has
        them, ``trust`` and ``audit``.
    """
    point = OperatingPoint.from_trust(trust, card.class_names)
    result = evaluate_predictions(
        predictions, card.class_names, point, steps=steps, settings=card.evaluation
    )

    def rows_of(split: str) -> Rows:
        return split_rows(predictions, split, len(card.class_names), point)[0]

    if "out_of_distribution" in trust:
        result["trust"] = trust_results(predictions, trust, reference, card, point, rows_of)
    if "explain" in trust:
        result["audit"] = audit_results(predictions, card, trust)
    result["report"] = report_of(predictions, card, point, result["splits"])
    return result
