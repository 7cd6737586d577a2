"""The beats that are not normal, as a list to jump from."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from medmodels import NOTICE
from medmodels.figures.ecg_clock import clock
from medmodels.figures.ecg_colours import beat_marks
from medmodels.ui.ecg_position import choose_beat
from medmodels.ui.ecg_reading import Case
from medmodels.ui.ecg_words import csv_cell
from medmodels.ui.theme import palette

# More rows than anyone reads slow the browser down; the file has them all.
_MOST_ROWS = 5000


def show_list(case: Case) -> None:
    """List the beats whose class has a severity above 0; call within a fragment."""
    classes = case.reading.card.classes
    grave = [i for i, entry in enumerate(classes) if entry.severity]
    grave.sort(key=lambda i: -classes[i].severity)
    st.subheader("Beats that are not normal")
    listed = case.abnormal
    if len(case.in_doubt) and st.toggle(
        f"List the {len(case.in_doubt):,} beats in doubt too",
        key="ecg_list_doubt",
        help="Beats for which at 95% more than one class is left, or none.",
    ):
        listed = np.union1d(case.abnormal, case.in_doubt)
        grave = list(range(len(classes)))
        grave.sort(key=lambda i: -classes[i].severity)
    if not len(listed):
        st.markdown("None.")
        return
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        wanted = st.pills(
            "Show",
            grave,
            default=grave,
            selection_mode="multi",
            key=f"ecg_list_classes_{len(grave)}",
            format_func=lambda i: f"{classes[i].letter} {classes[i].title}",
        )
        order = st.segmented_control(
            "Sort by",
            ["time", "probability"] if case.beats.has_rhythm else ["row", "probability"],
            default="time" if case.beats.has_rhythm else "row",
            required=True,
            key="ecg_list_order",
        )
    shown = listed[np.isin(case.reading.labels[listed], wanted)]
    if order == "probability":
        shown = shown[np.argsort(-case.decided[shown], kind="stable")]
    rows = shown[:_MOST_ROWS]
    key = f"ecg_list_{case.source.key[:8]}_{order}_{'-'.join(map(str, wanted))}"
    st.dataframe(
        beat_table(case, rows),
        hide_index=True,
        height=min(38 + 35 * max(len(rows), 1), 388),
        key=key,
        selection_mode="single-row",
        on_select=lambda: _select(case, rows, key),
        column_config={
            "Probability": st.column_config.ProgressColumn(
                format="percent", min_value=0, max_value=1
            ),
            "RR before": st.column_config.NumberColumn(
                format="%.0f%% of usual", help="Against the recording's median RR interval."
            ),
        },
        alt="Beats that are not normal.",
    )
    cut = (
        f" The first {_MOST_ROWS:,} of {len(shown):,} are listed." if len(shown) > len(rows) else ""
    )
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        st.download_button(
            "Download all beats as CSV",
            lambda: beats_csv(case),
            "beats.csv",
            "text/csv",
            icon=":material/download:",
            key="ecg_download",
            on_click="ignore",
        )
        st.caption("Select a row to go to its beat." + cut)


def beat_table(case: Case, beats: np.ndarray) -> pd.DataFrame:
    """Time, class, probability and RR interval of some beats, one a row."""
    marks = beat_marks(case.reading.card.classes, palette())
    labels = case.reading.labels[beats]
    table = {
        "Class": [f"{marks[i].shape} {marks[i].letter} {marks[i].title}" for i in labels],
        "Probability": case.decided[beats],
    }
    if not case.beats.has_rhythm:
        return pd.DataFrame({"Row": beats + 1} | table | labels_left(case, beats))
    _, share = rr_before(case)
    return pd.DataFrame(
        {"Time": [clock(t, 2) for t in case.beats.times_s[beats]]}
        | table
        | {"RR before": share[beats] * 100}
        | labels_left(case, beats)
    )


def labels_left(case: Case, beats: np.ndarray) -> dict[str, list[str]]:
    """One more column: the letters that are left at 95%, where the bundle knows them."""
    trust = case.reading.trust
    if trust is None:
        return {}
    letters = [entry.letter for entry in case.reading.card.classes]
    rows = trust.sets[max(trust.sets)][beats]
    return {
        "Left at 95%": [
            " or ".join(letter for letter, kept in zip(letters, row, strict=True) if kept) or "none"
            for row in rows
        ]
    }


def rr_before(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """RR interval before each beat, milliseconds and share of the median; NaN for the first."""
    rr = np.diff(case.beats.times_s, prepend=np.nan) * 1000
    usual = np.nanmedian(rr) if len(rr) > 1 else np.nan
    return rr, rr / usual


def beats_csv(case: Case) -> bytes:
    """All beats as CSV in UTF-8, without anything that a spreadsheet would run."""
    classes = case.reading.card.classes
    place = ["time_s", "rr_before_ms"] if case.beats.has_rhythm else ["row"]
    lines = [
        f"# {NOTICE}",
        f"# network {csv_cell(case.reading.task)}, bundle {case.reading.bundle_digest[:16]}",
        ",".join([*place, "class", "title", *(csv_cell(f"p_{entry.name}") for entry in classes)]),
    ]
    before, _ = rr_before(case)
    for i, label in enumerate(case.reading.labels):
        rr = "" if np.isnan(before[i]) else f"{before[i]:.0f}"
        where = [f"{case.beats.times_s[i]:.3f}", rr] if case.beats.has_rhythm else [str(i + 1)]
        answer = [csv_cell(classes[label].name), csv_cell(classes[label].title)]
        lines.append(
            ",".join([*where, *answer, *(f"{p:.4f}" for p in case.reading.probabilities[i])])
        )
    return ("\n".join(lines) + "\n").encode()


def _select(case: Case, rows: np.ndarray, key: str) -> None:
    chosen = st.session_state[key].selection.rows
    if chosen:
        choose_beat(case, int(rows[chosen[0]]))
