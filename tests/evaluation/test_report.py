"""The stored report of every bundle is what its stored predictions give."""

from __future__ import annotations

import json

import numpy as np
import pytest

from medmodels.bundles import list_tasks, load_bundle, parse_card
from medmodels.evaluation.report import report_of
from medmodels.evaluation.stored import load_predictions
from medmodels.trust.operating_point import OperatingPoint
from tests.bundles_fixture import SCAN_CARD
from tests.report_fixture import EXTERNAL, scan_predictions, write_scan_report

LARGEST = 300_000


@pytest.mark.parametrize("task", list_tasks())
def test_every_number_of_the_report_is_recomputed_from_the_stored_predictions(task):
    bundle = load_bundle(task)
    again = report_of(
        load_predictions(bundle), bundle.card, bundle.operating_point, bundle.evaluation["splits"]
    )
    assert json.loads(json.dumps(again, allow_nan=False)) == bundle.evaluation["report"]


@pytest.mark.parametrize("task", list_tasks())
def test_the_report_is_small_enough_to_open_at_once(task):
    assert (load_bundle(task).folder / "evaluation.json").stat().st_size < LARGEST


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    root = tmp_path_factory.mktemp("report")
    write_scan_report(root)
    return load_bundle("tiny-scan", root)


def test_it_agrees_with_the_evaluation_beside_it(bundle):
    for split in ("test", "external"):
        numbers, found = (bundle.evaluation[name] for name in ("splits", "report"))
        numbers, found = numbers[split], found["splits"][split]
        assert found["n"] == numbers["n"]
        confusion = np.array(numbers["confusion"])
        chosen = found["curves"]["finding"]["roc"]["chosen"]
        assert chosen["sensitivity"] == pytest.approx(
            confusion[1, 1] / confusion[1].sum(), abs=1e-6
        )
        assert chosen["fpr"] == pytest.approx(confusion[0, 1] / confusion[0].sum(), abs=1e-6)
        error = 1 - np.trace(confusion) / confusion.sum()
        assert found["selective"]["error"]["value"] == pytest.approx(error, abs=1e-6)
        histogram = found["histograms"]["finding"]
        assert sum(histogram["of_class"]) == confusion[1].sum()
        assert sum(entry["n"] for entry in found["reliability"]["finding"]) == numbers["n"]


def test_names_and_subgroups_are_used_where_they_are_known(bundle):
    found = bundle.evaluation["report"]["splits"]
    assert found["test"]["subgroups"][0]["name"] == "subtype"
    assert found["test"]["subgroups"][0]["unknown"] == 20
    assert [row["value"] for row in found["external"]["subgroups"][0]["rows"]] == [
        "under 60",
        "60 and over",
    ]
    assert all(m["name"].startswith("external/image-") for m in found["external"]["mistakes"])


def test_it_works_without_them_and_skips_rows_of_no_class():
    predictions = {k: v for k, v in scan_predictions().items() if k.count("/") == 1}
    predictions = {k: v for k, v in predictions.items() if not k.endswith("/names")}
    predictions["test/labels"] = predictions["test/labels"].copy()
    predictions["test/labels"][:2] = (2, -1)
    card = parse_card(SCAN_CARD + EXTERNAL)
    rule = {"class": "finding", "threshold": 0.5, "rule": "", "chosen_on": ""}
    point = OperatingPoint.from_trust(
        {"temperature": 1.0, "operating_point": rule}, card.class_names
    )
    numbers = {"n": 60, "classes": {}}
    found = report_of(predictions, card, point, {"test": numbers})["splits"]
    assert found["test"]["n"] == 78
    assert found["test"]["subgroups"] == []
    assert found["external"]["mistakes"][0]["name"].startswith("row ")
