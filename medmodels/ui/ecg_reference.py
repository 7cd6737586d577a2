"""How the answers agree with reference beats that came with the file."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from medmodels.bundles import ClassCard
from medmodels.inputs.aami import CLASS_OF_SYMBOL
from medmodels.inputs.signal import Signal
from medmodels.reading.reference import MATCH_SECONDS
from medmodels.ui.ecg_reading import Case


def show_reference(case: Case) -> None:
    """Compare with the file's own beats, when it has any."""
    reference = case.beats.reference
    if reference is None:
        return
    classes = case.reading.card.classes
    st.subheader("Compared with the reference in the file")
    st.caption("For comparison only: the network never sees it.")
    known = reference >= 0
    total = int(known.sum())
    if not total:
        st.markdown("None of its beats is of a class that this network knows.")
        return
    agree = int((reference[known] == case.reading.labels[known]).sum())
    lines = [f"**{agree:,} of {total:,} beats agree ({agree / total:.1%}).**"]
    if isinstance(case.item, Signal):
        missed = missed_beats(case.item, case.beats.inputs.r_peaks, classes)
        extra = len(reference) - total
        lines.append(
            f"{missed:,} reference beats have no beat found within {MATCH_SECONDS * 1000:.0f} ms; "
            f"{extra:,} beats found have no reference of these classes there."
        )
    st.markdown(" ".join(lines))
    st.dataframe(
        confusion(reference[known], case.reading.labels[known], classes),
        column_config={"_index": st.column_config.TextColumn("Reference", width="medium")},
        width="content",
        key="ecg_confusion",
        alt="Reference classes against classes read.",
    )


def confusion(
    reference: npt.NDArray[np.int64], read: npt.NDArray[np.int64], classes: tuple[ClassCard, ...]
) -> pd.DataFrame:
    """Count how each reference class was read.

    Parameters
    ----------
    reference, read : ndarray, int64, shape (n,)
        Class indices.
    classes : tuple of ClassCard

    Returns
    -------
    DataFrame
        One row for each reference class that occurs; columns are the classes
        read, then how many of the row were read right.
    """
    k = len(classes)
    counts = np.bincount(reference * k + read, minlength=k * k).reshape(k, k)
    rows = [i for i in range(k) if counts[i].sum()]
    table = pd.DataFrame(
        counts[rows],
        index=[f"{classes[i].letter} {classes[i].title}" for i in rows],
        columns=[f"read as {entry.letter}" for entry in classes],
    )
    table["right"] = [f"{counts[i, i] / counts[i].sum():.1%}" for i in rows]
    return table


def missed_beats(
    signal: Signal, peaks: npt.NDArray[np.int64], classes: tuple[ClassCard, ...]
) -> int:
    """Count reference beats of the task's classes near which no beat was found.

    Parameters
    ----------
    signal : Signal
    peaks : ndarray, int64, shape (n,)
        Beats found, increasing sample indices.
    classes : tuple of ClassCard
    """
    if signal.annotations is None:
        return 0
    names = {entry.name for entry in classes}
    wanted = np.array(
        [CLASS_OF_SYMBOL.get(symbol) in names for symbol in signal.annotations.symbols], dtype=bool
    )
    at = signal.annotations.samples[wanted]
    if not len(peaks):
        return len(at)
    after = np.clip(np.searchsorted(peaks, at), 0, len(peaks) - 1)
    nearest = np.minimum(np.abs(peaks[after] - at), np.abs(peaks[np.maximum(after - 1, 0)] - at))
    return int((nearest > MATCH_SECONDS * signal.rate).sum())
