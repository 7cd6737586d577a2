"""How many threads a network's operations may use."""

from __future__ import annotations


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
