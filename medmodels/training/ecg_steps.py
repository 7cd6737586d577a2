"""What helped: from one plain LSTM to the final beat network, one change on top of another."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from medmodels.inputs.beat_windows import BeatInputs
from medmodels.networks.rnn import beat_rnn, plain_lstm
from medmodels.training.ecg_data import Beats
from medmodels.training.ecg_disturb import Disturbance
from medmodels.training.ecg_fit import fit
from medmodels.training.ecg_recipe import CLASSES, Recipe, Variants, read_all

LOG = logging.getLogger(__name__)

# What the plain network sees: one lead, a quarter of a second either side of R.
_PLAIN_REACH_S = 0.25

FINAL_ROWS = (
    {
        "name": "optimiser",
        "change": "AdamW with warm-up and cosine, weighted classes, averaged weights, "
        "several networks averaged",
        "kind": "a better optimiser and schedule",
    },
    {
        "name": "final",
        "change": "The same network with class offsets chosen by cross-validation inside DS1",
        "kind": "final",
    },
)


@dataclass(frozen=True)
class Step:
    """One row of "what helped"; ``name``, ``change`` and ``kind`` are shown."""

    name: str
    change: str
    kind: str
    plain: bool
    whole_window: bool
    augmented: bool

    def row(self) -> dict[str, str]:
        """What ``training.json`` stores."""
        return {"name": self.name, "change": self.change, "kind": self.kind}


STEPS = (
    Step("plain", "One LSTM over half a second of one lead of a single beat, Adam",
         "baseline", plain=True, whole_window=False, augmented=False),
    Step("preprocessing", "Both leads, and a window from before the P wave to the end of T",
         "better preprocessing and resolution", plain=True, whole_window=True, augmented=False),
    Step("network", "Rhythm against a long reference, shape against the heart's own unhurried "
         "beat, recurrent layers within and across beats",
         "a richer network", plain=False, whole_window=True, augmented=False),
    Step("augmentation", "Disturbed leads, and other rhythms built from every recording: atrial "
         "and ventricular premature beats, sinus arrhythmia, atrial fibrillation",
         "more data by augmentation", plain=False, whole_window=True, augmented=True),
)  # fmt: skip


def run_steps(
    real: list[Beats], variants: Variants, test: list[Beats], recipe: Recipe, seed: int
) -> dict[str, npt.NDArray[np.int8]]:
    """Fit each row's network on DS1 and read DS2 with it.

    Parameters
    ----------
    real : list of Beats
        All of DS1.
    variants : list of dict of Beats
    test : list of Beats
        All of DS2, in the order of the stored predictions.
    recipe : Recipe
        Where the rows lead.
    seed : int

    Returns
    -------
    dict of ndarray, int8
        ``steps/<name>/predicted``.
    """
    simple = replace(
        recipe.settings,
        decay=0.0,
        averaging=0.0,
        class_weights=(1.0, 1.0, 1.0, 1.0),
        cosine=False,
    )
    out: dict[str, npt.NDArray[np.int8]] = {}
    for step in STEPS:
        LOG.info("what helped: %s", step.name)
        keras.utils.set_random_seed(seed)
        own = real if step.whole_window else [_shorten(b, recipe) for b in real]
        read = test if step.whole_window else [_shorten(b, recipe) for b in test]
        _, samples, leads = own[0].inputs.windows.shape
        context = own[0].inputs.rhythm.shape[1]
        if step.plain:
            network = plain_lstm(samples, leads, context, CLASSES)
        else:
            network = beat_rnn(samples, leads, context, CLASSES,
                               width=recipe.width, dropout=recipe.dropout)  # fmt: skip
        rounds = [[v[b.name] for b in own] for v in variants] if step.augmented else []
        disturbance = (
            Disturbance(recipe.spec.rhythm, recipe.spec.reach[0]) if step.augmented else None
        )
        fit(network, own, rounds, simple, disturbance, seed)
        logits = np.concatenate(read_all(network, read))
        out[f"steps/{step.name}/predicted"] = logits.argmax(axis=1).astype(np.int8)
    return out


def step_rows() -> list[dict[str, Any]]:
    """All rows of the table in order."""
    return [step.row() for step in STEPS] + list(FINAL_ROWS)


def _shorten(beats: Beats, recipe: Recipe) -> Beats:
    """Only the first lead near R; the second lead is left out of the array."""
    near = np.abs(recipe.spec.offsets) <= _PLAIN_REACH_S
    old: BeatInputs = beats.inputs
    inputs = replace(old, windows=old.windows[:, near, :1], offsets_s=old.offsets_s[near])
    return replace(beats, inputs=inputs)
