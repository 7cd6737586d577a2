"""What the answer becomes when somebody hides parts of a scan by hand.

The network is asked through `medmodels.explain.masking`, as the audit asks it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from medmodels.explain.baselines import scan_baseline

if TYPE_CHECKING:
    import keras

    from medmodels.explain.arguments import Array
    from medmodels.explain.masking import ScanMasking

# What a visitor can put in the place of a part, by the name of its baseline.
SCAN_PUTS = {"blurred": "blurred", "mean": "even grey"}


@dataclass(frozen=True, eq=False)
class Hidden:
    """One part of an input that somebody hid.

    Parameters
    ----------
    what, where : str
        In words: "Box"; "20 to 45% from the left, 30 to 60% from the top".
    put : str
        Name of the baseline that takes its place.
    mask : ndarray, float32, 0 to 1
        Of the masking's shape: how much of each number is replaced.
    numbers : ndarray, bool, shape (T, R), optional
        For the beats of a signal: which of the numbers beside the trace are
        replaced by the recording's usual ones.
    """

    what: str
    where: str
    put: str
    mask: npt.NDArray[np.float32]
    numbers: npt.NDArray[np.bool_] | None = None


@dataclass(frozen=True, eq=False)
class Attempt:
    """An input with parts hidden, and the network's answer to it.

    Parameters
    ----------
    parts : tuple of Hidden
        All that is hidden, the last one hidden last; empty for the input as it came.
    logits : ndarray, float32, shape (K,)
    share : float
        Share of the input that is hidden, 0 to 1.
    """

    parts: tuple[Hidden, ...]
    logits: npt.NDArray[np.float32]
    share: float


class ScanWhatIf:
    """A scan that somebody hides parts of.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, one input (N, H, W, C), logits (N, K).
    scan : ndarray, float32, shape (H, W, C)
        As the network is given it, 0 to 1.
    """

    def __init__(self, network: keras.Model, scan: Array) -> None:
        self._network, self._scan = network, scan
        self.shape = scan.shape[0], scan.shape[1]

    def masking(self, put: str) -> ScanMasking:
        """The scan, with one baseline for the place of any part.

        Parameters
        ----------
        put : str
            One of `baselines.SCAN_BASELINES`.
        """
        from medmodels.explain.masking import ScanMasking  # brings TensorFlow

        return ScanMasking(self._network, self._scan, scan_baseline(self._scan[np.newaxis], put)[0])

    def logits(self, parts: Sequence[Hidden]) -> Array:
        """The network's answer with parts hidden, shape (K,)."""
        from medmodels.explain.masking import ScanMasking  # brings TensorFlow

        masking = ScanMasking(self._network, self._scan, changed_scan(self._scan, parts))
        return masking.logits(np.where(covered(parts, self.shape) > 0, 0, 1)[np.newaxis])[0]

    def attempt(self, parts: Sequence[Hidden]) -> Attempt:
        """Hide parts and ask."""
        share = float(covered(parts, self.shape).mean())
        return Attempt(tuple(parts), self.logits(parts), share)


def changed_scan(scan: Array, parts: Sequence[Hidden]) -> Array:
    """A scan with parts hidden, as the network is given it.

    Each part is replaced by its baseline, which is made of the scan as it
    came, whatever else is hidden.

    Parameters
    ----------
    scan : ndarray, float32, shape (H, W, C)
    parts : sequence of Hidden

    Returns
    -------
    ndarray, float32, shape (H, W, C)
    """
    changed = scan
    for part in parts:
        put = scan_baseline(scan[np.newaxis], part.put)[0][0]
        changed = changed + part.mask[..., np.newaxis] * (put - changed)
    return changed


def covered(parts: Sequence[Hidden], shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
    """How much of each number is replaced by all parts together, 0 to 1."""
    left = np.ones(shape, dtype=np.float32)
    for part in parts:
        left = left * (1 - part.mask)
    return np.asarray(1 - left, dtype=np.float32)
