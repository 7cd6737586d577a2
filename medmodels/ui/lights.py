"""The strip of checks under an answer."""

from __future__ import annotations

import html

import streamlit as st

from medmodels.reading import Reading
from medmodels.reading.lights import BAD, DOUBT, GOOD, UNKNOWN, Light, lights_of
from medmodels.ui.theme import palette

# A mark of its own for every state: colour alone tells nothing.
_MARKS = {GOOD: "✓", DOUBT: "!", BAD: "✕", UNKNOWN: "?"}
_SPOKEN = {GOOD: "good", DOUBT: "doubtful", BAD: "bad", UNKNOWN: "not known"}


def show_lights(reading: Reading, *, withheld: bool) -> None:
    """Draw the strip and, folded, the details behind it.

    Parameters
    ----------
    reading : Reading
    withheld : bool
        Whether the labels are not to be told.
    """
    lights = lights_of(reading, withheld=withheld)
    if not lights:
        return
    cells = "".join(_cell(light) for light in lights)
    st.html(f'<ul class="dia-lights" aria-label="Checks of this reading">{cells}</ul>')
    with st.expander("What was checked, and what was found", icon=":material/fact_check:"):
        for light in lights:
            lines = "".join(f"\n- {_plain(sentence)}" for sentence in light.details)
            st.markdown(f"**{light.question}** {_plain(light.word)}.{lines}")


def _cell(light: Light) -> str:
    colours = palette()
    colour = {
        GOOD: colours.severity[0], DOUBT: colours.severity[1],
        BAD: colours.severity[2], UNKNOWN: colours.muted,
    }[light.state]  # fmt: skip
    return (
        f'<li class="dia-light" style="--dia-colour:{colour}">'
        f'<span class="dia-mark" role="img" aria-label="{_SPOKEN[light.state]}">'
        f"{_MARKS[light.state]}</span>"
        f'<span><span class="dia-small">{html.escape(light.question)}</span><br>'
        f"<b>{html.escape(light.word)}</b></span></li>"
    )


def _plain(text: str) -> str:
    """Text that Markdown leaves as it is."""
    for mark in "\\`*_[]<>#$|~":
        text = text.replace(mark, "\\" + mark)
    return text
