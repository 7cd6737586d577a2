"""Answers come first: maps stand aside for them, and tests of maps for whatever is drawn."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

#: Seconds for which a map stands aside before it is made, and a test of one between two of
#: its steps, at most: it goes on slowly where somebody always waits.
_MOST_S: Final = 1.5


class AnswersFirst:
    """Who waits for an answer, all visitors together."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._drawings = self._readings = 0

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Tell that somebody waits for the page that is drawn inside."""
        with self._counted(drawings=1):
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Tell that somebody waits for the answer that a network gives inside."""
        with self._counted(readings=1):
            yield

    @contextmanager
    def _counted(self, *, drawings: int = 0, readings: int = 0) -> Iterator[None]:
        self._count(drawings, readings)
        try:
            yield
        finally:
            self._count(-drawings, -readings)

    def _count(self, drawings: int, readings: int) -> None:
        with self._changed:
            self._drawings += drawings
            self._readings += readings
            self._changed.notify_all()

    def stand_aside(self, most_s: float = _MOST_S, *, for_pages: bool = True) -> bool:
        """Wait until nobody waits.

        Parameters
        ----------
        most_s : float
            Seconds, after which it goes on all the same.
        for_pages : bool
            False: for answers only. What is made for a page that is being drawn would
            else wait for itself.

        Returns
        -------
        bool
            Whether nobody waits.
        """
        with self._changed:
            return self._changed.wait_for(
                lambda: self._readings == 0 and not (for_pages and self._drawings), most_s
            )


ANSWERS: Final = AnswersFirst()
