"""Recipes for the blood cells' network, and how one is trained.

Two last runs that begin at the same weights end in the same wide valley, and
the mean of their weights is as good as either or better ("model soups",
Wortsman et al. 2022, arXiv 2203.05482).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt

from medmodels.networks.cnn import fold, lite_cnn
from medmodels.training.cell_augmentation import CellAugmentation
from medmodels.training.cell_fitting import fit
from medmodels.training.cell_images import CLASSES, load_cells
from medmodels.training.image_fitting import Log, Schedule
from medmodels.training.lite_recipe import LiteRecipe, build_lite
from medmodels.training.stain import StainJitter

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Candidate(LiteRecipe):
    """One recipe for the network.

    Parameters
    ----------
    then : tuple of Schedule
        Further runs, one after the other, on the network with its normalisation
        folded: a gentler one, for a network that strong changes still keep from
        fitting, or one with regions hidden.
    apart : tuple of Schedule
        Last runs, which all begin where those before end; the network is the
        mean of their weights.
    """

    size: int = 128
    then: tuple[Schedule, ...] = ()
    apart: tuple[Schedule, ...] = ()


_SHORT = Schedule(
    steps=1200, averaging=0.995, balanced=False, augmentation=CellAugmentation(), seed=1
)
_GEOMETRY = CellAugmentation(stain=None, blurred=0.0, sharpness=0.0, noise=0.0, compressed=0.0)
_LONG = replace(_SHORT, steps=5000, averaging=0.998)
_GENTLE = CellAugmentation(
    turned=0.4, shift=0.05, zoom=0.08, stain=StainJitter(amount=0.25, tilt=0.08, tint=0.03),
    blurred=0.15, sharpness=0.5, noise=0.02, compressed=0.2, erased=0.0,
)  # fmt: skip
_REFINED = Schedule(
    steps=1800, rate=2e-4, smoothing=0.05, averaging=0.998, balanced=False, augmentation=_GENTLE,
    seed=2,
)  # fmt: skip
_HIDDEN = Schedule(
    steps=3600, rate=4e-4, smoothing=0.05, averaging=0.998, balanced=False,
    augmentation=CellAugmentation(
        turned=0.4, shift=0.05, zoom=0.1, stain=StainJitter(amount=0.33, tilt=0.1, tint=0.04),
        blurred=0.2, sharpness=0.5, noise=0.02, compressed=0.25, erased=0.0, hidden=0.5,
    ),
    seed=3,
)  # fmt: skip
_EMPTIED = replace(_REFINED, steps=900, rate=1e-4, averaging=0.995, seed=4, emptied=0.15)
_EMPTIED_LONG = replace(_EMPTIED, steps=2100, rate=3e-4, averaging=0.998, seed=5)
CANDIDATES: dict[str, Candidate] = {
    "turned only": Candidate(schedule=replace(_SHORT, augmentation=_GEOMETRY)),
    "stain": Candidate(schedule=_SHORT),
    "stain, balanced": Candidate(schedule=replace(_SHORT, balanced=True)),
    "stain, 160 px": Candidate(
        size=160, schedule=replace(_SHORT, augmentation=CellAugmentation(size=160))
    ),
    "stain, long": Candidate(schedule=_LONG),
    "stain, long, refined": Candidate(schedule=_LONG, then=(_REFINED,)),
    "stain, long, refined, emptied": Candidate(schedule=_LONG, then=(_REFINED, _EMPTIED)),
    "stain, long, refined, emptied long": Candidate(schedule=_LONG, then=(_REFINED, _EMPTIED_LONG)),
    "stain, long, refined, emptied twice": Candidate(
        schedule=_LONG, then=(_REFINED,), apart=(_EMPTIED, _EMPTIED_LONG)
    ),
    "stain, long, refined, hidden": Candidate(schedule=_LONG, then=(_REFINED, _HIDDEN)),
}


def build(candidate: Candidate) -> keras.Model:
    """Build a candidate's network with its starting weights."""
    return build_lite(candidate, len(CLASSES), channels=3)


def fit_candidate(
    candidate: Candidate,
    data: Path,
    log: Log,
    limit: int | None = None,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    begun: keras.Model | None = None,
) -> keras.Model:
    """Train a candidate's network, fold its normalisation, and fit it further where it is to be.

    Parameters
    ----------
    candidate : Candidate
    data : Path
        Holds ``blood-cells``.
    log : callable
    limit : int, optional
        Train on this many pictures only.
    callbacks : sequence of keras.callbacks.Callback
    begun : keras.Model, optional
        What all runs made but the last, or but those apart.

    Returns
    -------
    keras.Model
        Ready to be written.
    """
    train = load_cells(data, "train", limit)
    if begun is None:
        network = build(candidate)
        fit(network, train, candidate.schedule, log, callbacks)
        network, further = fold(network), candidate.then
    else:
        network, further = begun, () if candidate.apart else candidate.then[-1:]

    def fitted_further(schedule: Schedule) -> list[Array]:
        log(f"a further run of {schedule.steps} steps")
        # A copy: a network that was fitted is saved with its optimiser, thrice as large.
        learning = _copy(candidate, weights)
        fit(learning, train, schedule, log, callbacks)
        return list(learning.get_weights())

    weights = network.get_weights()
    for schedule in further:
        weights = fitted_further(schedule)
    if candidate.apart:
        ends = [fitted_further(schedule) for schedule in candidate.apart]
        weights = [np.mean(several, axis=0) for several in zip(*ends, strict=True)]
    return _copy(candidate, weights)


def _copy(candidate: Candidate, weights: Sequence[Array]) -> keras.Model:
    network = lite_cnn(candidate.size, len(CLASSES), channels=3, folded=True)
    network.set_weights(weights)
    return network
