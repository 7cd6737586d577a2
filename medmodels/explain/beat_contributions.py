"""What made a beat's answer differ from that for the recording's usual beat.

A beat network reads more than the trace: intervals and measurements stand
beside it, and a premature beat is told by them first of all. So trace and
numbers are compared together, by integrated gradients (Sundararajan, Taly and
Yan 2017, arXiv 1703.01365), and their shares add up to the difference in logit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np
import numpy.typing as npt

from medmodels.explain.arguments import Array, as_inputs, check_target
from medmodels.explain.path_integral import integrate


@dataclass(frozen=True)
class BeatContributions:
    """Shares of one beat's logit, against the usual beat in its place.

    Parameters
    ----------
    trace : ndarray, float32, shape (n_samples, n_leads)
        Logits that each sample of the beat's window added (or took, below 0).
    rhythm : ndarray, float32, shape (n_rhythm,)
        The same for each number beside the trace, in the network's order.
    beat, class_index : int
        What was explained.
    completeness_error : float
        How far the sum of all shares is from the true difference, in logits.
    baseline : str
        What the beat was compared with, in words.
    """

    trace: npt.NDArray[np.float32]
    rhythm: npt.NDArray[np.float32]
    beat: int
    class_index: int
    completeness_error: float
    baseline: str = "this recording's usual beat in its place"


def contributions(
    network: keras.Model,
    x: Sequence[Array],
    class_index: int,
    *,
    beat: int,
    usual: Sequence[Array] | None = None,
    steps: int = 32,
) -> BeatContributions:
    """Replace one beat by the usual one, and share out what that changes.

    The beats around it stay as they are.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, T, K).
    x : sequence of ndarray, (T, L, leads) and (T, R)
        Windows and rhythm of the beats around the chosen one.
    class_index : int
    beat : int
        The beat explained, 0 to T - 1.
    usual : sequence of ndarray, (L, leads) and (R,), or None
        The usual beat; the median over the T beats if not given. Of a longer
        recording, better the median over all of it.
    steps : int
        Points on the path, at least 1.

    Raises
    ------
    ValueError
    """
    ends = as_inputs(network, x)
    check_target(network, class_index, beat, ends[0].shape[1])
    if usual is None:
        usual = [np.median(part[0], axis=0) for part in ends]
    starts = [part.copy() for part in ends]
    for start, replacement in zip(starts, usual, strict=True):
        start[0, beat] = replacement
    integral = integrate(network, starts, ends, class_index, beat, steps)
    trace, rhythm = (share[beat].astype(np.float32) for share in integral.shares)
    return BeatContributions(trace, rhythm, beat, class_index, integral.completeness_error)
