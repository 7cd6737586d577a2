"""The recipe of the ECG beat bundle: ``python -m medmodels train ecg-beats --data DIR``."""

from __future__ import annotations

import logging
import time
import tomllib
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle, parse_card
from medmodels.evaluation.stored import load_predictions
from medmodels.inputs.beat_windows import BeatInputSpec
from medmodels.networks.beat_graph import BeatGraph
from medmodels.training import ecg_explain
from medmodels.training.bundle_writer import write_bundle
from medmodels.training.ecg_data import DS1, DS2, FOLDS, Beats, Record, load_records, prepare
from medmodels.training.ecg_fit import Settings
from medmodels.training.ecg_inputs import inputs as inputs
from medmodels.training.ecg_operating_point import choose_trust
from medmodels.training.ecg_passes import PassedRecord
from medmodels.training.ecg_recipe import (
    Recipe,
    Variants,
    build_variants,
    read_all,
    train_network,
)
from medmodels.training.ecg_splits import as_arrays, read_splits
from medmodels.training.ecg_steps import run_steps, step_rows
from medmodels.training.ecg_trust import fit_trust, judge_records
from medmodels.training.explain_parts import ExplainParts
from medmodels.training.external_ideas_shown import ideas_of
from medmodels.training.trust_parts import TrustParts
from medmodels.trust.operating_point import OperatingPoint
from medmodels.trust.signal_trust import SignalTrust

CARD = Path(__file__).with_name("ecg_beats.toml")
CHOICE = Path(__file__).with_name("ecg_choice.toml")
SEED = 20
LOG = logging.getLogger(__name__)

_QUICK_TRAIN = ["118", "119", "208"]
_QUICK_TEST = ["100"]


def train(data: Path, out: Path, quick: bool) -> None:
    """Remake the whole bundle: network, offsets, predictions, steps and card.

    Weights differ in the last digits between machines and thread counts, for
    sums of floats do; the order of beats and every random draw are fixed.

    Parameters
    ----------
    data : Path
        Folder with ``ecg-mitdb`` and ``ecg-svdb``.
    out : Path
        The bundle's folder; what is there is replaced.
    quick : bool
        Few records and steps, to try the code and nothing else.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    started = time.monotonic()
    card = parse_card(CARD.read_text())
    choice = tomllib.loads(CHOICE.read_text())
    recipe = recipe_of(BeatInputSpec.from_card(card.input), choice)
    train_names, test_names = list(DS1), list(DS2)
    folds: tuple[list[str], ...] = FOLDS
    outside = _outside(data)
    if quick:
        recipe = replace(
            recipe,
            variants=1,
            members=2,
            settings=replace(recipe.settings, epochs=1, sequence=16, batch=8),
        )
        train_names, test_names, outside = _QUICK_TRAIN, _QUICK_TEST, outside[:1]
        folds = (["118"], ["119", "208"])
    records = load_records(data / "ecg-mitdb", train_names, recipe.spec.rate)
    if quick:
        records = [_shortened(record) for record in records]
    real = {record.name: prepare(record, recipe.spec) for record in records}
    # Two sets of built rhythms: shapes lent inside a fold only, to cross-validate; then freely.
    LOG.info("cross-validation inside DS1")
    variants = build_variants(records, folds, recipe, SEED)
    validation = _cross_validate(real, variants, recipe, folds)
    trust = choose_trust(
        validation["validation/logits"].astype(np.float64),
        validation["validation/labels"].astype(np.int64),
        validation["validation/groups"],
    )
    LOG.info("class offsets %s, temperature %s", trust["class_offsets"], trust["temperature"])

    LOG.info("the network itself, on all of DS1")
    variants = build_variants(records, (train_names,), recipe, SEED + 1)
    network = train_network(real, variants, train_names, recipe, SEED)
    LOG.info("reading DS2, end to end too, and the external records")
    predictions: dict[str, Any] = dict(validation)
    mitdb, svdb = data / "ecg-mitdb", data / "ecg-svdb"
    read = (mitdb, test_names), (svdb, outside)
    predictions |= read_splits(BeatGraph(network), recipe.spec, *read)
    test = [prepare(r, recipe.spec) for r in load_records(mitdb, test_names, recipe.spec.rate)]
    predictions |= run_steps(list(real.values()), variants, test, recipe, SEED)
    logits = predictions["test/logits"].astype(np.float64)
    predictions["steps/optimiser/predicted"] = logits.argmax(axis=1).astype(np.int8)
    point = OperatingPoint.from_trust(trust, card.class_names)
    predictions["steps/final/predicted"] = point.labels(logits).astype(np.int8)
    training = {
        "command": "python -m medmodels train ecg-beats --data DIR" + (" --quick" if quick else ""),
        "quick": quick,
        "seeds": [SEED + 1000 * k for k in range(recipe.members)],
        "settings": asdict(recipe),
        "folds": [list(fold) for fold in folds],
        "seconds": round(time.monotonic() - started, 1),
        "parameters": int(network.count_params()),
        "choice": choice,
        "external_ideas": ideas_of("ecg-beats"),
        "steps": step_rows(),
    }
    LOG.info("the trust layer")
    parts = fit_trust(
        network, data, trust, card, predictions, (train_names, test_names), quick=quick
    )
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
        Folder with ``ecg-mitdb`` and ``ecg-svdb``.
    quick : bool
        On few records, to try the code.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    base = {
        name: bundle.trust[name] for name in ("temperature", "class_offsets", "rule", "chosen_on")
    }
    card = parse_card(CARD.read_text())
    names = (_QUICK_TRAIN, _QUICK_TEST) if quick else (list(DS1), list(DS2))
    stored = load_predictions(bundle)
    return fit_trust(bundle.network, data, base, card, stored, names, quick=quick)


def explain_parts(bundle: Bundle, data: Path, quick: bool) -> ExplainParts:
    """Find what the bundle's explanations need, see `ecg_explain.explain_parts`."""
    names = (_QUICK_TRAIN, _QUICK_TEST) if quick else (list(DS1), list(DS2))
    return ecg_explain.explain_parts(bundle, data, names, quick=quick)


