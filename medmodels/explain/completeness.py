"""Whether a map that promises to add up does."""

from __future__ import annotations

from medmodels.explain.saliency_map import SaliencyMap


def relative_completeness(found: SaliencyMap, total_change: float) -> float | None:
    """How far a map's sum is from what it shares out, as a part of that.

    Parameters
    ----------
    found : SaliencyMap
    total_change : float
        The logit's difference to the baseline's.

    Returns
    -------
    float or None
        0 for a map that adds up; infinite where there was nothing to share
        out and the map shares out something; None where the method promises
        no sum.

    Examples
    --------
    >>> import numpy as np
    >>> found = SaliencyMap(np.ones((1, 2)), (1, 2), True, "", 0, "logit", 0.5)
    >>> relative_completeness(found, -2.0)
    0.25
    """
    error = found.completeness_error
    if error is None:
        return None
    if total_change == 0:
        return 0.0 if error == 0 else float("inf")
    return error / abs(total_change)
