"""The trust layer of the ECG bundle, fitted inside DS1 only.

``python -m medmodels trust ecg-beats --data DIR`` makes it anew for the
bundle's network; ``train`` ends with it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle, Card
from medmodels.evaluation.signal_decisions import decision_row
from medmodels.inputs.beat_windows import BeatInputSpec, prepare_beats
from medmodels.inputs.clean_wave import choose_leads
from medmodels.inputs.r_peaks import find_r_peaks
from medmodels.networks.averaging import last_kernels
from medmodels.networks.beat_graph import BeatGraph
from medmodels.training.ecg_data import DS1, DS2, read_record
from medmodels.training.ecg_outliers import fit_outliers
from medmodels.training.ecg_quality import quality_table
from medmodels.training.trust_parts import TrustParts
from medmodels.trust.calibration import choose_calibration
from medmodels.trust.head_posterior import fit_head_posterior
from medmodels.trust.operating_point import OperatingPoint
from medmodels.trust.prediction_sets import PredictionSets
from medmodels.trust.signal_trust import SignalTrust
from medmodels.trust.stretches import beat_rows

Arrays = dict[str, npt.NDArray[Any]]
Floats = npt.NDArray[np.float32]
LOG = logging.getLogger(__name__)

HEAD = ("judgement",)
WHY_CONDITIONAL = (
    "A threshold for each class: one for all would cover 95% of all beats and leave out those "
    "that matter, for they are rare. Classes for which nothing is claimed take the threshold of "
    "all beats together, for their own would let them into every set."
)


def fit_trust(
    network: keras.Model,
    data: Path,
    base: Mapping[str, Any],
    card: Card,
    validation: Mapping[str, npt.NDArray[Any]],
    names: tuple[list[str], list[str]] = (list(DS1), list(DS2)),
    *,
    quick: bool = False,
) -> TrustParts:
    """Fit and measure everything.

    Parameters
    ----------
    network : keras.Model
        The bundle's.
    data : Path
        Holds ``ecg-mitdb`` and ``ecg-svdb``.
    base : mapping
        ``temperature``, ``class_offsets``, ``rule`` and ``chosen_on``, from
        `choose_trust`.
    card : Card
    validation : mapping of ndarray
        ``validation/logits``, ``labels`` and ``groups``: cross-validated.
    names : tuple of list of str
        Records to fit to and to test on.
    quick : bool
        With few made signals and one external record, to try the code.
    """
    spec = BeatInputSpec.from_card(card.input)
    labels = validation["validation/labels"].astype(np.int64)
    known = (labels >= 0) & (labels < len(card.classes))
    logits = validation["validation/logits"].astype(np.float64)[known]
    labels, groups = labels[known], validation["validation/groups"][known].astype(str)
    calibration, compared = choose_calibration(logits, labels, groups)
    trust: dict[str, Any] = dict(base) | {
        "calibration": calibration.to_trust() | {
            "candidates": compared,
            "why": "The simplest whose cross-validated log loss is within one standard error of "
            "the best.",
        },
        "features": list(HEAD),
    }  # fmt: skip
    point = OperatingPoint.from_trust(trust, card.class_names)
    probabilities = point.probabilities(logits)
    unclaimed = [name for name in card.evaluation.get("unclaimed", ()) if name in card.class_names]
    sets = PredictionSets.fit(
        probabilities, labels, conditional=True,
        unclaimed=[card.class_names.index(name) for name in unclaimed],
    )  # fmt: skip
    trust["prediction_sets"] = sets.to_trust() | {
        "unclaimed": unclaimed,
        "why": WHY_CONDITIONAL,
        "chosen_on": base["chosen_on"],
    }
    LOG.info("last layer")
    graph = BeatGraph(network, HEAD)
    kernels = last_kernels(network)
    rows, answers, truth, owners = _training_rows(graph, data, names[0], spec)
    scale = 1 / len(kernels)
    posterior = fit_head_posterior(
        scale * rows, point.probabilities(answers), np.concatenate(kernels),
        labels=truth, groups=owners, temperature=calibration.temperature,
    )  # fmt: skip
    trust["head"] = {"layers": list(HEAD), "scale": scale}
    trust["quality"] = quality_table()
    LOG.info("what is no ECG")
    outliers = fit_outliers(data, spec, names, quick)
    trust["out_of_distribution"] = outliers.trust
    reference = {"head/draws": posterior.draws} | outliers.reference
    predictions = dict(outliers.predictions)
    LOG.info("every recording, judged")
    layer = SignalTrust(trust, reference, point, str(card.input.get("expected", card.title)))
    outside = sorted(path.stem for path in (data / "ecg-svdb").glob("*.hea"))
    predictions |= _judged("test", data / "ecg-mitdb", names[1], graph, layer, spec, point)
    chosen = outside[:1] if quick else outside
    predictions |= _judged("external", data / "ecg-svdb", chosen, graph, layer, spec, point)
    return TrustParts(trust, reference, predictions)


def judge_again(bundle: Bundle, data: Path, external: Path, outside: list[str]) -> Arrays:
    """What the bundle's own trust layer says of every test and external recording."""
    point = bundle.operating_point
    spec = BeatInputSpec.from_card(bundle.card.input)
    graph = BeatGraph(bundle.network, tuple(bundle.trust["head"]["layers"]))
    layer = SignalTrust(bundle.trust, bundle.reference, point, "")
    mitdb, svdb = data / "ecg-mitdb", external / "ecg-svdb"
    return _judged("test", mitdb, list(DS2), graph, layer, spec, point) | _judged(
        "external", svdb, outside, graph, layer, spec, point
    )


