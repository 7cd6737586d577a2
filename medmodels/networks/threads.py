"""How many threads a network's operations may use, and that others leave it the cores."""

from __future__ import annotations

import sys
from functools import cache
from typing import Final

#: Seconds for which a thread keeps the interpreter while others wait for it; Python's 5 ms are
#: a tenth of what a network takes for a batch, and it waits for them after each.
_TURN_S: Final = 0.0005


def use_threads(count: int) -> None:
    """Hold each operation to some threads; before anything has been computed.

    Parameters
    ----------
    count : int
        At least 1.

    Raises
    ------
    RuntimeError
        When something has.
    """
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(count)


def take_short_turns() -> None:
    """Let threads take turns ten times as often: for a process that keeps a network busy."""
    sys.setswitchinterval(_TURN_S)


@cache
def leave_cores_to_networks() -> None:
    """Hold NumPy's linear algebra to one thread; once in a process.

    What is computed of an answer takes it a millisecond. Its threads then wait for more
    while they keep the cores busy, and the network's next batch runs half as fast again.
    """
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="blas")
