"""What a threshold finds and what it calls in vain along a sequence, from held-out data.

A test set in which every second window is a site says nothing about a gene, where one
place in thousands is. So held-out windows without a site are strung together and read
at every base: all that is called there is called in vain.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.training.dna_data import CLASSES, NEITHER

Doubles = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: Calls in vain for each 1,000 places that the thresholds are chosen for.
RATES = (10.0, 5.0, 2.0, 1.0, 0.5)
#: The one that is used unless a reader asks for another.
USUAL_RATE = 1.0


def scan_rates(
    sites: Doubles, labels: Ints, elsewhere: Doubles, rates: Sequence[float] = RATES
) -> dict[str, list[dict[str, Any]]]:
    """For each kind of site, the share found where calls in vain are held to a rate.

    Parameters
    ----------
    sites : ndarray, shape (n, 3)
        Calibrated probabilities of held-out windows.
    labels : ndarray, int64, shape (n,)
        Theirs.
    elsewhere : ndarray, shape (m, 3)
        Calibrated probabilities at places without a site.
    rates : sequence of float
        Calls in vain for each 1,000 places.

    Returns
    -------
    dict
        By class name ("EI", "IE"), one row a rate: ``rate``, ``threshold`` (a call
        is made where the probability is above it), ``in_vain_per_1000`` (as observed),
        ``found`` and ``sites`` (counts) and ``places``.
    """
    table: dict[str, list[dict[str, Any]]] = {}
    for k, name in enumerate(CLASSES):
        if k == NEITHER:
            continue
        own, false = sites[labels == k, k], np.sort(elsewhere[:, k])[::-1]
        table[name] = []
        for rate in rates:
            allowed = int(rate * len(false) / 1000)
            # The first that must not be called is the threshold itself.
            threshold = float(false[allowed]) if allowed < len(false) else 0.0
            table[name].append({
                "rate": rate,
                "threshold": round(threshold, 6),
                "in_vain_per_1000": round(1000 * float((false > threshold).mean()), 4),
                "found": int((own > threshold).sum()),
                "sites": len(own),
                "places": len(false),
            })  # fmt: skip
    return table
