"""The whole recipe in its quick mode, on drawn ECGs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import wfdb

from medmodels.bundles import load_bundle, parse_card
from medmodels.inputs.beat_windows import CONTEXT_NAMES, BeatInputSpec, prepare_beats
from medmodels.networks.beat_graph import BeatGraph
from medmodels.training.ecg_beats import CARD, train
from medmodels.training.ecg_data import read_record
from tests.inputs.ecg_drawing import draw


def _write_record(folder: Path, name: str, rate: int, seed: int) -> None:
    """Ninety seconds with an early beat (A) and a tall one (V) now and then."""
    rng = np.random.default_rng(seed)
    rr = 0.8 + 0.02 * rng.standard_normal(100)
    symbols = np.full(100, "N")
    symbols[9::10], symbols[14::20] = "A", "V"
    rr[9::10] = 0.5
    times = 0.6 + np.cumsum(rr)
    signal = draw(times, rate, float(times[-1] + 1), seed=seed)
    tall = draw(times[symbols == "V"], rate, float(times[-1] + 1), height=1.5, noise=0.0)
    wfdb.wrsamp(
        name, fs=rate, units=["mV", "mV"], sig_name=["MLII", "V1"], fmt=["16", "16"],
        p_signal=(signal.samples + tall.samples).astype(np.float64), write_dir=str(folder),
    )  # fmt: skip
    wfdb.wrann(
        name, "atr", np.rint(times * rate).astype(int), symbols.tolist(), write_dir=str(folder)
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    for part in ("ecg-mitdb", "ecg-svdb"):
        (folder / part).mkdir()
    for seed, name in enumerate(("100", "118", "119", "208")):
        _write_record(folder / "ecg-mitdb", name, 360, seed)
    _write_record(folder / "ecg-svdb", "800", 128, 9)
    return folder


@pytest.mark.timeout(240)
def test_quick_training_writes_a_bundle_that_loads(data: Path, tmp_path: Path) -> None:
    train(data, tmp_path / "ecg-beats", quick=True)
    bundle = load_bundle("ecg-beats", tmp_path)
    stored = np.load(tmp_path / "ecg-beats" / "predictions.npz")
    assert stored["test/logits"].shape == (100, 4)
    assert set(stored["validation/groups"].tolist()) == {"118", "119", "208"}
    assert stored["external/groups"].tolist() == ["800"] * 100
    found, missed = stored["test_detected/labels"], stored["test_detected/missed_labels"]
    assert (found >= 0).sum() + len(missed) == 100
    names = [row["name"] for row in bundle.training["steps"]]
    assert names == ["plain", "preprocessing", "network", "augmentation", "optimiser", "final"]
    for name in names:
        assert stored[f"steps/{name}/predicted"].shape == (100,)
    shipped = bundle.operating_point.labels(stored["test/logits"])
    np.testing.assert_array_equal(stored["steps/final/predicted"], shipped)
    assert bundle.training["quick"] is True
    # The path of the app gives what was stored.
    signal, peaks, _ = read_record(data / "ecg-mitdb" / "100")
    inputs = prepare_beats(signal, peaks, BeatInputSpec.from_card(bundle.card.input))
    logits = BeatGraph(bundle.network)(inputs.windows, inputs.rhythm)
    np.testing.assert_allclose(logits, stored["test/logits"].astype(np.float32), atol=0.01)


def test_the_card_names_what_the_code_computes() -> None:
    card = parse_card(CARD.read_text())
    spec = BeatInputSpec.from_card(card.input)
    assert set(spec.rhythm) <= set(CONTEXT_NAMES)
    assert len(set(spec.rhythm)) == len(spec.rhythm)
    assert f"{len(spec.rhythm)} numbers" in card.network["description"]
    assert card.class_names == ("N", "S", "V", "F")
