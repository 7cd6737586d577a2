"""Run one idea for the beat network: DS1 by cross-validation first, external records last."""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from medmodels.bundles import load_bundle, parse_card
from medmodels.inputs.beat_windows import BeatInputs, BeatInputSpec
from medmodels.networks import rnn
from medmodels.networks.beat_graph import BeatGraph
from medmodels.training.ecg_beats import CARD, CHOICE, SEED, recipe_of
from medmodels.training.ecg_data import DS1, FOLDS, Beats, load_records, prepare
from medmodels.training.ecg_disturb import Disturbance
from medmodels.training.ecg_fit import fit
from medmodels.training.ecg_recipe import CLASSES, Recipe, Variants, build_variants
from medmodels.training.external_ideas_leads import (
    choose_order,
    second_is_more_upright,
    second_is_taller,
    swap_leads,
)

LOG = logging.getLogger(__name__)
Floats = npt.NDArray[np.float32]
Reader = Callable[[BeatGraph, BeatInputs, BeatInputs], Floats]
SHIPPED = "shipped"
_CONTROL = "control-other-seed"
_SWAPS = {"swap-half": 0.5, "swap-half-both-orders": 0.5}
# The control's networks start elsewhere and see the beats in another order.
_OTHER_SEED = 500


def as_given(graph: BeatGraph, given: BeatInputs, _: BeatInputs) -> Floats:
    """Logits with the leads in the order of the file."""
    return graph(given.windows, given.rhythm)


def both_orders(graph: BeatGraph, given: BeatInputs, turned: BeatInputs) -> Floats:
    """Logits averaged over both orders of the leads."""
    mean = (as_given(graph, given, turned) + as_given(graph, turned, given)) / 2
    return np.asarray(mean, dtype=np.float32)


def _upright(graph: BeatGraph, given: BeatInputs, turned: BeatInputs) -> Floats:
    chosen = choose_order(second_is_more_upright, given, turned)
    return graph(chosen.windows, chosen.rhythm)


def _taller(graph: BeatGraph, given: BeatInputs, turned: BeatInputs) -> Floats:
    chosen = choose_order(second_is_taller, given, turned)
    return graph(chosen.windows, chosen.rhythm)


# How leads without names are read; leads with names always go by them.
READERS: dict[str, Reader] = {
    SHIPPED: as_given,
    "both-lead-orders": both_orders,
    "upright-lead-first": _upright,
    "taller-lead-first": _taller,
    _CONTROL: as_given,
    "swap-half": as_given,
    "swap-half-both-orders": both_orders,
}


