"""What the network remembers of one beat, and for how many beats."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from medmodels.figures.lesson_memory import FadingLine, fading
from medmodels.ui.lesson_recurrence_beat import LessonBeat
from medmodels.ui.theme import palette, show_figure

if TYPE_CHECKING:
    from medmodels.lessons.recurrence_memory import Fading

HALF, GONE = 0.5, 0.05
# Of the longest distance that two states can have: below it the beat is like the usual one.
_SMALL = 0.1


def show_memory(beat: LessonBeat, member: int) -> None:
    """Draw how the memory of the chosen beat fades, in both directions.

    Parameters
    ----------
    beat : LessonBeat
        Of a recording, with a network that reads across beats.
    member : int
        The one that is told in words.
    """
    found = beat.memory()
    own = [entry for entry in found if entry.layer.member == member]
    if not own:
        return
    st.subheader("What the network remembers of this beat", anchor=False)
    st.markdown(
        "The same beats are read twice: as they are, and with this one beat replaced by the "
        "recording’s usual beat. **How far the two states are apart is what the network still has "
        "in mind of it.**"
    )
    lines = [
        FadingLine(entry.layer.member, entry.direction == "backward", entry.shares)
        for entry in found
    ]
    show_figure(
        fading(lines, member, (HALF, GONE), palette()),
        key="lesson-recurrence-fading",
        alt="; ".join(say_fading(entry) for entry in own),
    )
    st.markdown("\n".join(f"- {say_fading(entry)}" for entry in own))
    if all(entry.distances[0] < _SMALL * _longest(entry) for entry in own):
        st.markdown(
            "This beat is much like the usual one: there is little to remember. Go to an ectopic "
            "beat to see more."
        )
    others = " The thin lines are the other members." if len(found) > len(own) else ""
    st.caption(
        f"100% is the distance at the beat itself.{others} The beats beside it keep their own "
        "numbers, among them the intervals that this beat made: shown is what the state carries, "
        "not all that the network knows of the beat."
    )


def say_fading(found: Fading) -> str:
    """One direction in a sentence.

    Parameters
    ----------
    found : Fading
    """
    way = "beats after it" if found.direction == "forward" else "beats before it"
    name = found.direction.capitalize()
    if not found.shares.any():
        return f"{name}: replacing this beat changes nothing in the state."
    start = (
        f"{name} ({way}): at the beat itself the two states are {found.distances[0]:.2f} apart "
        f"(at most {_longest(found):.1f} is possible)"
    )
    if len(found.distances) == 1:
        return f"{start}; there is no beat further on."
    half, gone = found.beats_until(HALF), found.beats_until(GONE)
    if half is None:
        return f"{start}; {_left(found)}."
    if gone is None:
        return f"{start}; half of it is gone after {_beats(half)}, but {_left(found)}."
    return (
        f"{start}; half of it is gone after {_beats(half)}, and no more than {GONE:.0%} is left "
        f"after {_beats(gone)}."
    )


def _left(found: Fading) -> str:
    return f"{found.shares[-1]:.0%} is still there after {_beats(len(found.shares) - 1)}"


def _longest(found: Fading) -> float:
    """The longest distance between two states whose numbers lie in -1 to 1."""
    return float(2 * found.layer.units**0.5)


def _beats(count: int) -> str:
    return "1 beat" if count == 1 else f"{count} beats"