def _training_rows(
    graph: BeatGraph, data: Path, names: list[str], spec: BeatInputSpec
) -> tuple[Floats, Floats, npt.NDArray[np.int64], npt.NDArray[np.str_]]:
    """What the last layer reads of every training beat, its logits, class and record."""
    rows, logits, labels, owners = [], [], [], []
    for name in names:
        signal, peaks, classes = read_record(data / "ecg-mitdb" / name)
        inputs = prepare_beats(signal, peaks, spec)
        answers, features = graph.with_features(inputs.windows, inputs.rhythm)
        known = classes < answers.shape[1]  # AAMI's Q is no class of the task
        rows.append(features[known])
        logits.append(answers[known])
        labels.append(classes[known])
        owners.append(np.full(int(known.sum()), name))
    return (
        np.concatenate(rows), np.concatenate(logits), np.concatenate(labels),
        np.concatenate(owners),
    )  # fmt: skip


def _judged(
    split: str,
    folder: Path,
    names: list[str],
    graph: BeatGraph,
    layer: SignalTrust,
    spec: BeatInputSpec,
    point: OperatingPoint,
) -> Arrays:
    """Decisions about whole recordings with our own R peaks; intervals with the annotated ones."""
    decisions, low, high = [], [], []
    for name in names:
        signal, peaks, _ = read_record(folder / name)
        inputs = prepare_beats(signal, peaks, spec)
        logits, features = graph.with_features(inputs.windows, inputs.rhythm)
        ends = layer.interval(features, logits)
        at = np.arange(len(logits)), point.labels(logits)
        low.append(ends[0][at])
        high.append(ends[1][at])
        found = find_r_peaks(signal)
        inputs = prepare_beats(signal, found, spec)
        logits, features = graph.with_features(inputs.windows, inputs.rhythm)
        columns = [column for column in choose_leads(signal.leads) if column is not None]
        findings = layer.quality(
            signal.samples[:, columns], signal.rate, found,
            tuple(signal.leads[column] for column in columns), True,
        )  # fmt: skip
        made = layer.verdict(
            stretches=layer.stretches(beat_rows(inputs), found / signal.rate),
            findings=findings, features=features, logits=logits,
        )  # fmt: skip
        decisions.append(decision_row(made.decision))
    return {
        f"{split}/records": np.array(names),
        f"{split}/records_decision": np.array([kind for kind, _ in decisions]),
        f"{split}/records_reason": np.array([reason for _, reason in decisions]),
        f"{split}/low": np.concatenate(low).astype(np.float16),
        f"{split}/high": np.concatenate(high).astype(np.float16),
    }
