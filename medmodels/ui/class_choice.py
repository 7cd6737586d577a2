"""Choose one of a task's classes: side by side while they are few, in a list when they are many."""

from __future__ import annotations

from collections.abc import Sequence

from streamlit.delta_generator import DeltaGenerator

# More than these would be wider than a small window.
_SIDE_BY_SIDE = 4
_LIST_WIDTH = 260


def choose_class(
    place: DeltaGenerator, label: str, titles: Sequence[str], first: int, *, key: str
) -> int:
    """Ask for a class.

    Parameters
    ----------
    place : DeltaGenerator
        Where to draw it.
    label : str
    titles : sequence of str
        Of the classes.
    first : int
        The class chosen to begin with.
    key : str

    Returns
    -------
    int
        Its place among ``titles``.
    """
    options = range(len(titles))

    def title_of(index: int) -> str:
        return titles[index]

    if len(titles) > _SIDE_BY_SIDE:
        return place.selectbox(
            label, options, index=first, format_func=title_of, key=key, width=_LIST_WIDTH
        )
    chosen: int = place.segmented_control(
        label, options, default=first, format_func=title_of, required=True, key=key
    )
    return chosen
