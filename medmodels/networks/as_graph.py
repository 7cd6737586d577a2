"""Functions as TensorFlow graphs, traced as they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf


def as_graph(function: Callable[..., Any] | None = None, **settings: Any) -> Any:
    """Compile a function, as ``tf.function`` does, without AutoGraph.

    AutoGraph writes a rewritten copy of each function into the folder for temporary
    files and leaves it there: a server that reads would write to the disk, and meet a
    full one. It rewrites loops and branches over tensors; ours are over layers and members.

    Parameters
    ----------
    function : callable, optional
        Without it a decorator is returned.
    **settings
        Of ``tf.function``.
    """
    return tf.function(function, autograph=False, **settings)
