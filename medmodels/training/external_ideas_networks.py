"""The chest networks of the ideas: the shipped one read another way, or one trained anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import keras

from medmodels.networks.cnn import fold
from medmodels.training.augmentation import Augmentation
from medmodels.training.chest_candidates import CANDIDATES, Candidate, build
from medmodels.training.chest_fitting import Log, fit
from medmodels.training.chest_images import Radiographs, load_paediatric
from medmodels.training.external_ideas_augment import LocalContrast, StrongAugmentation
from medmodels.training.external_ideas_images import (
    Images,
    Plan,
    centre_crop,
    five_crops,
    half_local,
    match_histogram,
    mean_histogram,
    standardise_locally,
)

BASE = CANDIDATES["wide, shutters"]
SIDE = BASE.size
STEPS = 500
OUTER = 1 / 8


@dataclass(frozen=True)
class ChestIdea:
    """A plan for reading, and a recipe where the network is trained anew.

    Parameters
    ----------
    plan : Plan
    candidate : Candidate or None
        None: the shipped network is read.
    """

    plan: Plan
    candidate: Candidate | None = None


def chest_idea(name: str, data: Path) -> ChestIdea:
    """Build an idea by its name in ``external_ideas.toml``.

    Parameters
    ----------
    name : str
    data : Path
        Folder with ``chest-xray``; only histogram matching reads training
        images here.

    Returns
    -------
    ChestIdea

    Raises
    ------
    KeyError
        For a name that is no idea for the chest network.
    """
    if name == "histogram-matching":
        wanted = mean_histogram(load_paediatric(data, "train", SIDE).images)

        def matched(images: Images) -> Images:
            return match_histogram(images, wanted)

        return ChestIdea(Plan(SIDE, grey=matched))
    cut = centre_crop(SIDE, OUTER)
    usual = BASE.schedule.augmentation
    assert usual is not None
    settings = {key: getattr(usual, key) for key in usual.__dataclass_fields__}
    strong = StrongAugmentation(**(settings | {"zoom": 0.4, "aspect": 0.45, "gamma": 1.2}))
    local = LocalContrast(**settings)
    return {
        "local-standardisation": ChestIdea(Plan(SIDE, grey=half_local)),
        "crop-6": ChestIdea(centre_crop(SIDE, 0.06)),
        "crop-12": ChestIdea(centre_crop(SIDE, 0.12)),
        "average-of-crops": ChestIdea(five_crops(SIDE, 0.08)),
        "lung-field": ChestIdea(cut, _recipe(usual)),
        "lung-field-local-contrast": ChestIdea(
            replace(cut, grey=standardise_locally), _recipe(local)
        ),
        "stronger-augmentation": ChestIdea(Plan(SIDE), _recipe(strong)),
        "control-500-steps": ChestIdea(Plan(SIDE), _recipe(usual)),
    }[name]


def train_chest(idea: ChestIdea, data: Path, log: Log) -> keras.Model:
    """Train an idea's network on the crops that it will read.

    Parameters
    ----------
    idea : ChestIdea
        With a candidate and one crop; the augmentation changes grey values,
        as it works on grey values in 0 to 1.
    data : Path
    log : callable

    Returns
    -------
    keras.Model
        Folded.
    """
    assert idea.candidate is not None
    whole = load_paediatric(data, "train", idea.plan.whole)
    (crops,) = idea.plan.crops(whole.images, SIDE)
    train = Radiographs(crops, whole.labels, whole.groups, whole.subtypes)
    network = build(idea.candidate)
    fit(network, train, idea.candidate.schedule, log)
    return fold(network)


def _recipe(augmentation: Augmentation) -> Candidate:
    return replace(BASE, schedule=replace(BASE.schedule, steps=STEPS, augmentation=augmentation))
