"""One recipe for the splice site network: how it is built, fitted and cross-validated."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from medmodels.networks.base_scan import BaseScan
from medmodels.networks.splice_rnn import average_members, splice_rnn
from medmodels.training.dna_augment import Augmentation
from medmodels.training.dna_data import CLASSES, NEITHER, Windows, fold_of
from medmodels.training.dna_fit import Settings, fit

LOG = logging.getLogger(__name__)
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Recipe:
    """How one splice site network is made.

    Parameters
    ----------
    settings : Settings
    members : int
        Networks, from different seeds, whose logits are averaged.
    folds : int
        Of the cross-validation by GenBank entry.
    shape : mapping
        What `medmodels.networks.splice_rnn.splice_rnn` is given.
    """

    settings: Settings = field(default_factory=Settings)
    members: int = 3
    folds: int = 10
    shape: Mapping[str, Any] = field(default_factory=dict)


def recipe_of(choice: Mapping[str, Any]) -> Recipe:
    """The chosen recipe, as ``dna_choice.toml`` states it."""
    table = dict(choice["recipe"])
    settings = dict(table.pop("settings"))
    augmentation = Augmentation(**settings.pop("augmentation"))
    return Recipe(settings=Settings(**settings, augmentation=augmentation), **table)


def train_network(windows: Windows, recipe: Recipe, seed: int) -> keras.Model:
    """Fit all members and put them into one graph.

    Parameters
    ----------
    windows : Windows
    recipe : Recipe
    seed : int
        Of the first member; the others' follow.

    Returns
    -------
    keras.Model
    """
    networks = []
    for k in range(recipe.members):
        keras.utils.set_random_seed(seed + k)
        network = splice_rnn(len(CLASSES), **recipe.shape)
        fit(network, windows, recipe.settings, seed + k)
        networks.append(network)
    return average_members(networks, classes=len(CLASSES), **recipe.shape)


def cross_validate(
    windows: Windows, recipe: Recipe, seed: int
) -> tuple[Floats, npt.NDArray[np.int64], Floats]:
    """Every window read by a network that has not seen its GenBank entry.

    Parameters
    ----------
    windows : Windows
    recipe : Recipe
    seed : int

    Returns
    -------
    logits : ndarray, float32, shape (n, 3)
    folds : ndarray, int64, shape (n,)
    elsewhere : ndarray, float32, shape (m, 3)
        Logits at every base of each fold's windows without a site, strung together.
    """
    folds = fold_of(windows.groups, recipe.folds, seed)
    logits = np.zeros((len(windows), len(CLASSES)), dtype=np.float32)
    elsewhere = []
    for fold in range(recipe.folds):
        LOG.info("fold %d of %d", fold + 1, recipe.folds)
        network = train_network(windows.where(folds != fold), recipe, seed + 100 * (fold + 1))
        scan, held_out = BaseScan(network), windows.where(folds == fold)
        logits[folds == fold] = scan.windows(held_out.bases)
        plain = held_out.bases[held_out.labels == NEITHER]
        if len(plain):
            elsewhere.append(scan(plain.reshape(-1, plain.shape[-1])))
        keras.backend.clear_session()
    return logits, folds, np.concatenate(elsewhere)
