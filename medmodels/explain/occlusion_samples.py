"""Occlusion of short stretches of a beat's trace.

Zeiler and Fergus 2014, "Visualizing and understanding convolutional networks",
arXiv 1311.2901, section 4.2, for a trace in place of an image: a stretch is
hidden, and the answer asked for again. What hides it is another beat's trace,
not zeros, which no network has seen in the middle of a beat.
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np

from medmodels.explain.arguments import Array
from medmodels.explain.beat_waves import Doubles, tapered, usual_offsets
from medmodels.explain.contrast import Contrast
from medmodels.explain.hidden_parts import UNIT, HiddenParts, beats_beside
from medmodels.explain.masking import Progress
from medmodels.explain.saliency_map import SaliencyMap


def explain(
    network: keras.Model,
    x: Sequence[Array],
    class_index: int,
    *,
    beat: int,
    stretch_s: float = 0.04,
    step_s: float = 0.02,
    taper_s: float = 0.02,
    offsets_s: Doubles | None = None,
    baseline: str = "usual",
    contrast: Contrast | None = None,
    progress: Progress | None = None,
) -> SaliencyMap:
    """Hide one short stretch after another, in the beat's window and its neighbours'.

    A moment that lies in two windows is hidden in one at a time; drawn on one
    time axis, what both take is added.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, T, K).
    x : sequence of ndarray, (T, L, leads) and (T, R)
        Windows and numbers of the beats around the chosen one.
    class_index : int
    beat : int
        The beat explained, 0 to T - 1.
    stretch_s, step_s : float
        Length of a stretch, and from one to the next, seconds; at least a sample each.
    taper_s : float
        Over how long the trace goes over into what hides it, seconds.
    offsets_s : ndarray, shape (L,), or None
        Time of each sample of a window; see `beat_waves.usual_offsets` if not given.
    baseline : str
        "usual", "flat" or "noise"; see `hidden_parts.HiddenParts`.
    contrast : Contrast or None
        The beat whose trace hides this beat's; the usual one if not given.
    progress : callable, optional
        Told the share that is done; what it raises stops the work.

    Returns
    -------
    SaliencyMap
        values (T, L, leads), signed: by how much the class's log-odds fall
        when the stretch around a sample is hidden, averaged over the stretches
        that cover it; 0 in beats further away. ``grid`` is windows, stretches
        in each, leads.

    Raises
    ------
    ValueError
        When a length is not above 0, or no such class, beat or baseline.
    """
    if stretch_s <= 0 or step_s <= 0 or taper_s < 0:
        raise ValueError("a stretch and a step must be longer than nothing")
    hidden = HiddenParts(network, x, class_index, beat, baseline, contrast)
    beats, samples, leads = hidden.shape
    offsets = usual_offsets(samples) if offsets_s is None else np.asarray(offsets_s)
    rate = 1 / float(offsets[1] - offsets[0])
    length = min(max(1, round(stretch_s * rate)), samples)
    step = min(max(1, round(step_s * rate)), length)
    # The last stretch ends with the window, whatever the step.
    starts = [*range(0, samples - length, step), samples - length]
    near = beats_beside(beat, beats)
    stretches = [
        (place, tapered(offsets, start, start + length, taper_s))
        for place in near
        for start in starts
    ]
    drops = hidden.of_stretches(stretches, progress).reshape(len(near), len(starts), leads)
    values, covered = np.zeros(hidden.shape), np.zeros((samples, 1))
    for row, start in enumerate(starts):
        values[near.start : near.stop, start : start + length] += drops[:, row, None]
        covered[start : start + length] += 1
    return SaliencyMap(
        values=(values / covered).astype(np.float32),
        grid=(len(near), len(starts), leads),
        signed=True,
        method="Occlusion of samples",
        class_index=class_index,
        unit=UNIT,
        baseline=hidden.words,
    )
