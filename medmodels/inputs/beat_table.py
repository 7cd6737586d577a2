"""The widespread layout of one beat per row (Kachuee et al. 2018)."""

from __future__ import annotations

import numpy as np

from medmodels.inputs.csv_layout import Layout
from medmodels.inputs.csv_values import read_values
from medmodels.inputs.errors import InputError
from medmodels.inputs.understanding import Column, RawBeats, Understanding

#: Samples of one beat: 1.5 s at 125 Hz.
SAMPLES = 187
RATE = 125.0
_CLASSES = 5


def is_beat_table(layout: Layout) -> bool:
    """Whether a table is 187 samples wide, or 188 with a label.

    Parameters
    ----------
    layout : Layout

    Returns
    -------
    bool
    """
    numeric = all(kind in ("number", "missing") for kind in layout.kinds)
    return numeric and len(layout.kinds) in (SAMPLES, SAMPLES + 1)


def understand_beats(text: bytes, layout: Layout, digest: str) -> Understanding:
    """Read a table of single beats.

    Parameters
    ----------
    text : bytes
        As `clean_text` returns.
    layout : Layout
    digest : str
        SHA-256 of the source.

    Returns
    -------
    Understanding
        Of kind "beat-table", at 125 Hz.

    Raises
    ------
    InputError
        Ragged rows, missing values, or labels other than 0 to 4.
    """
    width = len(layout.kinds)
    table = read_values(text, layout, list(range(width)), None)
    beats, labels = table.values[:, :SAMPLES], None
    if np.isnan(table.values).any():
        raise InputError(
            "a table of single beats with missing values.",
            f"{SAMPLES} numbers for each beat.",
            "Remove the rows with missing values.",
        )
    if width > SAMPLES:
        column = table.values[:, SAMPLES]
        if not np.isin(column, np.arange(_CLASSES)).all():
            raise InputError(
                f"a last column that holds something else than labels 0 to {_CLASSES - 1}.",
                f"{SAMPLES} samples for each beat and, if any, a label (N, S, V, F, Q as 0 to 4).",
                "Export the beats again, or leave the last column out.",
            )
        labels = column.astype(np.int64)
    if not np.ptp(beats, axis=1).any():
        raise InputError(
            "beats that never change: every row is a flat line.",
            "a heartbeat in each row.",
            "Check that the right columns were exported.",
        )
    labelled = "with labels" if labels is not None else "without labels"
    count = len(beats)
    notes = ["Single beats without their order in time: rhythm cannot be read from them."]
    if table.cut:
        notes.append("The last line was cut short and is left out.")
    columns = [Column(f"sample {i + 1}", "ignored") for i in range(SAMPLES)]
    if labels is not None:
        columns.append(Column("label", "ignored"))
    return Understanding(
        kind="beat-table",
        source=f"table of single beats, {count:,} rows",
        digest=digest,
        columns=tuple(columns),
        samples=count,
        rate=RATE,
        rate_source="usual for this layout (Kachuee et al. 2018)",
        delimiter=layout.delimiter,
        decimal_mark=layout.decimal,
        header=layout.header,
        sentence=f"{count:,} single beat{'s' * (count != 1)} of {SAMPLES} samples "
        f"at {RATE:g} Hz, {labelled}",
        notes=tuple(notes),
        content=RawBeats(np.ascontiguousarray(beats), labels),
    )
