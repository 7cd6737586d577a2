"""Which page reads which kind of input."""

from __future__ import annotations

from dataclasses import dataclass


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
}
