"""Answers come first: tests behind the pages stand aside while somebody waits for one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

#: Seconds for which a test stands aside between two of its steps, at most: it goes on
#: slowly where somebody always waits.
_MOST_S: Final = 1.5


class AnswersFirst:
    """Who waits for an answer, all visitors together."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting = 0

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Tell that somebody waits for what is done inside."""
        with self._changed:
            self._waiting += 1
        try:
            yield
        finally:
            with self._changed:
                self._waiting -= 1
                self._changed.notify_all()

    def stand_aside(self, most_s: float = _MOST_S) -> bool:
        """Wait until nobody waits for an answer.

        Parameters
        ----------
        most_s : float
            Seconds, after which it goes on all the same.

        Returns
        -------
        bool
            Whether nobody waits.
        """
        with self._changed:
            return self._changed.wait_for(lambda: self._waiting == 0, most_s)


ANSWERS: Final = AnswersFirst()
