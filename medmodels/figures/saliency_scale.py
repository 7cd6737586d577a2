"""The value at which a saliency map is brightest: fixed for a bundle, never the map's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from medmodels.explain.saliency_map import SaliencyMap

# Evidence of that many cells' even share in one cell is drawn brightest.
_SHARES = 6.0


@dataclass(frozen=True)
class SaliencyScale:
    """Limits of the colours of a map.

    Parameters
    ----------
    highest : float
        The value that is drawn brightest, in the map's unit; signed maps are
        darkest at its negative.
    comparable : bool
        Whether it is the same for all inputs of the bundle. Where it is not,
        the page must say that brightness cannot be compared.
    """

    highest: float
    comparable: bool


def saliency_scale(
    trust: Mapping[str, Any], saliency: SaliencyMap, typical_logit: float
) -> SaliencyScale:
    """Find the scale of one map.

    The bundle's ``trust.json`` may carry ``saliency_scale``: the value for
    each method by its title, in the method's unit. Without it, Grad-CAM is
    scaled by logits: for a head that averages, its cells sum to the logit, so
    a map that spreads a typical logit evenly has that logit over the number
    of cells in each; six such shares are drawn brightest.

    Parameters
    ----------
    trust : mapping
        The bundle's ``trust.json``.
    saliency : SaliencyMap
    typical_logit : float
        See `typical_logit`.

    Returns
    -------
    SaliencyScale
    """
    stated = trust.get("saliency_scale", {}).get(saliency.method)
    if stated:
        return SaliencyScale(float(stated), True)
    if saliency.method == "Grad-CAM":
        return SaliencyScale(_SHARES * typical_logit / float(np.prod(saliency.grid)), True)
    own = float(np.quantile(np.abs(saliency.values), 0.995))
    return SaliencyScale(own or 1.0, False)


def typical_logit(logits: np.ndarray) -> float:
    """Median over inputs of the largest logit's size; shape (n, K), at least 1e-6."""
    return max(float(np.median(np.abs(logits.astype(np.float64)).max(axis=1))), 1e-6)
