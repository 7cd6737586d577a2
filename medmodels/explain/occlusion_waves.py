"""Occlusion of whole waves: P, QRS, ST and T, each replaced by that of another beat.

As `occlusion_samples`, in the pieces that a clinician reads an ECG in.
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np

from medmodels.explain.arguments import Array, as_inputs
from medmodels.explain.beat_waves import WAVES, Doubles, tapered, usual_offsets, waves_of_beats
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
    taper_s: float = 0.02,
    offsets_s: Doubles | None = None,
    rr_s: Doubles | None = None,
    baseline: str = "usual",
    contrast: Contrast | None = None,
    progress: Progress | None = None,
) -> SaliencyMap:
    """Hide one wave after another, of the beat and of the beats beside it.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, T, K).
    x : sequence of ndarray, (T, L, leads) and (T, R)
        Windows and numbers of the beats around the chosen one.
    class_index : int
    beat : int
        The beat explained, 0 to T - 1.
    taper_s : float
        Over how long the trace goes over into what hides it, seconds.
    offsets_s : ndarray, shape (L,), or None
        Time of each sample of a window; see `beat_waves.usual_offsets` if not given.
    rr_s : ndarray, shape (T,), or None
        Seconds from each beat to the one before it; a usual rate if not given.
    baseline : str
        "usual", "flat" or "noise"; see `hidden_parts.HiddenParts`.
    contrast : Contrast or None
        The beat whose waves take the place of this beat's; the usual one if
        not given.
    progress : callable, optional
        Told the share that is done; what it raises stops the work.

    Returns
    -------
    SaliencyMap
        values (T, L, leads), signed, the same over each wave (as
        `beat_waves.waves_of_beats` limits it): by how much the class's
        log-odds fall when the wave is hidden; 0 between waves and in beats
        further away. ``grid`` is beats, waves in each, leads.

    Raises
    ------
    ValueError
        When there is no such class, beat or baseline.
    """
    hidden = HiddenParts(network, x, class_index, beat, baseline, contrast)
    beats, samples, leads = hidden.shape
    offsets = usual_offsets(samples) if offsets_s is None else np.asarray(offsets_s)
    near = beats_beside(beat, beats)
    windows = as_inputs(network, x)[0][0]
    waves = [
        (place, wave)
        for place, of_beat in enumerate(waves_of_beats(windows, offsets, rr_s))
        if place in near
        for wave in of_beat
    ]
    drops = hidden.of_stretches(
        [(place, tapered(offsets, wave.first, wave.last, taper_s)) for place, wave in waves],
        progress,
    )
    values = np.zeros(hidden.shape, np.float32)
    for (place, wave), drop in zip(waves, drops, strict=True):
        values[place, wave.first : wave.last] = drop
    return SaliencyMap(
        values=values,
        grid=(len(near), len(WAVES), leads),
        signed=True,
        method="Occlusion of waves",
        class_index=class_index,
        unit=UNIT,
        baseline=hidden.words,
    )
