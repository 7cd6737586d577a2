"""The answer to an input with parts hidden, against the answer to it as it came."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import numpy.typing as npt
import streamlit as st

from medmodels.bundles import Card
from medmodels.figures.try_change import try_change
from medmodels.reading.sentences import percent
from medmodels.trust.operating_point import OperatingPoint
from medmodels.ui.theme import palette, show_figure
from medmodels.ui.try_record import first_of, history_of, parts_of

CAUTION = "What you hide makes a picture unlike any real one; read small changes with care."


def show_now(
    key: Hashable,
    card: Card,
    point: OperatingPoint,
    read: npt.NDArray[np.float32],
    *,
    whole: str,
    name: str,
) -> None:
    """Say and draw what the answer is now, against what it was.

    Parameters
    ----------
    key : hashable
        Of the history.
    card : Card
    point : OperatingPoint
    read : ndarray, shape (K,)
        Logits of the input as it came, for as long as nothing was tried.
    whole : str
        What parts are hidden of: "the scan".
    name : str
        Prefix of the figure's key, unique on the page.
    """
    history = history_of(key)
    before = read if history is None else first_of(history).logits
    show_change(card, point, before, before if history is None else history.now.logits, key=name)
    parts = parts_of(key)
    if history is not None and parts:
        number = "1 part" if len(parts) == 1 else f"{len(parts)} parts"
        size = percent(history.now.share) if history.now.share else "nothing"
        numbers = any(part.numbers is not None for part in parts)
        beside = " Numbers beside it are changed, too." if numbers else ""
        st.caption(f"{number} hidden, together {size} of {whole}.{beside}")


def show_change(
    card: Card,
    point: OperatingPoint,
    before: npt.NDArray[np.float32],
    after: npt.NDArray[np.float32],
    *,
    key: str,
) -> None:
    """Say and draw what hiding did to the answer.

    Parameters
    ----------
    card : Card
    point : OperatingPoint
    before, after : ndarray, shape (K,)
        Logits.
    key : str
        Unique on the page.
    """
    sentence = change_sentence(card, point, before, after)
    st.markdown(f"**{sentence[0]}** {sentence[1]}")
    shares = [point.probabilities(logits) for logits in (before, after)]
    show_figure(
        try_change(card, shares[0], shares[1], int(point.labels(after)), point, palette()),
        key=f"{key}-change",
        alt=f"Probability of each class before and after. {sentence[0]}",
    )
    label = int(point.labels(after))
    if int(shares[1].argmax()) != label:
        st.caption(rule_words(card, point, int(shares[1].argmax())))


def rule_words(card: Card, point: OperatingPoint, likeliest: int) -> str:
    """Why the answer is not the likeliest class."""
    lead = f"{card.classes[likeliest].title} is likelier, but the answer"
    if point.positive is not None and point.threshold is not None:
        title = card.classes[point.positive].title.lower()
        return f"{lead} is {title} from a probability of {percent(point.threshold)} upwards."
    return f"{lead} adds a fixed offset to each class ({point.rule.rstrip('.')})."


def change_sentence(
    card: Card,
    point: OperatingPoint,
    before: npt.NDArray[np.float32],
    after: npt.NDArray[np.float32],
) -> tuple[str, str]:
    """How the probability of the first answer moved, and whether the answer is another."""
    first, now = int(point.labels(before)), int(point.labels(after))
    old, new = (float(point.probabilities(logits)[first]) for logits in (before, after))
    title = card.classes[first].title
    if first == now and np.array_equal(before, after):
        return f"{title}: {percent(old)}.", "Hide something to see it move."
    moved = f"{title}: {percent(old)} before, {percent(new)} now, {_points(new - old)}."
    if now == first:
        return moved, f"The answer stays {title.lower()}."
    return moved, f"The answer changes from {title.lower()} to {card.classes[now].title.lower()}."


def _points(change: float) -> str:
    """A change of a probability in percentage points."""
    if abs(change) < 0.0005:
        return "no change"
    size = f"{abs(100 * change):.1f}" if abs(change) < 0.1 else f"{abs(100 * change):.0f}"
    noun = "point" if size == "1.0" else "points"
    return f"{size} {noun} {'more' if change > 0 else 'less'}"
