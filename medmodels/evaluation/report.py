"""What the model report shows, computed from stored predictions alone.

The page draws this and computes nothing: curves and their bands are resampled
here, once, and stored with the bundle.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.bundles import Card
from medmodels.evaluation.calibration_errors import calibration_errors
from medmodels.evaluation.curves import BAND_RESAMPLES, curves_of, scored_classes
from medmodels.evaluation.drop import EXTERNAL, INTERNAL, drop_of
from medmodels.evaluation.evaluate import Arrays, split_rows
from medmodels.evaluation.histograms import histogram_of
from medmodels.evaluation.metrics import Floats, Rows
from medmodels.evaluation.mistakes import MOST_PER_GROUP, SHOWN, row_names, worst_mistakes
from medmodels.evaluation.reliability import FEWEST_GROUPS, reliability_curve
from medmodels.evaluation.selective import selective_of
from medmodels.evaluation.subgroups import subgroups_of
from medmodels.trust.operating_point import OperatingPoint

SHOWN_SPLITS = (INTERNAL, EXTERNAL)


def report_of(
    predictions: Arrays,
    card: Card,
    operating_point: OperatingPoint,
    splits: Mapping[str, Any],
) -> dict[str, Any]:
    """Everything of the model report that is not in ``evaluation["splits"]`` already.

    Parameters
    ----------
    predictions : mapping of arrays
        ``<split>/logits`` (n, K), ``<split>/labels`` (n,), ``<split>/groups`` (n,)
        and, where known, ``<split>/names`` (n,), ``<split>/samples`` (n,) and
        ``<split>/subgroups/<name>`` (n,), "" where a row's value is unknown.
    card : Card
    operating_point : OperatingPoint
    splits : mapping
        ``evaluation["splits"]`` of the same predictions.

    Returns
    -------
    dict
        JSON-ready: ``settings`` (of intervals and lists), ``drop`` (see
        `medmodels.evaluation.drop.drop_of`) and, under ``splits``, for "test" and
        "external": ``n``, ``groups``, ``curves``, ``reliability`` and
        ``histograms`` of every scored class, ``calibration``, ``selective``,
        ``subgroups`` and ``mistakes``.
    """
    return {
        "settings": {
            "band_resamples": BAND_RESAMPLES,
            "fewest_groups": FEWEST_GROUPS,
            "mistakes": SHOWN,
            "mistakes_per_group": MOST_PER_GROUP,
        },
        "drop": drop_of(card, operating_point.positive, splits),
        "splits": {
            split: _split_report(predictions, split, card, operating_point)
            for split in SHOWN_SPLITS
            if f"{split}/logits" in predictions
        },
    }


def _split_report(
    predictions: Arrays, split: str, card: Card, operating_point: OperatingPoint
) -> dict[str, Any]:
    classes = card.class_names
    rows, _ = split_rows(predictions, split, len(classes), operating_point)
    probabilities = np.asarray(rows.probabilities)
    confidence = probabilities[np.arange(len(rows.labels)), rows.predicted]
    labels = predictions[f"{split}/labels"].astype(np.int64)
    keep = (labels >= 0) & (labels < len(classes))

    def column(name: str) -> npt.NDArray[Any] | None:
        stored = predictions.get(f"{split}/{name}")
        return None if stored is None else stored[keep]

    prefix = f"{split}/subgroups/"
    columns = {
        key.removeprefix(prefix): values[keep].astype(str)
        for key, values in predictions.items()
        if key.startswith(prefix)
    }
    names = row_names(rows.groups, column("names"), column("samples"), _rate(card, split))
    return {
        "n": len(rows.labels),
        "groups": len(np.unique(rows.groups)),
        **_by_class(rows, probabilities, classes, operating_point.positive),
        "calibration": calibration_errors(probabilities, rows.labels, rows.predicted, rows.groups),
        "selective": selective_of(confidence, rows.labels == rows.predicted, rows.groups),
        "subgroups": subgroups_of(rows, columns, classes),
        "mistakes": worst_mistakes(
            confidence, rows.labels, rows.predicted, names, rows.groups, classes
        ),
    }


def _by_class(
    rows: Rows, probabilities: Floats, classes: tuple[str, ...], positive: int | None
) -> dict[str, Any]:
    """Curves, reliability and histograms of every scored class against the rest."""
    found: dict[str, Any] = {"curves": {}, "reliability": {}, "histograms": {}}
    for i in scored_classes(len(classes), positive):
        of_class, scores = rows.labels == i, probabilities[:, i]
        found["curves"][classes[i]] = curves_of(of_class, scores, rows.predicted == i, rows.groups)
        found["reliability"][classes[i]] = reliability_curve(scores, of_class, rows.groups)
        found["histograms"][classes[i]] = histogram_of(scores, of_class)
    return found


def _rate(card: Card, split: str) -> float | None:
    """Samples per second of a split's recordings, where the card says."""
    rates = [entry.get("rate_hz") for entry in card.data if entry["role"] == split]
    return float(rates[0]) if rates and rates[0] else None
