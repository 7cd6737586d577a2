"""Where the scores of a class lie, for inputs that are of it and for those that are not."""

from __future__ import annotations

from typing import Any

import numpy as np

from medmodels.evaluation.metrics import Floats
from medmodels.evaluation.reliability import Bools, equal_width_bins

BINS = 20


def histogram_of(scores: Floats, positive: Bools, bins: int = BINS) -> dict[str, Any]:
    """Counts of a class's probability, by whether the class was true.

    Parameters
    ----------
    scores : ndarray, shape (n,)
        0 to 1.
    positive : ndarray, bool, shape (n,)
    bins : int
        Of the same width; a score on a border belongs to the bin above, 1 to the last.

    Returns
    -------
    dict
        ``edges`` (bins + 1), ``of_class`` and ``others`` (bins each, counts).
    """
    assigned = equal_width_bins(scores, bins)
    return {
        "edges": [round(i / bins, 6) for i in range(bins + 1)],
        "of_class": np.bincount(assigned[positive], minlength=bins).tolist(),
        "others": np.bincount(assigned[~positive], minlength=bins).tolist(),
    }
