"""Which page reads which kind of input."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager


@dataclass(frozen=True)
class PageEntry:
    """One entry of the navigation.

    Parameters
    ----------
    file : str
        Below the folder of ``app.py``.
    title, icon : str
    """

    file: str
    title: str
    icon: str


HOME = PageEntry("pages/home.py", "Home", ":material/home:")
BY_KIND = {
    "scan": PageEntry("pages/scan.py", "Scan", ":material/radiology:"),
    "signal": PageEntry("pages/sequence.py", "Sequence", ":material/ecg_heart:"),
    "sequence": PageEntry("pages/sequence.py", "Sequence", ":material/genetics:"),
}
WORKLIST = PageEntry("pages/worklist.py", "Worklist", ":material/checklist:")
EXPLANATION = PageEntry("pages/explanation.py", "Explanation", ":material/troubleshoot:")
INSIDE = PageEntry("pages/inside.py", "Inside the network", ":material/hub:")
REPORT = PageEntry("pages/report.py", "Model report", ":material/lab_profile:")


def all_pages() -> tuple[PageEntry, ...]:
    """Every page once, in the order of the navigation; several kinds can share one."""
    found: dict[str, PageEntry] = {}
    for entry in (HOME, *BY_KIND.values(), WORKLIST, EXPLANATION, INSIDE, REPORT):
        found.setdefault(entry.file, entry)
    return tuple(found.values())


def open_front_door() -> None:
    """Let every page be run through ``app.py`` from the first request on; for the server.

    `enter_by_front_door` alone is not enough where two ask at once, as pages do that come back
    to a server that was started again: the second would be drawn without its frame.
    """
    PagesManager.uses_pages_directory = False


def enter_by_front_door() -> None:
    """Run the page again through ``app.py`` where Streamlit has left that out.

    A server whose first request is for a page's own address runs that file
    alone, as it did before ``st.navigation`` (Streamlit 1.67,
    ``PagesManager.uses_pages_directory``). Call it first in every page.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()
