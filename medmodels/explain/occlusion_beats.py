"""Occlusion of whole beats: each beat of the context replaced, its trace and its numbers.

As `occlusion_samples`, for a beat with all that the network is told of it. It
is the omission score of Kadar, Chrupala and Alishahi 2017, doi
10.1162/COLI_a_00300, with the usual beat in the place of the one left out, for
a recording without one of its beats would have other intervals.
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np

from medmodels.explain.arguments import Array, as_inputs
from medmodels.explain.contrast import Contrast
from medmodels.explain.hidden_parts import UNIT, HiddenParts
from medmodels.explain.masking import Progress
from medmodels.explain.saliency_map import SaliencyMap


def explain(
    network: keras.Model,
    x: Sequence[Array],
    class_index: int,
    *,
    beat: int,
    baseline: str = "usual",
    contrast: Contrast | None = None,
    progress: Progress | None = None,
) -> SaliencyMap:
    """Replace one beat after another, the explained one among them.

    The numbers beside the other beats stay, though in a real recording an
    interval belongs to two beats.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, T, K).
    x : sequence of ndarray, (T, L, leads) and (T, R)
        Windows and numbers of the beats around the chosen one.
    class_index : int
    beat : int
        The beat explained, 0 to T - 1.
    baseline : str
        What takes the place of the trace: "usual", "flat" or "noise"; see
        `hidden_parts.HiddenParts`. The numbers become the usual ones (0 where
        the beat stands alone).
    contrast : Contrast or None
        The beat that takes the explained one's place; the usual one if not given.
    progress : callable, optional
        Told the share that is done; what it raises stops the work.

    Returns
    -------
    SaliencyMap
        values (T, L, leads), signed, the same over each beat: by how much the
        class's log-odds fall when it is replaced. ``grid`` is the number of beats.

    Raises
    ------
    ValueError
        When there is no such class, beat or baseline.
    """
    hidden = HiddenParts(network, x, class_index, beat, baseline, contrast)
    beats = hidden.shape[0]
    numbers = as_inputs(network, x)[1].shape[2]
    others = 1 - np.eye(beats, dtype=np.float32)
    keep = np.broadcast_to(others[:, :, None, None], (beats, *hidden.shape))
    rhythm = np.broadcast_to(others[:, :, None], (beats, beats, numbers))
    drops = hidden.drops(keep, progress, rhythm=rhythm).astype(np.float32)
    return SaliencyMap(
        values=np.broadcast_to(drops[:, None, None], hidden.shape).copy(),
        grid=(beats,),
        signed=True,
        method="Occlusion of beats",
        class_index=class_index,
        unit=UNIT,
        baseline=hidden.words,
    )
