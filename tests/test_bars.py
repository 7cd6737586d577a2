"""The results that this project promises, on data it never tuned on."""

from __future__ import annotations

from medmodels.bundles import load_bundle


def _test_split(task):
    return load_bundle(task).evaluation["splits"]["test"]


def test_chest_radiographs():
    test = _test_split("chest-xray")
    assert test["n"] == 624
    assert test["auc"]["value"] >= 0.975
    assert test["balanced_accuracy"]["value"] >= 0.89


def test_ecg_beats_of_people_not_trained_on():
    test = _test_split("ecg-beats")
    ventricular, supraventricular = test["classes"]["V"], test["classes"]["S"]
    assert len(test["by_group"]["rows"]) == 22
    assert test["accuracy"]["value"] >= 0.95
    assert ventricular["sensitivity"]["value"] >= 0.92
    assert ventricular["ppv"]["value"] >= 0.90
    assert supraventricular["sensitivity"]["value"] >= 0.80
    assert supraventricular["ppv"]["value"] >= 0.50


def test_blood_cells():
    test = _test_split("blood-cells")
    assert test["n"] == 3411
    assert test["accuracy"]["value"] >= 0.985
    assert test["macro_f1"]["value"] >= 0.98
    assert test["auc"]["value"] >= 0.999


def test_splice_sites():
    splits = load_bundle("dna-splice").evaluation["splits"]
    assert splits["test"]["n"] == 480
    assert splits["cross_validation"]["n"] == 2524
    for split in (splits["test"], splits["cross_validation"]):
        assert split["accuracy"]["value"] >= 0.955
        assert split["macro_f1"]["value"] >= 0.95
