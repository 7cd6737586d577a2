"""Recompute a bundle's evaluation from the predictions it carries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle
from medmodels.evaluation.whole import evaluate_whole


def load_predictions(bundle: Bundle) -> dict[str, npt.NDArray[Any]]:
    """Read the stored predictions; nothing is unpickled."""
    with np.load(bundle.folder / "predictions.npz", allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def evaluate_bundle(
    bundle: Bundle, fresh: Mapping[str, npt.NDArray[Any]] | None = None
) -> dict[str, Any]:
    """Every metric of a bundle with its 95% interval.

    Parameters
    ----------
    bundle : Bundle
    fresh : mapping of arrays, optional
        Predictions just made, which replace the stored ones of the same name.

    Returns
    -------
    dict
        As `medmodels.evaluation.whole.evaluate_whole`; the metrics
        of the test split also stand at the top.
    """
    result = evaluate_whole(
        load_predictions(bundle) | dict(fresh or {}),
        bundle.card,
        bundle.trust,
        bundle.reference,
        list(bundle.training.get("steps", [])),
    )
    test = result["splits"]["test"]
    names = ("n", "auc", "accuracy", "balanced_accuracy", "macro_f1", "classes")
    return {
        "task": bundle.task,
        "bundle": bundle.digest,
        "predictions": "computed now" if fresh else "stored with the bundle",
        **{name: test[name] for name in names if name in test},
        **result,
    }
