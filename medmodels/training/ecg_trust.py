"""The trust layer of the ECG bundle, fitted inside DS1 only.

``python -m medmodels trust ecg-beats --data DIR`` makes it anew for the
bundle's network; ``train`` ends with it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from medmodels.bundles import Card
from medmodels.evaluation.signal_decisions import decision_row
from medmodels.inputs.beat_windows import BeatInputSpec, prepare_beats
from medmodels.inputs.clean_wave import choose_leads
from medmodels.networks.averaging import last_kernels
from medmodels.networks.beat_graph import BeatGraph
from medmodels.training.ecg_data import DS1, DS2, read_record
from medmodels.training.ecg_outliers import fit_outliers
from medmodels.training.ecg_passes import Arrays, PassedRecord, joined, pass_records
from medmodels.training.ecg_quality import quality_table
from medmodels.training.trust_parts import TrustParts
from medmodels.trust.calibration import choose_calibration
from medmodels.trust.head_posterior import fit_head_posterior
from medmodels.trust.operating_point import OperatingPoint
from medmodels.trust.prediction_sets import PredictionSets
from medmodels.trust.signal_trust import SignalTrust
from medmodels.trust.stretches import beat_rows

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
    chosen = outside[:1] if quick else outside
    for split, folder, some in (
        ("test", "ecg-mitdb", names[1]), ("external", "ecg-svdb", chosen)
    ):  # fmt: skip
        predictions |= joined(
            judge_records(split, [record], layer, point)
            for record in pass_records(data / folder, some, graph, spec)
        )
    return TrustParts(trust, reference, predictions)


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


def judge_records(
    split: str, records: Iterable[PassedRecord], layer: SignalTrust, point: OperatingPoint
) -> Arrays:
    """What a trust layer says of whole recordings.

    Parameters
    ----------
    split : str
        Prefix of the arrays' names.
    records : iterable of PassedRecord
        Their graph gives the features of the bundle's last layer.
    layer : SignalTrust
    point : OperatingPoint

    Returns
    -------
    dict of ndarray
        Decisions, with our own R peaks: ``<split>/records``,
        ``records_decision`` and ``records_reason``, one a record; the ends of
        each beat's interval, with the annotated ones: ``low`` and ``high``.
    """
    names, decisions, low, high = [], [], [], []
    for record in records:
        beats, signal = record.annotated, record.signal
        ends = layer.interval(beats.features, beats.logits)
        at = np.arange(len(beats.logits)), point.labels(beats.logits)
        low.append(ends[0][at])
        high.append(ends[1][at])
        beats = record.detected
        found = beats.inputs.r_peaks
        columns = [column for column in choose_leads(signal.leads) if column is not None]
        findings = layer.quality(
            signal.samples[:, columns], signal.rate, found,
            tuple(signal.leads[column] for column in columns), True,
        )  # fmt: skip
        made = layer.verdict(
            stretches=layer.stretches(beat_rows(beats.inputs), found / signal.rate),
            findings=findings, features=beats.features, logits=beats.logits,
        )  # fmt: skip
        names.append(record.name)
        decisions.append(decision_row(made.decision))
    return {
        f"{split}/records": np.array(names),
        f"{split}/records_decision": np.array([kind for kind, _ in decisions]),
        f"{split}/records_reason": np.array([reason for _, reason in decisions]),
        f"{split}/low": np.concatenate(low).astype(np.float16),
        f"{split}/high": np.concatenate(high).astype(np.float16),
    }
