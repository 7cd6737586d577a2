"""Choose one of a task's classes: side by side while they are few, in a list when they are many."""

from __future__ import annotations

from collections.abc import Mapping

from streamlit.delta_generator import DeltaGenerator

# More than these would be wider than a small window.
_SIDE_BY_SIDE = 4
_LIST_WIDTH = 260


def choose_class(
    place: DeltaGenerator, label: str, titles: Mapping[int, str], first: int, *, key: str
) -> int:
    """Ask for a class.

    Parameters
    ----------
    place : DeltaGenerator
        Where to draw it.
    label : str
    titles : mapping of int to str
        The classes offered, in that order.
    first : int
        The class chosen to begin with.
    key : str

    Returns
    -------
    int
        One of ``titles``.
    """
    options = list(titles)

    def title_of(index: int) -> str:
        return titles[index]

    if len(titles) > _SIDE_BY_SIDE:
        return place.selectbox(
            label, options, index=options.index(first), format_func=title_of, key=key,
            width=_LIST_WIDTH,
        )  # fmt: skip
    chosen: int = place.segmented_control(
        label, options, default=first, format_func=title_of, required=True, key=key
    )
    return chosen
