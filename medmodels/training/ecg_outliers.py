"""Fit, choose and test what tells an ECG from a signal that is none.

``python -m medmodels.training.ecg_outliers DATA BUNDLE OUT --compare`` compares
scores and features inside DS1 and writes OUT/compared.json; without
``--compare`` it fits `CHOICE`, made from that comparison, looks at the test
records, and writes OUT/ood.json and OUT/ood.npz.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
import numpy.typing as npt

from medmodels.bundles import parse_card
from medmodels.inputs.beat_windows import BeatInputSpec
from medmodels.inputs.open_signal import open_signal
from medmodels.inputs.signal import Signal
from medmodels.networks import rnn  # noqa: F401  (makes its layers known to Keras)
from medmodels.networks.beat_graph import BeatGraph
from medmodels.samples import SAMPLES, list_samples
from medmodels.training.ecg_data import DS1, DS2, FOLDS
from medmodels.training.ecg_outlier_choice import (
    FALSE_REFUSALS,
    Candidate,
    Training,
    compare,
    cross_validate,
)
from medmodels.training.ecg_outlier_results import Fitted, for_bundle, measure
from medmodels.training.ecg_outlier_rows import (
    LAYERS,
    NEAR,
    FeatureReader,
    Recording,
    columns,
    read_excerpts,
    read_made,
    read_near,
    read_records,
    stacked,
)
from medmodels.training.made_signals import TEST, TRAINING
from medmodels.trust.two_sided import TwoSided

Arrays = dict[str, npt.NDArray[Any]]
Doubles = npt.NDArray[np.float64]

CHOICE: Final = Candidate(TwoSided.name, "sizes", 0.001)
_TRAINING_SEEDS: Final = range(16)
_TEST_SEEDS: Final = range(100, 120)


def gather(reader: FeatureReader, data: Path, names: Sequence[str] = tuple(DS1)) -> Training:
    """Rows to fit to and to choose on.

    Parameters
    ----------
    reader : FeatureReader
    data : Path
        Folder with ``ecg-mitdb``.
    names : sequence of str
        Records of DS1.
    """
    folder = data / "ecg-mitdb"
    return Training(
        read_records(reader, folder, names),
        read_excerpts(reader, folder, names),
        read_made(reader, TRAINING, _TRAINING_SEEDS),
        read_near(reader, folder, names),
    )


def fit(
    candidate: Candidate, training: Training, where: dict[str, slice],
    folds: Sequence[Sequence[str]] = FOLDS,
) -> Fitted:  # fmt: skip
    """Fit to all of DS1 and all training kinds; the threshold is cross-validated.

    The threshold refuses 5% of the stretches of records that the score had
    not seen while it was cross-validated.
    """
    score = candidate.fit(
        candidate.take(stacked([*training.records, *training.excerpts])[0], where),
        candidate.take(stacked(training.made)[0], where),
    )
    held_out = cross_validate(candidate, training, where, folds)["records"]
    return Fitted(candidate, score, float(np.quantile(held_out, 1 - FALSE_REFUSALS)), where)


def read_test(reader: FeatureReader, data: Path) -> dict[str, list[Recording]]:
    """DS2, the external records, the samples, the test kinds, and DS2 made wrong."""
    external = sorted(path.stem for path in (data / "ecg-svdb").glob("*.hea"))
    samples = []
    for sample in list_samples("ecg-beats"):
        signal = open_signal({sample.file: (SAMPLES / sample.file).read_bytes()})
        assert isinstance(signal, Signal)
        samples.append(reader.read(signal, "samples", sample.file))
    found = {
        "test": read_records(reader, data / "ecg-mitdb", DS2),
        "external": read_records(reader, data / "ecg-svdb", external),
        "samples": samples,
    }
    for recording in (
        *read_made(reader, TEST, _TEST_SEEDS),
        *read_near(reader, data / "ecg-mitdb", DS2),
    ):
        found.setdefault(recording.kind, []).append(recording)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare, fit, measure and write."""
    parser = argparse.ArgumentParser(description="Fit the ECG bundle's out-of-distribution score.")
    parser.add_argument("data", type=Path, help="folder with ecg-mitdb and ecg-svdb")
    parser.add_argument("bundle", type=Path, help="folder of the ECG bundle")
    parser.add_argument("out", type=Path, help="folder to write to")
    parser.add_argument("--compare", action="store_true", help="compare all scores, and stop")
    given = parser.parse_args(arguments)
    given.out.mkdir(parents=True, exist_ok=True)
    spec = BeatInputSpec.from_card(parse_card((given.bundle / "card.toml").read_text()).input)
    if given.compare:
        network = keras.saving.load_model(
            given.bundle / "network.keras", compile=False, safe_mode=True
        )
        training = gather(FeatureReader(spec, BeatGraph(network, LAYERS)), given.data)
        table = compare(training, columns(spec, network=True))
        (given.out / "compared.json").write_text(json.dumps(table, indent=1))
        return
    reader, where = FeatureReader(spec), columns(spec, network=False)
    training = gather(reader, given.data)
    fitted = fit(CHOICE, training, where)
    stored = given.out / "compared.json"
    table = json.loads(stored.read_text()) if stored.exists() else []
    test = read_test(reader, given.data)
    trust, reference, predictions = for_bundle(fitted, table, test)
    document = {"trust": trust, "measured": measure(fitted, test), "near": list(NEAR)}
    (given.out / "ood.json").write_text(json.dumps(document, indent=1))
    arrays: dict[str, Any] = reference | predictions
    np.savez_compressed(given.out / "ood.npz", **arrays)


if __name__ == "__main__":
    main()
