"""The value at which a saliency map is brightest: fixed for a bundle, never the map's own."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from medmodels.explain.saliency_map import SaliencyMap

# Evidence of that many cells' even share in one cell is drawn brightest.
_SHARES = 3.0
_STEPS = (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 4.8, 6, 8, 10)


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
    trust: Mapping[str, Any],
    saliency: SaliencyMap,
    typical_logit: float | None,
    references: Sequence[SaliencyMap] = (),
) -> SaliencyScale:
    """Find the scale of one map.

    The first of these that there is:

    1. ``saliency_scale`` in the bundle's ``trust.json``: the value for each
       method by its title, in the method's unit;
    2. for Grad-CAM, a scale by logits: for a head that averages, its cells sum
       to the logit, so a map that spreads a typical logit evenly has that
       logit over the number of cells in each; three such shares are brightest;
    3. maps of the same method for reference scans: the median of how far
       they reach;
    4. the map itself, which makes it comparable with nothing.

    Parameters
    ----------
    trust : mapping
        The bundle's ``trust.json``.
    saliency : SaliencyMap
    typical_logit : float or None
        See `typical_logit`; None where it is not known.
    references : sequence of SaliencyMap
        Of the bundle's sample cases, each for its own answer.

    Returns
    -------
    SaliencyScale
    """
    stated = trust.get("saliency_scale", {}).get(saliency.method)
    if stated:
        return SaliencyScale(float(stated), True)
    if saliency.method == "Grad-CAM" and typical_logit is not None:
        shares = _SHARES * typical_logit / float(np.prod(saliency.grid))
        return SaliencyScale(round_up(shares), True)
    reached = float(np.median([_reach(entry) for entry in references])) if references else 0.0
    if reached > 0:
        return SaliencyScale(round_up(reached), True)
    own = _reach(saliency)
    return SaliencyScale(round_up(own) if own > 0 else 1.0, False)


def _reach(saliency: SaliencyMap) -> float:
    """Value that half a per cent of a map exceeds, whatever their sign."""
    return float(np.quantile(np.abs(saliency.values), 0.995))


def round_up(value: float) -> float:
    """Return the next round number; a quarter of it is round, too."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(float(f"{step * power:.6g}") for step in _STEPS if step * power >= value * 0.999999)


def typical_logit(logits: np.ndarray) -> float:
    """Median over inputs of the largest logit's size; shape (n, K), at least 1e-6."""
    return max(float(np.median(np.abs(logits.astype(np.float64)).max(axis=1))), 1e-6)
