"""The recipe of the chest X-ray bundle: ``python -m medmodels train chest-xray --data DIR``."""

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
from medmodels.networks.cnn import fold
from medmodels.training import chest_explain
from medmodels.training.bundle_writer import write_bundle
from medmodels.training.chest_candidates import (
    CANDIDATES,
    RESULTS,
    Candidate,
    build,
    judge,
    logits_under_shifts,
    probe,
)
from medmodels.training.chest_fitting import Log, fit
from medmodels.training.chest_images import CLASSES, load_adult, load_paediatric
from medmodels.training.chest_inputs import inputs as inputs
from medmodels.training.chest_operating_point import choose_trust
from medmodels.training.chest_steps import FINAL_ROW, OPTIMISER_ROW, run_steps, step_predictions
from medmodels.training.chest_trust import fit_trust, judge_again
from medmodels.training.explain_parts import ExplainParts
from medmodels.training.external_ideas_shown import ideas_of
from medmodels.training.trust_parts import Arrays, TrustParts
from medmodels.trust.operating_point import softmax

CARD = Path(__file__).with_name("chest_xray.toml")
CHOICE = Path(__file__).with_name("chest_choice.toml")
_QUICK_IMAGES = 24
_QUICK_STEPS = 2


def train(data: Path, out: Path, quick: bool) -> None:
    """Remake the whole bundle: network, trust, predictions, steps and card.

    Weights differ in the last digits between machines and thread counts, for
    sums of floats do; the order of images and every random draw are fixed.

    Parameters
    ----------
    data : Path
        Folder with ``chest-xray`` and ``chest-xray-external``.
    out : Path
        The bundle's folder; what is there is replaced.
    quick : bool
        A few steps on a few images, to try the code and nothing else.
    """
    started, log = time.monotonic(), _log_with_clock()
    choice = tomllib.loads(CHOICE.read_text())
    candidate = CANDIDATES[choice["chosen"]]
    limit = _QUICK_IMAGES if quick else None
    if quick:
        candidate = replace(
            candidate, schedule=replace(candidate.schedule, steps=_QUICK_STEPS, batch=8)
        )

    log(f"final network: recipe '{choice['chosen']}', {candidate.schedule.steps} steps")
    network = fit_candidate(candidate, data, log, limit)
    fitted = time.monotonic()

    log("validation, as it is and shifted")
    validation = load_paediatric(data, "val", candidate.size, limit)
    views = logits_under_shifts(network, validation)
    trust = choose_trust(views, validation.labels)

    rows, predictions = run_steps(candidate, data, log, limit)
    log("test and external images")
    predictions |= read_splits(network, data, limit)
    predictions |= _final_steps(predictions["test/logits"], trust)

    parts = fit_trust(network, data, trust, CLASSES, log, limit)
    predictions |= parts.predictions
    write_bundle(
        out,
        card=CARD,
        network=network,
        trust=parts.trust,
        reference=parts.reference,
        predictions=predictions,
        training={
            "command": "python -m medmodels train chest-xray --data DIR",
            "quick": quick,
            "seeds": {"network and batches": candidate.schedule.seed, "shifts": 20},
            "not_reproducible": "bit for bit only on the same machine with the same thread count",
            "images": {
                name: len(predictions[f"{name}/labels"])
                for name in ("validation", "test", "external")
            },
            "settings": asdict(candidate),
            "seconds": {
                "final network": round(fitted - started),
                "all": round(time.monotonic() - started),
            },
            "validation": judge(views, validation.labels),
            "probes": probe(network, validation),
            "choice": choice,
            "external_ideas": ideas_of("chest-xray"),
            "candidates": json.loads(RESULTS.read_text()),
            "steps": [*rows, OPTIMISER_ROW, FINAL_ROW],
        },
    )
    log(f"written to {out.name}")


def refit_trust(bundle: Bundle, data: Path, quick: bool) -> TrustParts:
    """Make the trust layer anew for the bundle's own network.

    Parameters
    ----------
    bundle : Bundle
    data : Path
        Folder with ``chest-xray``, ``chest-xray-external`` and ``blood-cells``.
    quick : bool
        On a few images only, to try the code.
    """
    base = {name: bundle.trust[name] for name in ("temperature", "operating_point")}
    limit = _QUICK_IMAGES if quick else None
    return fit_trust(bundle.network, data, base, CLASSES, _log_with_clock(), limit)


def explain_parts(bundle: Bundle, data: Path, quick: bool) -> ExplainParts:
    """Find what the bundle's explanations need, see `chest_explain.explain_parts`."""
    limit = _QUICK_IMAGES if quick else None
    return chest_explain.explain_parts(bundle, data, _log_with_clock(), limit)


def fit_candidate(
    candidate: Candidate, data: Path, log: Log, limit: int | None = None
) -> keras.Model:
    """Train the final network and fold its normalisation.

    Parameters
    ----------
    candidate : Candidate
    data : Path
    log : callable
    limit : int, optional
        Train on this many images only.

    Returns
    -------
    keras.Model
        Ready to be written.
    """
    network = build(candidate)
    images = load_paediatric(data, "train", candidate.size, limit)
    fit(network, images, candidate.schedule, log)
    return fold(network)


def predict(bundle: Bundle, data: Path, external: Path | None = None) -> Arrays:
    """Run the bundle on its validation, test and external images again.

    Parameters
    ----------
    bundle : Bundle
    data : Path
        Holds ``chest-xray``.
    external : Path, optional
        Holds ``chest-xray-external``; ``data`` if not given.

    Returns
    -------
    dict of ndarray
        As `read_splits` and, where the bundle has a trust layer, all that it
        says of each scan.
    """
    elsewhere = external or data
    if "out_of_distribution" in bundle.trust:
        return judge_again(bundle, data, elsewhere)
    return read_splits(bundle.network, data, external=elsewhere)


def read_splits(
    network: keras.Model, data: Path, limit: int | None = None, *, external: Path | None = None
) -> Arrays:
    """Logits of the validation, test and external images.

    Parameters
    ----------
    network : keras.Model
        Of the bundle.
    data : Path
    limit : int, optional
        Read this many images of each split only.
    external : Path, optional
        Holds ``chest-xray-external``; ``data`` if not given.

    Returns
    -------
    dict of arrays
        ``<split>/logits`` float32 (N, 2), ``<split>/labels`` int8 (N,) and
        ``<split>/groups`` str (N,).
    """
    size = network.input_shape[1]
    splits = {
        "validation": load_paediatric(data, "val", size, limit),
        "test": load_paediatric(data, "test", size, limit),
        "external": load_adult(external or data, size, limit),
    }
    predictions: Arrays = {}
    for name, images in splits.items():
        predictions[f"{name}/logits"] = network.predict(images.images, batch_size=64, verbose=0)
        predictions[f"{name}/labels"] = images.labels
        predictions[f"{name}/groups"] = images.groups
    return predictions


def _final_steps(
    logits: npt.NDArray[np.float32], trust: dict[str, Any]
) -> dict[str, npt.NDArray[Any]]:
    """Rows of the final network: at 0.5, and at its operating point."""
    plain = softmax(logits)[:, 1]
    calibrated = softmax(logits, trust["temperature"])[:, 1]
    threshold = trust["operating_point"]["threshold"]
    return step_predictions(OPTIMISER_ROW["name"], plain, 0.5) | step_predictions(
        FINAL_ROW["name"], calibrated, threshold
    )


def _log_with_clock() -> Log:
    started = time.monotonic()

    def log(line: str) -> None:
        print(f"[{time.monotonic() - started:6.0f} s] {line}", flush=True)

    return log
