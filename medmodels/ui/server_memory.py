"""Keep the server's memory from being spread over the heaps of threads that are gone."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress
from typing import Final

# malloc.h of the GNU C library.
_M_ARENA_MAX: Final = -8
#: Heaps for all threads together.
HEAPS: Final = 4


def share_heaps() -> bool:
    """Let all threads share a few heaps; call before there are many threads.

    The GNU C library gives new threads heaps of their own, up to eight for each core.
    Every run of a page is a new thread: what one frees, those with other heaps cannot
    use, and the server grows with its visitors for some time. ``MALLOC_ARENA_MAX``, where
    it is set, stays as it is.

    Returns
    -------
    bool
        Whether it was done: false with other C libraries.
    """
    if sys.platform != "linux" or "MALLOC_ARENA_MAX" in os.environ:
        return False
    with suppress(OSError, AttributeError):
        return bool(ctypes.CDLL(None).mallopt(_M_ARENA_MAX, HEAPS))
    return False
