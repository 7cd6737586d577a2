"""What a beat is compared with: another beat, for which the answer would have been another.

A flat line is no beat: a network that reads timing and measurements beside the
trace gives it much the same answer. "Why this class?" needs "rather than which?"
(Miller 2019, doi 10.1016/j.artint.2018.07.007, section 2.3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from medmodels.explain.arguments import Array, beats_among
from medmodels.explain.faithfulness import Score
from medmodels.explain.masking import BeatMasking

USUAL = "the usual beat around it"


@dataclass(frozen=True)
class Contrast:
    """Another beat, to stand in a beat's place.

    Parameters
    ----------
    window : ndarray, float32, shape (L, leads)
    numbers : ndarray, float32, shape (R,)
    words : str
        What it is.
    """

    window: Array
    numbers: Array
    words: str


def usual_contrast(x: Sequence[Array]) -> Contrast:
    """The usual beat among the beats given, (T, L, leads) and (T, R): the median of each."""
    held = beats_among(x)
    window, numbers = (np.median(part[held], axis=0).astype(np.float32) for part in x)
    return Contrast(window, numbers, USUAL)


def typical_contrasts(
    reference: Mapping[str, npt.NDArray[Any]], titles: Sequence[str]
) -> dict[int, Contrast]:
    """Typical beats of the classes, from a bundle's ``reference.npz``; none where it has none.

    Parameters
    ----------
    reference : mapping of ndarray
        ``typical/windows`` (K, L, leads) and ``typical/rhythm`` (K, R), NaN
        for a class without enough examples.
    titles : sequence of str
        Of the classes.
    """
    if "typical/windows" not in reference:
        return {}
    windows = reference["typical/windows"].astype(np.float32)
    numbers = reference["typical/rhythm"].astype(np.float32)
    return {
        k: Contrast(windows[k], numbers[k], f"a typical beat of the class “{title.lower()}”")
        for k, title in enumerate(titles)
        if np.isfinite(windows[k]).all()
    }


def masked_beat(
    network: keras.Model, x: Sequence[Array], beat: int, contrast: Contrast
) -> BeatMasking:
    """The beats given, with a contrast for the place of one of them (T as in ``x``)."""
    windows, numbers = x
    baseline, rows = windows.copy(), numbers.copy()
    baseline[beat], rows[beat] = contrast.window, contrast.numbers
    return BeatMasking(network, x, beat, baseline, rows)


def choose_contrasts(
    network: keras.Model,
    x: Sequence[Array],
    beat: int,
    score: Score,
    others: Sequence[int],
    typical: Mapping[int, Contrast],
) -> tuple[Contrast, ...]:
    """Choose what a beat is compared with: two other beats, where there are two.

    First this heart's own usual beat where it would have been read otherwise,
    for it differs from the beat in nothing but what matters; where it would
    not, a typical beat of the likeliest other class. Then a typical beat of
    the class after that, so that no map is judged by its own comparison alone.

    Parameters
    ----------
    network : keras.Model
    x : sequence of ndarray, (T, L, leads) and (T, R)
    beat : int
    score : callable
        Log-odds of the class explained, see `log_odds_of`.
    others : sequence of int
        The other classes, the likeliest first.
    typical : mapping
        See `typical_contrasts`.

    Returns
    -------
    tuple of Contrast
        One or two.
    """
    usual = usual_contrast(x)
    known = [typical[k] for k in others if k in typical]
    if not known:
        return (usual,)
    nothing = np.zeros((1, *x[0].shape), np.float32)
    numbers = np.zeros((1, *x[1].shape), np.float32)
    logits = masked_beat(network, x, beat, usual).logits(nothing, rhythm=numbers)
    first = usual if float(score(logits)[0]) < 0 else known[0]
    return (first, *known[1:2])
