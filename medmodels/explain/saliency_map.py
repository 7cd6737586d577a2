"""What every explanation method returns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from medmodels.explain.place import Place


@dataclass(frozen=True)
class SaliencyMap:
    """Saliency on the method's own, absolute scale.

    Nothing is divided by the map's own maximum: noise must not look as hot as
    signal. Scaling for display belongs to ``figures``.

    Parameters
    ----------
    values : ndarray, float32
        At input size: (H, W) for a scan; (n_bases,) for a sequence; (n_beats,
        n_samples, n_leads) for the beat windows of a signal.
    grid : tuple of int
        The size it was computed at, before any enlargement ((10, 10) for a
        Grad-CAM of a 10x10 last convolution).
    signed : bool
        Whether negative values mean evidence against the class.
    method : str
        The method's name as shown ("Grad-CAM").
    class_index : int
        The class explained.
    unit : str
        What a value of 1 means ("logit", "logit per mV", ...).
    completeness_error : float or None
        For methods that promise that the values sum to the difference of the
        logit to its baseline: how far off that sum is, in logits.
    baseline : str or None
        For methods that compare the input with another: that other, in words
        ("the same scan, blurred").
    context : ndarray, float32, shape (n_beats, n_numbers), or None
        For methods that explain the numbers beside a signal, too: their
        values, in the map's unit.
    place : Place or None
        The part of a scan that the grid covers; None for all of it.
    """

    values: npt.NDArray[np.float32]
    grid: tuple[int, ...]
    signed: bool
    method: str
    class_index: int
    unit: str
    completeness_error: float | None = None
    baseline: str | None = None
    context: npt.NDArray[np.float32] | None = None
    place: Place | None = None
