"""Keep a reading: every kind of file that it can be kept or sent as."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from medmodels.reading import Reading
from medmodels.reports.all_exports import exports_for, file_name
from medmodels.reports.exports import Export
from medmodels.ui.verdict import Jobs, collected
from medmodels.ui.withheld import is_withheld

# Rows of answers are enough to tell readings apart by; of a gene there are a million.
_ROWS = 1000


def show_keep(reading: Reading, jobs: Jobs) -> None:
    """Draw a button for each kind of file, and say what it holds.

    Parameters
    ----------
    reading : Reading
        As the page shows it.
    jobs : mapping
        Its maps that are being tested behind the page: a file holds what is done when it is
        asked for.
    """
    withheld = is_withheld(reading)
    with st.container(border=True, key="keep-reading"):
        st.subheader("Keep this reading", anchor=False)
        answer = "that there is no answer, and why" if withheld else "what this page says"
        st.caption(
            f"Made on this computer when you ask for it; it holds {answer}. **A report shows the "
            f"{_shown(reading)} itself**: keep it as you keep the original. Files are named by "
            "the input’s digest, never by a person’s or a file’s name."
        )
        for export in exports_for(reading):
            button, about = st.columns([2, 7], vertical_alignment="center")
            # Made when it is asked for: a reading grows while its maps are being tested, and a
            # file made before would be gone.
            button.download_button(
                export.title,
                partial(_make, export, reading, jobs, insist=not withheld),
                file_name=file_name(reading, export),
                mime=export.mime,
                key=f"keep-{export.key}-{_which(reading)}",
                icon=":material/download:",
                on_click="ignore",
                width="stretch",
            )
            about.caption(export.about)


def _make(export: Export, reading: Reading, jobs: Jobs, *, insist: bool) -> bytes:
    return export.make(collected(reading, jobs), made=datetime.now(UTC), insist=insist)


def _which(reading: Reading) -> str:
    """Tell readings apart, of one file's frames too, but not one before and after its tests.

    Buttons of another reading are other buttons: a press on one that is about to be drawn
    over gives the file of what was seen with it.
    """
    told = hashlib.sha256(reading.input_digest.encode())
    told.update(reading.logits[:_ROWS].tobytes())
    return told.hexdigest()[:12]


def _shown(reading: Reading) -> str:
    if reading.scan is not None:
        return "picture"
    return "ECG" if reading.beats is not None else "bases"
