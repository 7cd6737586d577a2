"""What was understood of a recording, the user's corrections, and the signal read with them."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from medmodels.inputs.open_signal import decode
from medmodels.inputs.signal import BeatTable, Signal
from medmodels.inputs.understanding import Understanding
from medmodels.ui.ecg_source import Source

_CORRECTED = "ecg_corrected"

_UNITS = {"mV": "mV", "uV": "µV", "V": "V", "counts": "raw counts", "unknown": "no unit"}


@dataclass(frozen=True)
class Corrections:
    """What the user says differs from what was understood; None keeps it."""

    rate: float | None = None
    unit: str | None = None
    gain: float | None = None
    leads: tuple[str, ...] | None = None


def ask_corrections(source: Source, found: Understanding) -> Corrections | None:
    """Show what was understood, and let the user correct it.

    Parameters
    ----------
    source : Source
    found : Understanding

    Returns
    -------
    Corrections or None
        None while a question must be answered first.
    """
    kept: tuple[str, Corrections] | None = st.session_state.get(_CORRECTED)
    current = kept[1] if kept and kept[0] == source.key else None
    needed = [question for question in found.questions if question.required]
    open_questions = [] if current else list(found.questions)
    st.markdown(f"**Understood:** {_plain(found.sentence)}.")
    if source.dropped:
        st.caption(
            ":material/shield_person: Dropped when it arrived, as it may say who was recorded: "
            f"{', '.join(source.dropped)}."
        )
    if found.kind == "signal":
        label = "Correct rate, unit, gain or leads"
        with st.expander(label, expanded=bool(open_questions), icon=":material/tune:"):
            for question in open_questions:
                hints = (
                    f" Usual answers: {', '.join(question.suggestions)}."
                    if question.suggestions
                    else ""
                )
                (st.warning if question.required else st.info)(question.text + hints)
            answer = _form(source, found, current or Corrections())
        if answer is not None:
            st.session_state[_CORRECTED] = (source.key, answer)
            st.rerun()
    if current is None and needed:
        return None
    return current or Corrections()


def decoded(source: Source, found: Understanding, corrections: Corrections) -> Signal | BeatTable:
    """Decode with the corrections.

    Raises
    ------
    InputError
    """
    return decode(
        source.files,
        found,
        rate=corrections.rate,
        unit=corrections.unit,
        gain=corrections.gain,
        leads=corrections.leads,
        digest=source.digest,
    )


def _form(source: Source, found: Understanding, current: Corrections) -> Corrections | None:
    names = [column.name for column in found.columns if column.role == "lead"]
    short = source.key[:12]
    with st.form(f"ecg_form_{short}", border=False):
        first, second, third = st.columns(3)
        rate = first.number_input(
            "Sampling rate, Hz",
            min_value=1.0,
            max_value=100_000.0,
            step=1.0,
            format="%.6g",
            value=current.rate or found.rate,
            placeholder="for example 360",
            key=f"ecg_rate_{short}",
            help=f"Now: {found.rate_source}." if found.rate_source else None,
        )
        unit = second.selectbox(
            "Unit of the amplitudes",
            ["", *_UNITS],
            format_func=lambda name: _UNITS.get(name, "as understood"),
            key=f"ecg_unit_{short}",
            index=["", *_UNITS].index(current.unit or ""),
        )
        gain = third.number_input(
            "Gain, counts per mV",
            min_value=0.0,
            step=1.0,
            format="%.6g",
            value=current.gain,
            placeholder="only for raw counts",
            key=f"ecg_gain_{short}",
        )
        leads = st.multiselect(
            "Leads, in this order",
            names,
            default=list(current.leads or names),
            key=f"ecg_leads_{short}",
            help="The network reads up to two leads and chooses them by name: a limb lead such as "
            "MLII or II, and a chest lead.",
        )
        sent = st.form_submit_button("Read with these settings", type="primary")
    if not sent:
        return None
    return Corrections(
        rate=None if rate == found.rate else rate,
        unit=unit or None,
        gain=gain or None,
        leads=None if leads in ([], names) else tuple(leads),
    )


def _plain(text: str) -> str:
    """Text from a file that markdown leaves as it is."""
    for mark in "\\`*_[]<>#$|~":
        text = text.replace(mark, "\\" + mark)
    return text
