"""Where an input speaks for one class rather than for another."""

from __future__ import annotations

from dataclasses import replace

from medmodels.explain.saliency_map import SaliencyMap


def difference(one: SaliencyMap, other: SaliencyMap) -> SaliencyMap:
    """Where a scan, a beat or a sequence speaks more for one class than for another.

    Parameters
    ----------
    one, other : SaliencyMap
        Of the same input by the same method, for two classes.

    Returns
    -------
    SaliencyMap
        ``one`` less ``other``, on their common scale: signed, for ``one``'s
        class. For maps in logits that is the log-odds of one class against
        the other, shared out.

    Raises
    ------
    ValueError
        When the maps do not share method, unit, baseline or size.
    """
    if one.values.shape != other.values.shape or (one.method, one.unit) != (
        other.method,
        other.unit,
    ):
        raise ValueError("maps of different methods, units or sizes have no difference")
    if one.baseline != other.baseline:
        raise ValueError(f"one map compares with {one.baseline}, the other with {other.baseline}")
    context = None
    if one.context is not None and other.context is not None:
        context = one.context - other.context
    return replace(
        one, values=one.values - other.values, signed=True, completeness_error=None,
        context=context,
    )  # fmt: skip
