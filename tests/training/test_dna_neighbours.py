"""The nearest windows: who is asked, what is left out, and what is stored."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from medmodels.explain.neighbours import Neighbours
from medmodels.explain.neighbours_features import base_features
from medmodels.training.dna_data import load_windows
from medmodels.training.dna_explain import PLAN, explain_parts
from tests.training.dna_bundle import write_small_bundle
from tests.training.dna_made import write_index


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_index(tmp_path_factory.mktemp("made"), rows=240)


@pytest.fixture(scope="module")
def bundle(data, tmp_path_factory):
    return write_small_bundle(tmp_path_factory.mktemp("bundles") / "dna-splice", data)


@pytest.fixture(scope="module")
def parts(bundle, data):
    return explain_parts(bundle, data, lambda _: None)


def test_every_member_gives_its_last_layer(bundle, parts):
    windows = np.full((2, 60, 4), 0.25, np.float32)
    features = base_features(replace(bundle, trust=bundle.trust | parts.tables), windows)
    assert features.shape == (2, 2 * 2 * 3)  # members, directions, units


def test_every_window_is_stored_and_asked_without_its_own_entry(parts, data):
    windows = load_windows(data / "dna-splice", "train", "val")
    table, reference = parts.tables["neighbours"], parts.reference
    assert table["n"] == table["of"] == len(windows)
    assert reference["neighbours/names"].tolist() == windows.names.tolist()
    assert set(table["evaluation"]) == {"cross_validation", "test"}
    assert table["evaluation"]["test"]["n"] == len(load_windows(data / "dna-splice", "test"))
    predictions = parts.predictions
    assert {key.split("/")[0] for key in predictions} == {"cross_validation", "test"}
    np.testing.assert_array_equal(predictions["cross_validation/neighbour_labels"], windows.labels)
    # No window is its own nearest: none has the distance of zero.
    assert predictions["cross_validation/nearest"].min() > 0
    assert (predictions["test/neighbours"].sum(axis=1) == 10).all()
    assert PLAN.method == "mutagenesis"


def test_a_composite_is_a_table_of_frequencies(parts):
    composites = parts.reference["neighbours/composites"].astype(np.float64)
    assert composites.shape[1:] == (60, 4)
    np.testing.assert_allclose(composites.sum(axis=2), 1, atol=5e-3)
    assert all(row["n"] >= 30 for row in parts.tables["neighbours"]["clusters"])
    assert len(composites) == len(parts.tables["neighbours"]["clusters"]) > 0


def test_a_stored_window_finds_itself(bundle, parts, data):
    told = replace(bundle, trust=bundle.trust | parts.tables)
    store = Neighbours.from_reference(parts.reference, told.trust)
    windows = load_windows(data / "dna-splice", "train", "val")
    rows = base_features(told, windows.bases[:4])
    for row, name, group in zip(rows, windows.names, windows.groups, strict=False):
        found = store.nearest(row)
        assert found.distances[0] == pytest.approx(0, abs=2e-3)
        assert name in found.names[found.distances < 2e-3]
        assert group not in store.nearest(row, leave_out=group).groups


def test_few_are_spread_over_the_classes(bundle, data):
    made = explain_parts(bundle, data, lambda _: None, limit=30)
    assert made.tables["neighbours"]["n"] == 30
    assert set(made.reference["neighbours/labels"]) == {0, 1, 2}
