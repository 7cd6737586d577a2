"""How often windows of bases are answered, warned about or declined, and how often rightly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.evaluation.metrics import Rows
from medmodels.evaluation.scan_decisions import counted
from medmodels.trust.base_quality import BaseQuality
from medmodels.trust.base_trust import BaseTrust
from medmodels.trust.decision import Decision
from medmodels.trust.operating_point import OperatingPoint

Arrays = Mapping[str, npt.NDArray[Any]]


def decide_bases(
    predictions: Arrays,
    trust: Mapping[str, Any],
    reference: Arrays,
    titles: Sequence[str],
    point: OperatingPoint,
    rows: Mapping[str, Rows],
) -> dict[str, Any]:
    """Decide every stored window again, as if each were uploaded alone.

    Parameters
    ----------
    predictions : mapping of ndarray
        ``<split>/unlike`` (n,) and ``<split>/quality`` (n, 4), columns as the fields of
        `BaseQuality`; splits without them are left out.
    trust, reference
        Of the bundle.
    titles : sequence of str
        Of the classes.
    point : OperatingPoint
    rows : mapping of Rows
        By split.

    Returns
    -------
    dict
        See `medmodels.evaluation.scan_decisions.decide_scans`.
    """
    layer = BaseTrust(trust, reference, point, titles, "")
    return counted({
        split: (judged, _decide(layer, predictions, split, judged))
        for split, judged in rows.items()
        if f"{split}/unlike" in predictions
    })  # fmt: skip


def _decide(layer: BaseTrust, predictions: Arrays, split: str, rows: Rows) -> list[Decision]:
    assert rows.probabilities is not None
    stored = zip(
        predictions[f"{split}/unlike"].astype(np.float64),
        predictions[f"{split}/quality"].astype(np.float64),
        rows.probabilities,
        strict=True,
    )
    return [layer.decide(float(u), BaseQuality(*map(float, q)), p) for u, q, p in stored]