def predict(
    bundle: Bundle, data: Path, external: Path | None = None
) -> dict[str, npt.NDArray[Any]]:
    """Run the bundle on the test records, end to end too, and the external ones again.

    Parameters
    ----------
    bundle : Bundle
    data : Path
        Holds ``ecg-mitdb``.
    external : Path, optional
        Holds ``ecg-svdb``; ``data`` if not given.

    Returns
    -------
    dict of arrays
        See `medmodels.evaluation.evaluate.evaluate_predictions` and, where the
        bundle has a trust layer, all that it says of each recording; the
        cross-validation inside DS1 is not repeated.
    """
    spec = BeatInputSpec.from_card(bundle.card.input)
    elsewhere = external or data
    records = (data / "ecg-mitdb", list(DS2)), (elsewhere / "ecg-svdb", _outside(elsewhere))
    if "out_of_distribution" not in bundle.trust:
        return read_splits(BeatGraph(bundle.network), spec, *records)
    point = bundle.operating_point
    layer = SignalTrust(bundle.trust, bundle.reference, point, "")

    def judged(split: str, record: PassedRecord) -> dict[str, npt.NDArray[Any]]:
        return judge_records(split, [record], layer, point)

    graph = BeatGraph(bundle.network, tuple(bundle.trust["head"]["layers"]))
    return read_splits(graph, spec, *records, judged)


def _outside(data: Path) -> list[str]:
    """Names of the external records."""
    return sorted(path.stem for path in (data / "ecg-svdb").glob("*.hea"))


def recipe_of(spec: BeatInputSpec, choice: dict[str, Any]) -> Recipe:
    """The chosen recipe, as ``ecg_choice.toml`` states it."""
    table = dict(choice["recipe"])
    fitting = dict(table.pop("settings"))
    fitting["class_weights"] = tuple(fitting["class_weights"])
    return Recipe(spec=spec, settings=Settings(**fitting), **table)


def _cross_validate(
    real: dict[str, Beats], variants: Variants, recipe: Recipe, folds: tuple[list[str], ...]
) -> dict[str, Any]:
    """Every record of DS1 read by a network that has not seen its fold."""
    # One member, not several: enough for the offsets, at a fraction of the cost.
    recipe = replace(recipe, members=1)
    logits: dict[str, npt.NDArray[np.float32]] = {}
    for k, fold in enumerate(folds):
        LOG.info("fold %d of %d, without %s", k + 1, len(folds), " ".join(fold))
        names = [name for name in real if name not in fold]
        network = train_network(real, variants, names, recipe, SEED + k)
        held_out = [real[name] for name in fold]
        logits |= dict(zip(fold, read_all(network, held_out), strict=True))
    names = list(real)
    return as_arrays(
        "validation", names, [logits[n] for n in names], [real[n].labels for n in names],
        [real[n].inputs.r_peaks for n in names],
    )  # fmt: skip


def _shortened(record: Record) -> Record:
    """The first 300 beats."""
    kept = slice(0, 300)
    return replace(
        record, peaks_s=record.peaks_s[kept], samples=record.samples[kept],
        labels=record.labels[kept],
    )  # fmt: skip
