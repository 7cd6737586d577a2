"""Fit, choose and test what tells an ECG from a signal that is none.

``python -m medmodels.training.ecg_outliers DATA BUNDLE OUT --compare`` compares
scores and features inside DS1 and writes OUT/ecg_outliers.json; without
``--compare`` it fits `CHOICE`, made from that comparison, looks at the test
records, and writes what it found to OUT/ood.json.
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
from medmodels.training.trust_parts import TrustParts
from medmodels.trust.beat_sizes import BeatSizes

Arrays = dict[str, npt.NDArray[Any]]
Doubles = npt.NDArray[np.float64]

COMPARED: Final = Path(__file__).with_name("ecg_outliers.json")
CHOICE: Final = Candidate(BeatSizes.name, "windows", 0.001)
_TRAINING_SEEDS: Final = range(16)
_TEST_SEEDS: Final = range(100, 120)


def gather(
    reader: FeatureReader, data: Path, names: Sequence[str] = tuple(DS1),
    seeds: range = _TRAINING_SEEDS,
) -> Training:  # fmt: skip
    """Rows to fit to and to choose on.

    Parameters
    ----------
    reader : FeatureReader
    data : Path
        Folder with ``ecg-mitdb``.
    names : sequence of str
        Records of DS1.
    seeds : range
        Of the made signals.
    """
    folder = data / "ecg-mitdb"
    return Training(
        read_records(reader, folder, names),
        read_excerpts(reader, folder, names),
        read_made(reader, TRAINING, seeds),
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
    at = candidate.columns(where)
    score = candidate.fit(
        stacked([*training.records, *training.excerpts])[0][:, at],
        stacked(training.made)[0][:, at],
    )
    held_out = cross_validate(candidate, training, where, folds)["records"]
    threshold = float(np.quantile(held_out, 1 - FALSE_REFUSALS))
    return Fitted(candidate, score, threshold, at, held_out)


def fit_outliers(
    data: Path, spec: BeatInputSpec, names: tuple[Sequence[str], Sequence[str]], quick: bool
) -> TrustParts:
    """Fit `CHOICE` and score everything that it is tested on, for a bundle.

    Parameters
    ----------
    data : Path
        Folder with ``ecg-mitdb`` and ``ecg-svdb``.
    spec : BeatInputSpec
    names : tuple
        Records to fit to (DS1) and to test on (DS2).
    quick : bool
        With few made signals and one external record, to try the code.

    Returns
    -------
    TrustParts
        See `for_bundle`.
    """
    reader, where = FeatureReader(spec), columns(spec, network=False)
    seeds = (range(2), range(100, 101)) if quick else (_TRAINING_SEEDS, _TEST_SEEDS)
    training = gather(reader, data, names[0], seeds[0])
    folds = [[name] for name in names[0]] if quick else FOLDS
    fitted = fit(CHOICE, training, where, folds)
    table = json.loads(COMPARED.read_text()) if COMPARED.exists() else []
    return for_bundle(fitted, table, read_test(reader, data, names[1], seeds[1], quick))


def read_test(
    reader: FeatureReader, data: Path, names: Sequence[str] = tuple(DS2),
    seeds: range = _TEST_SEEDS, quick: bool = False,
) -> dict[str, list[Recording]]:  # fmt: skip
    """DS2, the external records, the samples, the test kinds, and DS2 made wrong."""
    external = sorted(path.stem for path in (data / "ecg-svdb").glob("*.hea"))
    external = external[:1] if quick else external
    samples = []
    for sample in list_samples("ecg-beats"):
        signal = open_signal({sample.file: (SAMPLES / sample.file).read_bytes()})
        assert isinstance(signal, Signal)
        samples.append(reader.read(signal, "samples", sample.file))
    found = {
        "test": read_records(reader, data / "ecg-mitdb", names),
        "external": read_records(reader, data / "ecg-svdb", external),
        "samples": samples,
    }
    for recording in (
        *read_made(reader, TEST, seeds),
        *read_near(reader, data / "ecg-mitdb", names),
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
        (given.out / COMPARED.name).write_text(json.dumps(table, indent=1) + "\n")
        return
    reader, where = FeatureReader(spec), columns(spec, network=False)
    training = gather(reader, given.data)
    fitted = fit(CHOICE, training, where)
    test = read_test(reader, given.data)
    (given.out / "ood.json").write_text(json.dumps(measure(fitted, test), indent=1) + "\n")


if __name__ == "__main__":
    main()
