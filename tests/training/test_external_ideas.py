"""What is told of the ideas is what the stored logits say, by the rules fixed beforehand."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import numpy as np
import pytest

from medmodels.training import external_ideas_store as store
from medmodels.training.external_ideas import IDEAS
from medmodels.training.external_ideas_numbers import EDGE

PLAN = tomllib.loads(IDEAS.read_text())
TOLD = store.read_results()
# As they were when the idea was run: a bundle remade later may have others.
OFFSETS = {name: tuple(result["offsets"]) for name, result in TOLD.items()}


@pytest.fixture(scope="module")
def stored() -> store.Arrays:
    return store.read_arrays()


def test_every_idea_was_run_and_is_told() -> None:
    assert set(TOLD) == set(PLAN["ideas"])


@pytest.mark.parametrize("name", sorted(TOLD))
def test_numbers_told_are_those_of_the_stored_logits(name: str, stored: store.Arrays) -> None:
    table = PLAN["ideas"][name]
    fresh = store.result_of(name, table, PLAN["rules"][table["task"]], stored, OFFSETS[name])
    told = {key: value for key, value in TOLD[name].items() if key in fresh}
    assert "external" in told
    assert json.loads(json.dumps(fresh)) == told


def test_numbers_follow_the_logits(stored: store.Arrays) -> None:
    # Were the numbers not computed from the logits, turning these over would change nothing.
    table = PLAN["ideas"]["crop-6"]
    turned = stored | {
        f"chest-xray/crop-6/{part}": -stored[f"chest-xray/crop-6/{part}"]
        for part in ("validation", "external")
    }
    result = store.result_of("crop-6", table, PLAN["rules"]["chest-xray"], turned, ())
    told = TOLD["crop-6"]
    assert result["internal"]["idea"]["clean_auc"] == pytest.approx(
        1 - told["internal"]["idea"]["clean_auc"], abs=2e-5
    )
    assert result["external"]["measures"]["AUC"]["idea"]["value"] == pytest.approx(
        1 - told["external"]["measures"]["AUC"]["idea"]["value"], abs=2e-6
    )
    assert not result["adopted"]


def test_a_control_is_never_adopted() -> None:
    controls = [name for name, table in PLAN["ideas"].items() if table["kind"] == "control"]
    assert controls
    assert not any(TOLD[name]["adopted"] for name in controls)


def test_stored_rows_are_complete(stored: store.Arrays) -> None:
    for name, table in PLAN["ideas"].items():
        task = table["task"]
        rows = len(stored[f"{task}/external/labels"])
        assert stored[f"{task}/{name}/external"].shape[0] == rows
        assert stored[f"{task}/{name}/external"].dtype == np.float16
        assert np.isfinite(stored[f"{task}/{name}/external"]).all()
    views = list(stored["chest-xray/validation/views"])
    assert views[0] == "clean"
    assert EDGE in views[-int(stored["chest-xray/validation/probes"]) :]


def test_other_rows_are_not_stored_beside_the_old(tmp_path: Path) -> None:
    path = tmp_path / "ideas.npz"
    store.add_arrays({"t/external/labels": np.array([0, 1]), "t/a/external": np.zeros(2)}, path)
    with pytest.raises(ValueError, match="other rows"):
        store.add_arrays({"t/external/labels": np.array([1, 1])}, path)
    kept = store.add_arrays({"t/a/external": np.ones(2)}, path)
    np.testing.assert_array_equal(kept["t/a/external"], [1, 1])
    np.testing.assert_array_equal(store.read_arrays(path)["t/external/labels"], [0, 1])
