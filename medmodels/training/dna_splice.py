"""The recipe of the splice site bundle: ``python -m medmodels train dna-splice --data DIR``."""

from __future__ import annotations

import logging
import time
import tomllib
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle, parse_card
from medmodels.evaluation.stored import load_predictions
from medmodels.networks.base_scan import BaseScan
from medmodels.training import dna_explain
from medmodels.training.bundle_writer import write_bundle
from medmodels.training.dna_data import ACCEPTOR, CLASSES, DONOR, HALF, Windows, load_windows
from medmodels.training.dna_inputs import inputs as inputs
from medmodels.training.dna_recipe import Recipe, cross_validate, recipe_of, train_network
from medmodels.training.dna_trust import ALONG, fit_trust, judge_again
from medmodels.training.explain_parts import ExplainParts
from medmodels.training.trust_parts import TrustParts
from medmodels.trust.calibration import fit_temperature

CARD = Path(__file__).with_name("dna_splice.toml")
CHOICE = Path(__file__).with_name("dna_choice.toml")
FOLDER = "dna-splice"
SEED = 60
LOG = logging.getLogger(__name__)

_RULE = "The class with the largest calibrated probability."
_BASE = ("temperature", "class_offsets", "rule", "chosen_on")
_CHOSEN_ON = "predictions cross-validated by GenBank entry inside the training and validation data"
_QUICK_ROWS = 160


def train(data: Path, out: Path, quick: bool) -> None:
    """Remake the whole bundle: network, trust layer, predictions and card.

    Settings were chosen by cross-validation by GenBank entry over the training and
    validation splits, which together also train the network; the test split is read
    once, at the end. Weights differ in the last digits between machines and thread
    counts, for sums of floats do; the order of windows and every random draw are fixed.

    Parameters
    ----------
    data : Path
        Folder with ``dna-splice``.
    out : Path
        The bundle's folder; what is there is replaced.
    quick : bool
        Few windows and epochs, to try the code and nothing else.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    started = time.monotonic()
    parse_card(CARD.read_text())
    choice = tomllib.loads(CHOICE.read_text())
    recipe, windows = recipe_of(choice), load_windows(data / FOLDER, "train", "val")
    if quick:
        recipe, windows = _quick(recipe, windows)
    LOG.info("cross-validation by GenBank entry, %d windows", len(windows))
    logits, folds, elsewhere = cross_validate(windows, recipe, SEED)
    predictions = as_arrays("cross_validation", windows, logits)
    predictions["cross_validation/folds"] = folds.astype(np.int8)
    predictions[ALONG] = elsewhere.astype(np.float16)
    temperature = round(fit_temperature(logits, windows.labels).temperature, 4)
    trust = {
        "temperature": temperature,
        "class_offsets": [0.0] * logits.shape[1],
        "rule": _RULE,
        "chosen_on": _CHOSEN_ON,
    }
    LOG.info("the network itself, on all of them")
    network = train_network(windows, recipe, SEED)
    predictions |= read_split(network, data, "test")
    limit = _QUICK_ROWS if quick else None
    parts = fit_trust(network, data, trust, CLASSES, predictions, LOG.info, limit)
    training = {
        "command": "python -m medmodels train dna-splice --data DIR"
        + (" --quick" if quick else ""),
        "quick": quick,
        "seeds": [SEED + k for k in range(recipe.members)],
        "settings": asdict(recipe),
        "seconds": round(time.monotonic() - started, 1),
        "parameters": int(network.count_params()),
        "choice": choice,
        "steps": [],
    }
    write_bundle(
        out, card=CARD, network=network, trust=parts.trust, reference=parts.reference,
        predictions=predictions | parts.predictions, training=training,
    )  # fmt: skip
    LOG.info("bundle written after %.0f s", time.monotonic() - started)


def refit_trust(bundle: Bundle, data: Path, quick: bool) -> TrustParts:
    """Make the trust layer anew for the bundle's own network.

    Parameters
    ----------
    bundle : Bundle
    data : Path
        Folder with ``dna-splice``.
    quick : bool
        On few windows only, to try the code.
    """
    base = {name: bundle.trust[name] for name in _BASE} | {"rule": _RULE}
    limit = _QUICK_ROWS if quick else None
    held_out = load_predictions(bundle)
    return fit_trust(bundle.network, data, base, CLASSES, held_out, LOG.info, limit)


def explain_parts(bundle: Bundle, data: Path, quick: bool) -> ExplainParts:
    """Find what the bundle's explanations need, see `dna_explain.explain_parts`."""
    return dna_explain.explain_parts(bundle, data, LOG.info, _QUICK_ROWS if quick else None)


