"""Many sequences of one window each: a table of answers, one of which is opened."""

from __future__ import annotations

import numpy as np
import streamlit as st

from medmodels.ui.bases_along import choose_row
from medmodels.ui.bases_case import BasesCase


def show_rows_of_bases(case: BasesCase) -> None:
    """Draw one row a sequence; choosing a row opens it below."""
    reading, bases = case.reading, case.bases
    titles = [entry.title for entry in reading.card.classes]
    rows = np.arange(len(reading.labels))
    given = bases.sequences.labels
    table = {
        "Sequence": list(bases.sequences.names),
        "Strand": ["as given" if strand == "+" else "other" for strand in bases.strands],
        "Answer": [titles[label] for label in reading.labels],
        "Probability": reading.probabilities[rows, reading.labels],
    }
    if given is not None:
        table["Label in the file"] = list(given)
    if len(set(bases.strands)) == 1:
        del table["Strand"]
    picked = st.dataframe(
        table, hide_index=True, key="bases-rows", on_select="rerun", selection_mode="single-row",
        height=min(38 * (len(rows) + 1), 320),
        column_config={"Probability": st.column_config.NumberColumn(format="percent")},
        alt="The answer for each sequence; choose a row to see what it rests on.",
    )  # fmt: skip
    chosen = picked["selection"]["rows"]
    if chosen:
        choose_row(int(chosen[0]))
    if given is not None:
        _compare(case, given)


def _compare(case: BasesCase, given: tuple[str, ...]) -> None:
    """How many answers agree with the labels that came with the file."""
    names = case.reading.card.class_names
    known = [(label, names[k]) for label, k in zip(given, case.reading.labels, strict=True)
             if label in names]  # fmt: skip
    if known:
        right = sum(label == answer for label, answer in known)
        st.caption(
            f"{right:,} of {len(known):,} answers agree with the labels in the file; these were "
            "not shown to the network."
        )
