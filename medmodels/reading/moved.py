"""A reading at another operating point: the network is not asked again."""

from __future__ import annotations

from dataclasses import replace

from medmodels.reading.reading import Reading
from medmodels.reading.sentences import percent
from medmodels.trust.decision import at_threshold, threshold_reason


def moved(reading: Reading, threshold: float | None) -> Reading:
    """Decide anew from the same logits.

    Parameters
    ----------
    reading : Reading
        Of a task with two classes, one of which has a threshold.
    threshold : float or None
        Probability from which the answer is the positive class, in 0 to 1;
        None leaves the reading as it is.

    Returns
    -------
    Reading
        With the operating point, which says that it was moved and from where,
        and the labels replaced, and the decision where the probability's interval
        reaches over the point; logits and probabilities are the same.

    Raises
    ------
    ValueError
        When the task has no threshold, or the threshold is not in 0 to 1.
    """
    point = reading.operating_point
    if threshold is None or threshold == point.threshold:
        return reading
    if point.positive is None or point.threshold is None or len(reading.card.classes) != 2:
        raise ValueError(f'the task "{reading.task}" has no single threshold to move')
    if not 0 <= threshold <= 1:
        raise ValueError(f"a threshold must lie in 0 to 1, found {threshold}")
    point = replace(
        point,
        threshold=float(threshold),
        rule=f"Moved by the reader; the network’s own point is {percent(point.threshold)}",
        chosen_on="this page, by the reader",
    )
    trust = reading.trust
    if trust is not None:
        k = point.positive
        low, high = float(trust.low[0, k]), float(trust.high[0, k])
        reason = threshold_reason(low, high, point.threshold)
        trust = replace(trust, decision=at_threshold(trust.decision, reason))
    return replace(reading, operating_point=point, labels=point.labels(reading.logits), trust=trust)
