"""What the page says before there is anything to read."""

from __future__ import annotations

import streamlit as st

_TINY = """\
time (s),MLII (mV),V5 (mV)
0.000,-0.145,-0.065
0.004,-0.140,-0.070
0.008,-0.130,-0.060"""


def show_empty() -> None:
    """Teach which files can be read."""
    st.markdown("#### Which files can be read")
    first, second, third = st.columns(3, gap="medium")
    with first:
        st.markdown("**A table of samples** (CSV, TSV, text)")
        st.code(_TINY, language=None)
        st.caption(
            "One line for each sample, one column for each lead. A time column or a line with the "
            "sampling rate helps; without, the page asks. mV, µV or raw counts; comma, semicolon, "
            "tab; decimal point or comma."
        )
    with second:
        st.markdown("**A WFDB record** (PhysioNet)")
        st.code("100.hea\n100.dat\n100.atr", language=None)
        st.caption(
            "Choose the files of one record together. Beats in an .atr file are compared with the "
            "answer, and never used for it."
        )
    with third:
        st.markdown("**One beat a row**")
        st.code("0.98,0.93,0.68, … 187 numbers, 0", language=None)
        st.caption(
            "187 samples at 125 Hz and, if known, the class as a number. There is no rhythm in "
            "such a file, so less can be said."
        )
