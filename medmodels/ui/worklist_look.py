"""The chosen case of a worklist, large enough for its reader to judge it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import streamlit as st

from medmodels.bundles import Bundle
from medmodels.figures.ecg_clock import clock
from medmodels.figures.ecg_paper import ecg_paper
from medmodels.figures.ecg_sheet import Beats, PaperSettings, lanes_of
from medmodels.inputs.errors import InputError
from medmodels.inputs.preparation import to_display
from medmodels.inputs.scan import Scan
from medmodels.inputs.sequences import Sequences
from medmodels.inputs.shown import shown_picture
from medmodels.inputs.signal import Signal
from medmodels.ui.picture import show_picture
from medmodels.ui.theme import palette, show_figure
from medmodels.ui.worklist_work import Work
from medmodels.worklist.line import UNREADABLE
from medmodels.worklist.opened import open_files

# Five seconds of an ECG fit beside the list.
_PAPER: Final = PaperSettings(width_mm=125.0)
_NO_BEATS: Final = Beats(np.empty(0), np.empty(0, np.int64), np.empty(0))
_WIDE_PX: Final = 470
_MOST_BASES, _MOST_SEQUENCES = 600, 3


def show_look(bundle: Bundle, work: Work, number: int) -> None:
    """Draw what a case is, without anything that the network says of it.

    Parameters
    ----------
    bundle : Bundle
    work : Work
    number : int
        Of the case.
    """
    if work.lines[number].state == UNREADABLE:
        return
    look = _look(bundle, work, number)
    if isinstance(look, np.ndarray):
        show_picture(np.asarray(look / 255, np.float32), alt=f"Case {number + 1}")
    elif isinstance(look, Signal):
        _show_strip(number, look)
    elif isinstance(look, Sequences):
        _show_bases(bundle, look)


def _look(bundle: Bundle, work: Work, number: int) -> Any:
    """A scan's picture, a signal or sequences; of the case that was looked at last it is kept."""
    source = work.sources[number]
    if work.look is None or work.look[0] is not source:
        try:
            item: Any = open_files(bundle.card.kind, source.load())
        except InputError:
            item = None
        # The pixels of a scan are let go: its picture is all that is drawn.
        work.look = source, shown_picture(to_display(item)) if isinstance(item, Scan) else item
    return work.look[1]


@st.fragment
def _show_strip(number: int, signal: Signal) -> None:
    """Five seconds of an ECG at 25 mm/s and 10 mm/mV, from wherever the reader says."""
    seconds = len(signal.samples) / signal.rate
    latest = max(0.0, seconds - _PAPER.seconds)
    start = 0.0
    if latest:
        start = st.number_input(
            "Start of the strip, in seconds", 0.0, latest, 0.0, step=_PAPER.seconds,
            format="%.0f", key=f"worklist-strip-{number}",
        )  # fmt: skip
    show_figure(
        ecg_paper(
            signal, lanes_of(signal), _NO_BEATS, (), start, _PAPER, palette(), width_px=_WIDE_PX
        ),
        key=f"worklist-paper-{number}",
        alt=f"The ECG of case {number + 1} on paper, from {clock(start)} on.",
    )
    st.caption(f"{clock(start)} to {clock(min(seconds, start + _PAPER.seconds))} of "
               f"{clock(seconds)}, at 25 mm/s and 10 mm/mV.")  # fmt: skip


def _show_bases(bundle: Bundle, found: Sequences) -> None:
    """The first letters of the first sequences; of one window, with the place in question."""
    length = int(bundle.card.input["length"])
    single, place = len(found.sequences[0]) == length, length // 2
    for letters in found.sequences[:_MOST_SEQUENCES]:
        text = f"{letters[:place]}|{letters[place:]}" if single else letters[:_MOST_BASES]
        st.code(text, language=None, wrap_lines=True)
    left = len(found.sequences) - _MOST_SEQUENCES
    words = ["The line stands at the place that is judged."] if single else []
    if not single and any(len(one) > _MOST_BASES for one in found.sequences[:_MOST_SEQUENCES]):
        words.append(f"The first {_MOST_BASES} of {found.bases:,} bases.")
    if left > 0:
        words.append(f"{left:,} more {'sequence' if left == 1 else 'sequences'}.")
    if words:
        st.caption(" ".join(words))
