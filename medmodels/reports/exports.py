"""The files that a reading can be kept or sent as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from medmodels.reading import Reading


class Make(Protocol):
    """Makes a file from a reading."""

    def __call__(self, reading: Reading, *, made: datetime, insist: bool = False) -> bytes:
        """The file's content; the same bytes whenever all three are the same."""


@dataclass(frozen=True)
class Export:
    """One kind of file.

    Parameters
    ----------
    key : str
        "pdf", "html", "json", ...; what the command line calls it.
    title, about : str
        For the button, and the sentence beside it.
    ending, mime : str
    fits : callable
        Whether a reading can be kept as this.
    make : callable
        ``insist`` shows the answer of a reading that would be withheld, with
        the reasons against it. ``made`` has a time zone.
    """

    key: str
    title: str
    about: str
    ending: str
    mime: str
    fits: Callable[[Reading], bool]
    make: Make