def predict(
    bundle: Bundle, data: Path, external: Path | None = None
) -> dict[str, npt.NDArray[Any]]:
    """Run the bundle on the test windows again.

    Parameters
    ----------
    bundle : Bundle
    data : Path
        Folder with ``dna-splice``.
    external : Path, optional
        Not used: there are no data from elsewhere.

    Returns
    -------
    dict of arrays
        See `medmodels.evaluation.evaluate.evaluate_predictions`, with all that the
        trust layer says of each window; the cross-validation is not repeated.
    """
    del external
    return read_split(bundle.network, data, "test") | judge_again(bundle, data)


def read_split(network: keras.Model, data: Path, split: str) -> dict[str, npt.NDArray[Any]]:
    """Predictions of one split, as arrays to be stored."""
    windows = load_windows(data / FOLDER, split)
    return as_arrays(split, windows, BaseScan(network).windows(windows.bases))


def as_arrays(
    split: str, windows: Windows, logits: npt.NDArray[np.float32]
) -> dict[str, npt.NDArray[Any]]:
    """``<split>/logits``, ``labels``, ``groups``, ``names`` and subgroups."""
    return {
        f"{split}/logits": logits.astype(np.float32),
        f"{split}/labels": windows.labels.astype(np.int8),
        f"{split}/groups": windows.groups,
        f"{split}/names": windows.names,
        f"{split}/subgroups/species": species(windows),
        f"{split}/subgroups/junction": junction(windows),
    }


def species(windows: Windows) -> npt.NDArray[np.str_]:
    """Human or not, by the entry's name: GenBank's began with HUM for human ones."""
    human = np.char.startswith(windows.groups, "HUM")
    return np.where(human, "human", "other primate")


def junction(windows: Windows) -> npt.NDArray[np.str_]:
    """What stands in the middle: the usual GT after it or AG before it, or neither.

    Burset et al., Nucleic Acids Res 2000;28:4364-4375: 98.7% of mammalian introns begin
    with GT and end with AG.
    """
    gt = _stands(windows, HALF, "GT")
    ag = _stands(windows, HALF - 2, "AG")
    usual = np.where(windows.labels == DONOR, gt, ag)
    site = np.where(usual, "site, usual GT or AG", "site, unusual")
    other = np.where(gt | ag, "no site, but GT or AG there", "no site, no GT or AG there")
    return np.where(np.isin(windows.labels, (DONOR, ACCEPTOR)), site, other)


def _stands(windows: Windows, place: int, motif: str) -> npt.NDArray[np.bool_]:
    columns = ["ACGT".index(base) for base in motif]
    pair = windows.bases[:, place : place + len(motif)]
    return np.all([pair[:, i, c] == 1 for i, c in enumerate(columns)], axis=0)


def _quick(recipe: Recipe, windows: Windows) -> tuple[Recipe, Windows]:
    rows = np.sort(np.random.default_rng(SEED).permutation(len(windows))[:_QUICK_ROWS])
    settings = replace(recipe.settings, epochs=2, batch=32)
    shape = {**recipe.shape, "filters": 8, "width": 4}
    return replace(recipe, settings=settings, members=2, folds=2, shape=shape), windows.where(rows)
