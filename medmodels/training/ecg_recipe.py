"""One recipe for the beat network: what it reads, how it is built, how it is fitted."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

import keras
import numpy as np

from medmodels.inputs.beat_windows import BeatInputSpec
from medmodels.networks.beat_graph import BeatGraph
from medmodels.networks.rnn import average_members, beat_rnn
from medmodels.training.ecg_data import Beats, Record, prepare
from medmodels.training.ecg_disturb import Disturbance
from medmodels.training.ecg_fit import Floats, Settings, fit
from medmodels.training.ecg_plans import make_variant
from medmodels.training.ecg_shapes import conducted_shapes, ventricular_shapes

LOG = logging.getLogger(__name__)
CLASSES = 4


@dataclass(frozen=True)
class Recipe:
    """How one beat network is made.

    Parameters
    ----------
    spec : BeatInputSpec
    settings : Settings
    variants : int
        Other rhythms built from each recording; 0 for none.
    disturbed : bool
        Whether gain, leads and noise are varied.
    members : int
        Networks, from different seeds, whose logits are averaged.
    width, dropout
        See :func:`medmodels.networks.rnn.beat_rnn`.
    """

    spec: BeatInputSpec
    settings: Settings = field(default_factory=Settings)
    variants: int = 6
    disturbed: bool = True
    members: int = 1
    width: int = 24
    dropout: float = 0.3


Variants = list[dict[str, Beats]]


def build_variants(
    records: list[Record], groups: tuple[list[str], ...], recipe: Recipe, seed: int
) -> Variants:
    """Other rhythms of each recording, ready to read.

    Parameters
    ----------
    records : list of Record
    groups : tuple of list of str
        Ventricular shapes are lent within a group of recordings only, so that
        nothing of a held-out group is seen while it is held out.
    recipe : Recipe
    seed : int

    Returns
    -------
    list of dict
        For each round, the beats by the record's name.
    """
    rng = np.random.default_rng(seed)
    group = {name: k for k, names in enumerate(groups) for name in names}
    donors = [ventricular_shapes([r for r in records if r.name in names]) for names in groups]
    normal = [conducted_shapes([r for r in records if r.name in names]) for names in groups]
    rounds = []
    for k in range(recipe.variants):
        built = [
            make_variant(r, donors[group[r.name]], normal[group[r.name]], rng) for r in records
        ]
        rounds.append({r.name: prepare(r, recipe.spec) for r in built})
        LOG.info("rhythms built, round %d of %d", k + 1, recipe.variants)
    return rounds


def train_network(
    real: dict[str, Beats], variants: Variants, names: list[str], recipe: Recipe, seed: int
) -> keras.Model:
    """Fit the members on the named records and join them.

    Parameters
    ----------
    real : dict of Beats
        By the record's name.
    variants : list of dict of Beats
    names : list of str
        Records to train on.
    recipe : Recipe
    seed : int

    Returns
    -------
    keras.Model
        One flat graph.
    """
    first = real[names[0]].inputs
    shape = {
        "samples": first.windows.shape[1], "leads": first.windows.shape[2],
        "context": first.rhythm.shape[1], "classes": CLASSES,
        "width": recipe.width, "dropout": recipe.dropout,
    }  # fmt: skip
    disturbance = (
        Disturbance(recipe.spec.rhythm, recipe.spec.reach[0]) if recipe.disturbed else None
    )
    members = []
    for k in range(recipe.members):
        own_seed = seed + 1000 * k
        keras.utils.set_random_seed(own_seed)
        network = beat_rnn(**shape)
        rounds = [[v[name] for name in names] for v in variants]
        if rounds:
            rounds = rounds[k % len(rounds) :] + rounds[: k % len(rounds)]
        fit(network, [real[n] for n in names], rounds, recipe.settings, disturbance, own_seed)
        members.append(network)
        LOG.info("member %d of %d done", k + 1, recipe.members)
    return average_members(members, **shape)


def read_all(network: keras.Model, beats: list[Beats]) -> list[Floats]:
    """Logits of every recording, through the graph that the app uses."""
    graph = BeatGraph(network)
    return [graph(b.inputs.windows, b.inputs.rhythm) for b in beats]
