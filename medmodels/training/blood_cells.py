"""The recipe of the blood cell bundle: ``python -m medmodels train blood-cells --data DIR``."""

from __future__ import annotations

import json
import time
import tomllib
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle
from medmodels.training import cell_explain
from medmodels.training.bundle_writer import write_bundle
from medmodels.training.cell_candidates import RESULTS, judge, probe, validation_views
from medmodels.training.cell_disturbances import STAIN_SEED
from medmodels.training.cell_images import CLASSES, load_cells
from medmodels.training.cell_inputs import inputs as inputs
from medmodels.training.cell_predictions import read_disturbed, read_splits
from medmodels.training.cell_recipes import CANDIDATES, Candidate, fit_candidate
from medmodels.training.cell_robustness import UNDISTURBED, robustness_rows
from medmodels.training.cell_trust import fit_trust, judge_again
from medmodels.training.explain_parts import ExplainParts
from medmodels.training.image_fitting import Log
from medmodels.training.trust_parts import Arrays, TrustParts
from medmodels.trust.calibration import fit_temperature
from medmodels.trust.operating_point import OperatingPoint

CARD = Path(__file__).with_name("blood_cells.toml")
CHOICE = Path(__file__).with_name("cell_choice.toml")
_RULE = ("temperature", "class_offsets", "rule", "chosen_on")
_QUICK_PICTURES = 24
_QUICK_STEPS = 2


def train(data: Path, out: Path, quick: bool) -> None:
    """Remake the whole bundle: network, trust layer, predictions and card.

    Weights differ in the last digits between machines and thread counts, for
    sums of floats do; the order of pictures and every random draw are fixed.

    Parameters
    ----------
    data : Path
        Folder with ``blood-cells``, and with ``chest-xray`` and
        ``chest-xray-external`` for what is to be refused.
    out : Path
        The bundle's folder; what is there is replaced.
    quick : bool
        A few steps on a few pictures, to try the code and nothing else.
    """
    started, log = time.monotonic(), _log_with_clock()
    candidate, limit = chosen_candidate(quick), _QUICK_PICTURES if quick else None
    log(f"network: {candidate.schedule.steps} steps")
    network = fit_candidate(candidate, data, log, limit)
    finish(network, candidate, data, out, log, limit, round(time.monotonic() - started))


def chosen_candidate(quick: bool) -> Candidate:
    """Return the recipe that ``cell_choice.toml`` names; shortened when ``quick``."""
    candidate = CANDIDATES[tomllib.loads(CHOICE.read_text())["chosen"]]
    if quick:
        short = replace(candidate.schedule, steps=_QUICK_STEPS, batch=8)
        then, apart = (
            tuple(replace(one, steps=_QUICK_STEPS, batch=8) for one in runs)
            for runs in (candidate.then, candidate.apart)
        )
        candidate = replace(candidate, schedule=short, then=then, apart=apart)
    return candidate


def finish(
    network: keras.Model,
    candidate: Candidate,
    data: Path,
    out: Path,
    log: Log,
    limit: int | None,
    seconds: int,
) -> None:
    """Judge a trained network and write its bundle.

    Parameters
    ----------
    network : keras.Model
        From `fit_candidate`.
    candidate : Candidate
    data : Path
        Folder with ``blood-cells``.
    out : Path
        The bundle's folder; what is there is replaced.
    log : callable
    limit : int or None
        Judge on this many pictures of each split only.
    seconds : int
        What the training took.
    """
    log("validation pictures, as they are and disturbed")
    validation = load_cells(data, "val", limit)
    views = validation_views(network, validation)
    trust = choose_trust(views[UNDISTURBED], validation.labels)
    log("test pictures, as they are and disturbed")
    predictions = read_splits(network, data, limit) | read_disturbed(network, data, limit)
    point = OperatingPoint.from_trust(trust, CLASSES)
    parts = fit_trust(network, data, trust, CLASSES, log, limit)
    write_bundle(
        out,
        card=CARD,
        network=network,
        trust=parts.trust,
        reference=parts.reference,
        predictions=predictions | parts.predictions,
        training={
            "command": "python -m medmodels train blood-cells --data DIR",
            "quick": limit is not None,
            "seeds": {"network and batches": candidate.schedule.seed, "stain shifts": STAIN_SEED},
            "not_reproducible": "bit for bit only on the same machine with the same thread count",
            "images": {name: len(predictions[f"{name}/labels"]) for name in ("validation", "test")},
            "settings": asdict(candidate),
            "seconds": {"network": seconds},
            "validation": judge(views, validation.labels),
            "probes": probe(network, validation),
            "robustness": robustness_rows(predictions, point),
            "choice": tomllib.loads(CHOICE.read_text()),
            "candidates": json.loads(RESULTS.read_text()),
            "steps": [],
        },
    )
    log(f"written to {out.name}")


def choose_trust(logits: npt.NDArray[np.float32], labels: npt.NDArray[np.int8]) -> dict[str, Any]:
    """Build the bundle's ``trust.json``.

    Parameters
    ----------
    logits : ndarray, float32, shape (N, 8)
        Of the validation pictures as they are.
    labels : ndarray, int8, shape (N,)

    Returns
    -------
    dict
    """
    return {
        "temperature": fit_temperature(logits, labels).temperature,
        # No class is preferred: which mistake costs most depends on why the smear was asked for.
        "class_offsets": [0.0] * len(CLASSES),
        "rule": "The class with the highest probability.",
        "chosen_on": f"{len(labels):,} validation pictures (the temperature; the rule is fixed).",
    }


def refit_trust(bundle: Bundle, data: Path, quick: bool) -> TrustParts:
    """Make the trust layer anew for the bundle's own network.

    Parameters
    ----------
    bundle : Bundle
    data : Path
        Folder with ``blood-cells``, ``chest-xray`` and ``chest-xray-external``.
    quick : bool
        On a few pictures only, to try the code.
    """
    base = {name: bundle.trust[name] for name in _RULE}
    limit = _QUICK_PICTURES if quick else None
    return fit_trust(bundle.network, data, base, CLASSES, _log_with_clock(), limit)


def explain_parts(bundle: Bundle, data: Path, quick: bool) -> ExplainParts:
    """Find what the bundle's explanations need, see `cell_explain.explain_parts`."""
    limit = _QUICK_PICTURES if quick else None
    return cell_explain.explain_parts(bundle, data, _log_with_clock(), limit)


def predict(bundle: Bundle, data: Path, external: Path | None = None) -> Arrays:  # noqa: ARG001
    """Run the bundle on its validation and test pictures again.

    Parameters
    ----------
    bundle : Bundle
    data : Path
        Holds ``blood-cells``.
    external : Path, optional
        Not used: there are no pictures from elsewhere.

    Returns
    -------
    dict of ndarray
        As `read_splits` and, where the bundle has a trust layer, all that it
        says of each picture.
    """
    if "out_of_distribution" in bundle.trust:
        return judge_again(bundle, data)
    return read_splits(bundle.network, data)


def _log_with_clock() -> Log:
    started = time.monotonic()

    def log(line: str) -> None:
        print(f"[{time.monotonic() - started:6.0f} s] {line}", flush=True)

    return log
