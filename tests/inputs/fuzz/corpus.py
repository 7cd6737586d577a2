"""Runs recipes through workers that may hang or die, and gathers what they say."""

from __future__ import annotations

import json
import os
import queue
import selectors
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

#: Seconds of a core within which every file must be read or refused.
SECONDS = 5.0
# By the clock, on a machine that has other work as well; then the worker is killed.
_KILL_AFTER = 60.0
_ROOT = Path(__file__).resolve().parents[3]


class _Worker:
    """One process that is started again when it was lost."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def ask(self, recipe: str) -> dict[str, object]:
        process = self._process or self._start()
        assert process.stdin
        try:
            process.stdin.write(recipe + "\n")
            process.stdin.flush()
            line = self._line(process, _KILL_AFTER)
        except BrokenPipeError:
            line = ""
        if line:
            return dict(json.loads(line))
        hung = process.poll() is None and line is None
        self.close()
        word = "hangs" if hung else f"the process died ({process.returncode})"
        return {"recipe": recipe, "steps": "", "outcome": word, "seconds": _KILL_AFTER, "mb": 0.0}

    def _start(self) -> subprocess.Popen[str]:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.inputs.fuzz.worker"], cwd=_ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        if self._line(self._process, 120) != "ready\n":
            raise RuntimeError("a worker did not start")
        return self._process

    @staticmethod
    def _line(process: subprocess.Popen[str], seconds: float) -> str | None:
        """The next line; None when none came in time, empty at the end."""
        assert process.stdout
        with selectors.DefaultSelector() as waiting:
            waiting.register(process.stdout, selectors.EVENT_READ)
            return process.stdout.readline() if waiting.select(seconds) else None

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            assert self._process.stdin
            assert self._process.stdout
            self._process.stdin.close()
            self._process.stdout.close()
            self._process = None


def run_corpus(recipes: Sequence[str], workers: int | None = None) -> list[dict[str, object]]:
    """Open every recipe's file.

    Parameters
    ----------
    recipes : sequence of str
    workers : int, optional
        Processes; two, or one where there is one core.

    Returns
    -------
    list of dict
        As `tests.inputs.fuzz.worker.judge` returns them, in no particular order.
    """
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    for recipe in recipes:
        waiting.put(recipe)
    answers: list[dict[str, object]] = []
    faults: list[BaseException] = []

    def work() -> None:
        worker = _Worker()
        try:
            while True:
                try:
                    recipe = waiting.get_nowait()
                except queue.Empty:
                    return
                answers.append(worker.ask(recipe))
        except BaseException as error:
            faults.append(error)
        finally:
            worker.close()

    count = workers or min(2, os.cpu_count() or 1)
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return answers