@dataclass(frozen=True)
class BeatsRun:
    """One idea with the data it is judged on.

    Parameters
    ----------
    name : str
        A key of ``READERS``.
    data : Path
        Folder with ``ecg-mitdb`` and ``ecg-svdb``.
    networks : Path
        Folder in which trained networks are kept.
    """

    name: str
    data: Path
    networks: Path

    @property
    def family(self) -> str:
        """Name under which the networks are kept: ideas that train alike share them."""
        if self.name == _CONTROL:
            return _CONTROL
        return "swap-half" if self.name in _SWAPS else SHIPPED

    def validation(
        self,
    ) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8], npt.NDArray[np.str_]]:
        """Read every record of DS1 with a network that has not seen its fold.

        Returns
        -------
        predicted : ndarray, int8, shape (3, n)
            Classes with lead names; without, the usual lead first; without,
            the other lead first.
        labels : ndarray, int8, shape (n,)
        groups : ndarray of str, shape (n,)
            Records.
        """
        recipe = _recipe()
        records = load_records(self.data / "ecg-mitdb", list(DS1), recipe.spec.rate)
        usual = {record.name: prepare(record, recipe.spec) for record in records}
        turned = {record.name: prepare(swap_leads(record), recipe.spec) for record in records}
        variants: Variants | None = None
        point, read = load_bundle("ecg-beats").operating_point, READERS[self.name]
        predicted: dict[str, npt.NDArray[np.int8]] = {}
        for k, fold in enumerate(FOLDS):
            kept = self.networks / f"{self.family}-fold-{k + 1}.keras"
            if not kept.exists():
                variants = variants or build_variants(records, FOLDS, recipe, SEED)
                names = [name for name in usual if name not in fold]
                _train(usual, variants, names, recipe, SEED + k, self.family).save(kept)
            graph = BeatGraph(_load(kept))
            for name in fold:
                one, other = usual[name].inputs, turned[name].inputs
                logits = [
                    as_given(graph, one, other), read(graph, one, other), read(graph, other, one)
                ]  # fmt: skip
                predicted[name] = point.labels(np.stack(logits)).astype(np.int8)
        names = list(usual)
        labels = np.concatenate([usual[name].labels for name in names]).astype(np.int8)
        groups = np.concatenate([np.full(len(usual[name].labels), name) for name in names])
        return np.concatenate([predicted[name] for name in names], axis=1), labels, groups

    def external(
        self,
    ) -> tuple[npt.NDArray[np.float16], npt.NDArray[np.int8], npt.NDArray[np.str_]]:
        """Read the external records: logits (n, 4), labels (n,), records (n,)."""
        recipe = _recipe()
        folder = self.data / "ecg-svdb"
        names = sorted(path.stem for path in folder.glob("*.hea"))
        graph = BeatGraph(self._whole(recipe))
        logits, labels, groups = [], [], []
        for record in load_records(folder, names, recipe.spec.rate):
            given = prepare(record, recipe.spec)
            turned = prepare(swap_leads(record), recipe.spec)
            logits.append(READERS[self.name](graph, given.inputs, turned.inputs))
            labels.append(record.labels)
            groups.append(np.full(len(record.labels), record.name))
        return (
            np.concatenate(logits).astype(np.float16),
            np.concatenate(labels).astype(np.int8),
            np.concatenate(groups),
        )

    def _whole(self, recipe: Recipe) -> keras.Model:
        """The network that all of DS1 trained: the shipped one, or the idea's own."""
        if self.family == SHIPPED:
            return load_bundle("ecg-beats").network
        kept = self.networks / f"{self.family}.keras"
        if not kept.exists():
            records = load_records(self.data / "ecg-mitdb", list(DS1), recipe.spec.rate)
            usual = {record.name: prepare(record, recipe.spec) for record in records}
            variants = build_variants(records, (list(DS1),), recipe, SEED + 1)
            parts = [
                _train(usual, variants, list(DS1), recipe, SEED + 1000 * k, self.family, k)
                for k in range(recipe.members)
            ]
            rnn.average_members(parts, **_shape(usual[DS1[0]], recipe)).save(kept)
        return _load(kept)


def _recipe() -> Recipe:
    spec = BeatInputSpec.from_card(parse_card(CARD.read_text()).input)
    return recipe_of(spec, tomllib.loads(CHOICE.read_text()))


def _load(kept: Path) -> keras.Model:
    return keras.saving.load_model(kept, compile=False, safe_mode=True)


def _shape(beats: Beats, recipe: Recipe) -> dict[str, Any]:
    windows, rhythm = beats.inputs.windows, beats.inputs.rhythm
    return {
        "samples": windows.shape[1], "leads": windows.shape[2], "context": rhythm.shape[1],
        "classes": CLASSES, "width": recipe.width, "dropout": recipe.dropout,
    }  # fmt: skip


def _train(
    real: dict[str, Beats], variants: Variants, names: list[str], recipe: Recipe, seed: int,
    family: str, first_round: int = 0,
) -> keras.Model:  # fmt: skip
    """One member as `medmodels.training.ecg_recipe.train_network` makes it, leads swapped more."""
    LOG.info("training %s without %s", family, " ".join(n for n in real if n not in names))
    usual = Disturbance(recipe.spec.rhythm, recipe.spec.reach[0])
    swap = _SWAPS.get(family, usual.swap)
    disturbance = Disturbance(recipe.spec.rhythm, recipe.spec.reach[0], swap=swap)
    seed += _OTHER_SEED if family == _CONTROL else 0
    keras.utils.set_random_seed(seed)
    network = rnn.beat_rnn(**_shape(real[names[0]], recipe))
    rounds = [[variant[name] for name in names] for variant in variants]
    rounds = rounds[first_round:] + rounds[:first_round]
    fit(network, [real[name] for name in names], rounds, recipe.settings, disturbance, seed)
    return network
