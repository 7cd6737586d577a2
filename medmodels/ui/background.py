"""Work that goes on behind the page: started once, watched, stopped, its result kept.

A Streamlit run ends with the visitor's next click; a thread does not. The work
must not touch Streamlit: it is told nothing of sessions and draws nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from medmodels.ui.answers_first import ANSWERS

T = TypeVar("T")
Progress = Callable[[float], None]
# Seconds between two looks at whether a job that waits was stopped.
_PATIENCE_S = 0.5


class Stopped(Exception):  # noqa: N818 - no error: somebody asked for it
    """Raised inside the work when it is to end."""


class Job(Generic[T]):
    """One piece of work in a thread of its own.

    Parameters
    ----------
    work : callable
        Given a function to tell the share that is done, which raises `Stopped`
        once the job is stopped; returns the result.
    turn : Semaphore, optional
        Held while the work goes on: as many such jobs go on at once as it lets through,
        whoever's they are; the others wait. At every sign of life they stand aside for
        whoever waits for an answer.
    """

    def __init__(
        self, work: Callable[[Progress], T], *, turn: threading.Semaphore | None = None
    ) -> None:
        self._work, self._turn = work, turn
        self.waits = turn is not None
        self._stop = threading.Event()
        self._start = time.monotonic()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.share = 0.0
        self.result: T | None = None
        self.failed = False
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether there is neither a result nor an end yet."""
        return self._thread.is_alive()

    @property
    def stopped(self) -> bool:
        """Whether somebody stopped it before it was done."""
        return self._stop.is_set() and self.result is None

    @property
    def seconds_left(self) -> float | None:
        """Estimate from the pace so far; None while there is none."""
        if self.share < 0.05:
            return None
        return (time.monotonic() - self._start) * (1 - self.share) / self.share

    def stop(self) -> None:
        """End the work at its next sign of life."""
        self._stop.set()

    def wait(self, seconds: float | None = None) -> None:
        """Wait for the end."""
        self._thread.join(seconds)

    def _run(self) -> None:
        try:
            if self._turn is None:
                self.result = self._work(self._report)
            else:
                self._take_turn(self._turn)
        except Stopped:
            pass
        except Exception as error:
            # Nothing of the input may reach a log: the kind of failure is enough.
            logging.getLogger(__name__).error(
                "work behind the page failed: %s", type(error).__name__
            )
            self.failed = True

    def _take_turn(self, turn: threading.Semaphore) -> None:
        while not turn.acquire(timeout=_PATIENCE_S):
            # Sooner or later it is stopped, or its turn.
            self._report(0.0)
        try:
            self.waits = False
            self._report(0.0)
            self._start = time.monotonic()
            self.result = self._work(self._report)
        finally:
            turn.release()

    def _report(self, share: float) -> None:
        if self._turn is not None and not self.waits:
            ANSWERS.stand_aside()
        if self._stop.is_set():
            raise Stopped
        self.share = share
