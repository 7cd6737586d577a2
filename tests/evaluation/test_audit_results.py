"""How often maps pass, from stored areas, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.bundles import list_tasks, load_bundle, parse_card
from medmodels.evaluation.audit_results import audit_results, share
from medmodels.evaluation.stored import load_predictions
from tests.bundles_fixture import SCAN_CARD

RULE = {"margin": 0.1, "level": 0.05, "steps": 5, "randoms": 10}
TRUST = {"explain": {"method": "good", "rule": RULE, "baselines": ["blurred"]}}


def test_by_hand():
    # Ten draws of size 1: the t of an area is the area, and 1.81 has p 0.05 at 10.
    chance = np.tile(np.r_[np.ones(10), -np.ones(10)], (4, 1))
    predictions = {
        "audit/test/labels": np.array([0, 0, 1, 1]),
        "audit/test/blob": np.array([0.5, 0.5, 0.5, 1.95]),
        "audit/test/edges": np.array([0.2, 1.8, 0.2, 0.2]),
        "audit/test/chance": chance,
        "audit/test/area/good": np.array([2.0, 1.85, 1.75, 2.0]),
        "audit/test/area/poor": np.zeros(4),
        "audit/test/whole/noise": np.array([0.9, np.nan, 0.7, 0.8]),
        "audit/test/whole/shift": np.full(4, np.nan),
        "audit/test/whole/shortcut": np.array([0.0, 1.0, 0.0, 0.0]),
    }
    found = audit_results(predictions, parse_card(SCAN_CARD), TRUST)["splits"]["test"]
    noise = {"median": 0.8, "low": 0.75, "high": 0.85, "n": 3}
    assert found["shown_first"]["noise"] == pytest.approx(noise)
    assert "shift" not in found["shown_first"]
    assert found["shown_first"]["shortcut_warned"]["count"] == 1
    good = found["methods"]["good"]
    assert list(found["methods"]) == ["good", "poor"]
    assert good["beat_random"]["count"] == 3
    assert good["led_controls"]["count"] == 2
    assert good["passed"]["count"] == 1
    assert good["by_class"]["normal"]["value"] == 0.5
    assert good["by_class"]["finding"]["value"] == 0
    assert found["methods"]["poor"]["passed"]["value"] == 0


def test_wilson_by_hand():
    # Wilson 1927 at 9 of 10 and z = 1.95996.
    found = share(np.array([True] * 9 + [False]))
    assert found["low"] == pytest.approx(0.5958, abs=1e-3)
    assert found["high"] == pytest.approx(0.9821, abs=1e-3)


@pytest.mark.parametrize("task", list_tasks())
def test_what_is_stored_is_what_is_computed_and_holds_the_bar(task):
    bundle = load_bundle(task)
    audit = bundle.evaluation["audit"]
    assert audit == audit_results(load_predictions(bundle), bundle.card, bundle.trust)
    shown = audit["splits"]["test"]["methods"][audit["method"]]
    assert audit["splits"]["test"]["n"] == 200
    assert shown["passed"]["value"] >= 0.90
    assert bundle.trust["explain"]["sanity"][audit["method"]]["passed"]
    # The t test keeps its level on random maps.
    assert audit["splits"]["validation"]["false_alarms"] == pytest.approx(0.05, abs=0.02)
    # Shown first is what measured best where it was chosen, among what is sane.
    sanity, chosen_on = bundle.trust["explain"]["sanity"], audit["splits"]["validation"]["methods"]
    best = max(one["passed"]["value"] for name, one in chosen_on.items() if sanity[name]["passed"])
    assert chosen_on[audit["method"]]["passed"]["value"] == best
