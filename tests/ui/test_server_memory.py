"""Threads share a few heaps."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from medmodels.ui.server_memory import HEAPS, share_heaps

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other C libraries have no heaps")

# Twenty threads at once, each with something in a heap; the C library then lists its heaps.
_THREADS = """
import ctypes, threading
from medmodels.ui.server_memory import share_heaps
print(share_heaps(), flush=True)
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
together = threading.Barrier(21)
def work():
    held = [libc.malloc(5000) for _ in range(10)]
    together.wait()
    together.wait()
threads = [threading.Thread(target=work) for _ in range(20)]
for thread in threads: thread.start()
together.wait()
out = ctypes.c_void_p(libc.fdopen(1, b"w"))
libc.malloc_info(0, out)
libc.fflush(out)
together.wait()
"""


def heaps_of_twenty_threads(**more: str) -> tuple[str, int]:
    """What `share_heaps` returned in a new process, and how many heaps there were."""
    without = {key: value for key, value in os.environ.items() if key != "MALLOC_ARENA_MAX"}
    said = subprocess.run(
        [sys.executable, "-c", _THREADS], env=without | more, text=True, check=True,
        capture_output=True,
    ).stdout  # fmt: skip
    return said.split()[0], said.count("<heap nr=")


def test_twenty_threads_have_a_few_heaps():
    assert heaps_of_twenty_threads() == ("True", HEAPS)


def test_a_number_that_was_asked_for_stays():
    assert heaps_of_twenty_threads(MALLOC_ARENA_MAX="2") == ("False", 2)


def test_another_c_library_is_left_alone(monkeypatch):
    monkeypatch.delenv("MALLOC_ARENA_MAX", raising=False)
    monkeypatch.setattr("medmodels.ui.server_memory.ctypes.CDLL", lambda _: object())
    assert share_heaps() is False
