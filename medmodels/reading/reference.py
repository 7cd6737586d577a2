"""Reference beats that came with a signal, matched to the detected ones."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from medmodels.inputs.aami import CLASS_OF_SYMBOL
from medmodels.inputs.signal import Signal

# A reference beat and a detected one are the same within this (AAMI EC57).
MATCH_SECONDS = 0.15


def reference_classes(
    signal: Signal, peaks: npt.NDArray[np.int64], classes: tuple[str, ...]
) -> npt.NDArray[np.int64] | None:
    """Class of the annotated beat at each detected one.

    Parameters
    ----------
    signal : Signal
    peaks : ndarray, int64, shape (n,)
        Detected R peaks, sample indices.
    classes : tuple of str
        The task's class names.

    Returns
    -------
    ndarray, int64, shape (n,), or None
        -1 where no reference beat lies within 150 ms or its class is none of
        the task's; None when the signal has no annotations.
    """
    if signal.annotations is None or not len(signal.annotations.samples):
        return None
    codes = np.array(
        [
            classes.index(name) if (name := CLASS_OF_SYMBOL.get(symbol)) in classes else -1
            for symbol in signal.annotations.symbols
        ]
    )
    known = signal.annotations.samples
    after = np.clip(np.searchsorted(known, peaks), 0, len(known) - 1)
    before = np.maximum(after - 1, 0)
    closer = np.abs(known[before] - peaks) <= np.abs(known[after] - peaks)
    nearest = np.where(closer, before, after)
    near = np.abs(known[nearest] - peaks) <= MATCH_SECONDS * signal.rate
    return np.where(near, codes[nearest], -1)
