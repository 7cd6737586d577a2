"""A bundle is what was published, to the byte, or it is refused."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medmodels.bundles import BUNDLES, BundleError, list_tasks, load_bundle, parse_card
from medmodels.evaluation.stored import evaluate_bundle, load_predictions
from medmodels.training.bundle_writer import MAXIMUM_BYTES, seal

TASKS = list_tasks()


@pytest.fixture(params=TASKS)
def task(request):
    return request.param


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the smallest bundle, to be damaged and mended."""
    root = tmp_path_factory.mktemp("bundles")
    shutil.copytree(BUNDLES / TASKS[0], root / TASKS[0])
    return root


def test_the_two_first_tasks_are_there():
    assert {"chest-xray", "ecg-beats"} <= set(TASKS)


def test_a_bundle_is_at_most_eight_megabytes(task):
    assert sum(path.stat().st_size for path in (BUNDLES / task).iterdir()) <= MAXIMUM_BYTES


def test_every_stored_number_is_recomputed_from_the_stored_predictions(task):
    bundle = load_bundle(task)
    again = evaluate_bundle(bundle)
    assert json.loads(json.dumps(again["splits"])) == bundle.evaluation["splits"]
    assert json.loads(json.dumps(again["steps"])) == bundle.evaluation["steps"]


def test_predictions_are_as_many_as_the_labels_and_finite(task):
    stored = load_predictions(load_bundle(task))
    for name in [key for key in stored if key.endswith("/logits")]:
        split = name.removesuffix("/logits")
        assert len(stored[name]) == len(stored[f"{split}/labels"]) == len(stored[f"{split}/groups"])
        assert np.isfinite(stored[name].astype(np.float64)).all()


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_changed_byte_anywhere_is_refused_by_the_name_of_its_file(copy, data):
    folder = copy / TASKS[0]
    path = data.draw(st.sampled_from(sorted(folder.iterdir())))
    original = path.read_bytes()
    at = data.draw(st.integers(0, len(original) - 1))
    flipped = bytes([original[at] ^ data.draw(st.integers(1, 255))])
    path.write_bytes(original[:at] + flipped + original[at + 1 :])
    try:
        with pytest.raises(BundleError) as refusal:
            load_bundle(TASKS[0], copy)
        if path.name != "manifest.json":
            assert path.name in str(refusal.value)
    finally:
        path.write_bytes(original)


def test_a_missing_and_a_foreign_file_are_named(copy):
    folder = copy / TASKS[0]
    (folder / "extra.py").write_text("print('hello')")
    with pytest.raises(BundleError, match=r"extra\.py does not belong"):
        load_bundle(TASKS[0], copy)
    (folder / "extra.py").unlink()
    (folder / "trust.json").rename(copy / "trust.json")
    with pytest.raises(BundleError, match=r"trust\.json is missing"):
        load_bundle(TASKS[0], copy)
    (copy / "trust.json").rename(folder / "trust.json")
    load_bundle(TASKS[0], copy)


def test_an_unknown_task_says_which_there_are():
    with pytest.raises(BundleError, match="chest-xray"):
        load_bundle("../samples")


def test_a_card_that_lacks_a_field_says_which():
    text = (BUNDLES / TASKS[0] / "card.toml").read_text()
    with pytest.raises(BundleError, match="question"):
        parse_card(text.replace("question =", "riddle ="))


def test_a_card_is_of_a_scan_a_signal_or_a_sequence_and_of_nothing_else():
    text = (BUNDLES / TASKS[0] / "card.toml").read_text()
    kind = f'kind = "{parse_card(text).kind}"'
    for other in ("scan", "signal", "sequence"):
        assert parse_card(text.replace(kind, f'kind = "{other}"')).kind == other
    with pytest.raises(BundleError, match='kind is "video"'):
        parse_card(text.replace(kind, 'kind = "video"'))


def test_a_bundle_over_the_limit_is_not_sealed(tmp_path):
    (tmp_path / "network.keras").write_bytes(bytes(MAXIMUM_BYTES + 1))
    with pytest.raises(ValueError, match="bytes"):
        seal(tmp_path)
