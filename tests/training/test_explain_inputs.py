"""Which inputs explanations are measured on."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medmodels.bundles import list_tasks, load_bundle
from medmodels.inputs.beat_windows import BeatInputSpec, prepare_beats
from medmodels.networks.beat_graph import BeatGraph
from medmodels.networks.beat_stretch import LENGTH, stretch_of
from medmodels.training import cell_inputs, chest_inputs, dna_inputs, ecg_beats, ecg_inputs
from medmodels.training.cell_images import CLASSES as CELLS
from medmodels.training.cell_images import load_cells, network_input
from medmodels.training.chest_images import Radiographs
from medmodels.training.dna_data import load_windows
from medmodels.training.ecg_data import read_record
from medmodels.training.explain_inputs import Candidates, candidates, draw, explain_inputs
from tests.training.cell_pictures import write_cells
from tests.training.dna_bundle import write_small_bundle
from tests.training.dna_made import write_index

ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40)


@settings(deadline=None)
@given(ROWS, st.integers(1, 50), st.integers(0, 5), st.booleans())
def test_only_what_is_read_correctly_is_drawn_and_never_twice(rows, n, seed, per_class):
    labels, read = np.array(rows).T
    found = draw(labels, read, n, seed, per_class=per_class)
    assert len(set(found.tolist())) == len(found) == min(n, (labels == read).sum())
    assert (labels[found] == read[found]).all()
    np.testing.assert_array_equal(found, draw(labels, read, n, seed, per_class=per_class))


@settings(deadline=None)
@given(ROWS, st.integers(1, 50), st.integers(0, 5))
def test_classes_are_drawn_evenly_as_far_as_they_go(rows, n, seed):
    labels, read = np.array(rows).T
    found = draw(labels, read, n, seed, per_class=True)
    drawn = np.bincount(labels[found], minlength=4)
    there = np.bincount(labels[labels == read], minlength=4)
    # A class is behind the others only where there are no more of it.
    assert (drawn[drawn < there] >= drawn.max() - 1).all()


def test_each_input_is_as_likely_as_any_other():
    labels = np.zeros(10, np.int64)
    counts = sum(np.bincount(draw(labels, labels, 3, seed), minlength=10) for seed in range(500))
    # 150 expected of each, with a deviation of about 10.
    assert abs(counts - 150).max() < 45


def test_another_split_or_task_is_refused(tmp_path):
    with pytest.raises(ValueError, match="split"):
        explain_inputs(SimpleNamespace(task="chest-xray"), tmp_path, "train", 1, 0)
    # A task without a recipe, and a module that is none.
    for task in ("other", "explain-parts"):
        with pytest.raises(ValueError, match=f'no inputs are known for "{task}"'):
            explain_inputs(SimpleNamespace(task=task), tmp_path, "test", 1, 0)


def test_scans_come_with_their_class_and_name(monkeypatch, tmp_path):
    images = np.random.default_rng(0).random((6, 8, 8, 1), dtype=np.float32)
    labels = np.array([0, 1, 0, 1, 0, 1], np.int8)
    asked = []

    def load(data, split, size):
        asked.append((data, split, size))
        return Radiographs(images, labels, labels.astype(str), labels.astype(str))

    monkeypatch.setattr(chest_inputs, "load_paediatric", load)
    rows = [{"path": f"val/normal/picture-{k}.jpeg"} for k in range(6)]
    monkeypatch.setattr(chest_inputs, "paediatric_rows", lambda *_: rows)
    bundle = SimpleNamespace(
        task="chest-xray",
        card=SimpleNamespace(input={"size": 8}),
        network=SimpleNamespace(predict=lambda x, **_: x.mean(axis=(1, 2))),
        # The network reads the last two wrongly.
        operating_point=SimpleNamespace(labels=lambda _: np.array([0, 1, 0, 1, 1, 0])),
    )
    found = explain_inputs(bundle, tmp_path, "validation", 10, 0)
    assert asked == [(tmp_path, "val", 8)]
    assert sorted(one.name for one in found) == [f"picture-{k}" for k in range(4)]
    for one in found:
        k = int(one.name[-1])
        np.testing.assert_array_equal(one.x, images[k])
        assert (one.class_index, one.beat) == (labels[k], None)


def test_beats_come_with_their_neighbourhood(monkeypatch, shared_data):
    if "ecg-beats" not in list_tasks():
        pytest.skip("there is no ecg-beats bundle")
    bundle = load_bundle("ecg-beats")
    monkeypatch.setattr(ecg_inputs, "DS1", ["208"])
    found = explain_inputs(bundle, shared_data, "validation", 9, 3, per_class=True)
    assert [one.class_index for one in found].count(2) >= 3
    signal, peaks, _ = read_record(shared_data / "ecg-mitdb" / "208")
    inputs = prepare_beats(signal, peaks, BeatInputSpec.from_card(bundle.card.input))
    whole = BeatGraph(bundle.network)(inputs.windows, inputs.rhythm)
    # All in one call: beat by beat, recurrent layers take seconds for each.
    given = [np.stack(parts) for parts in zip(*(one.x for one in found), strict=True)]
    answers = np.asarray(bundle.network(given, training=False))
    for one, logits in zip(found, answers, strict=True):
        windows, rhythm = one.x
        record, number = one.name.split(", beat ")
        assert record == "208"
        assert len(windows) == len(rhythm) == LENGTH
        assert one.beat == int(number) - stretch_of(int(number))
        # The very stretch that it was read in: the very same answer.
        np.testing.assert_allclose(logits[one.beat], whole[int(number)], atol=1e-4)


def test_bases_come_with_their_class_and_name(tmp_path):
    data = write_index(tmp_path)
    bundle = write_small_bundle(tmp_path / "bundles" / "dna-splice", data)
    for split, stored in (("validation", "val"), ("test", "test")):
        windows = load_windows(data / "dna-splice", stored)
        logits = np.asarray(bundle.network(windows.bases, training=False))
        right = bundle.operating_point.labels(logits) == windows.labels
        found = explain_inputs(bundle, data, split, 99, 0)
        assert {one.name for one in found} == set(windows.names[right].tolist())
        assert 0 < len(found) < len(windows)
        for one in found:
            row = windows.names.tolist().index(one.name)
            np.testing.assert_array_equal(one.x, windows.bases[row])
            assert (one.class_index, one.beat) == (windows.labels[row], None)
    # A card may name the classes in an order of its own.
    turned = replace(bundle, card=replace(bundle.card, classes=bundle.card.classes[::-1]))
    (candidates,) = dna_inputs.inputs(turned, data, "test")
    np.testing.assert_array_equal(candidates.labels, 2 - windows.labels)


def _reds(pictures, **_):
    """Logits by the mean of red: 0.0 is the first class, 0.1 the second, and so on."""
    red = pictures[..., 0].mean(axis=(1, 2))
    return -np.abs(red[:, None] - np.arange(len(CELLS)) / 10).astype(np.float32)


@pytest.mark.parametrize(("split", "stored"), [("validation", "val"), ("test", "test")])
def test_cells_come_with_their_class_and_name_and_as_floats_only_when_taken(
    tmp_path, monkeypatch, split, stored
):
    write_cells(tmp_path, {"val": 16, "test": 9}, red=lambda number: 0.1 * (number % 7))
    names = CELLS[::-1]
    bundle = SimpleNamespace(
        task="blood-cells",
        # A card may name the classes in an order of its own.
        card=SimpleNamespace(input={"size": 32}, class_names=names),
        network=SimpleNamespace(predict=_reds, input_shape=(None, 32, 32, 3)),
        operating_point=SimpleNamespace(labels=lambda logits: 7 - logits.argmax(axis=1)),
    )
    cells, made = load_cells(tmp_path, stored), []

    def counted(pictures, size):
        made.append(len(pictures))
        return network_input(pictures, size)

    monkeypatch.setattr(cell_inputs, "network_input", counted)
    found = explain_inputs(bundle, tmp_path, split, 99, 0)
    # The colours come round after seven pictures, the classes after eight: the rest is misread.
    right = [k for k in range(len(cells)) if k % 7 == k % 8]
    assert {one.name for one in found} == {str(cells.names[k]) for k in right}
    assert made == [1] * len(found)
    for one in found:
        k = cells.names.tolist().index(one.name)
        assert (names[one.class_index], one.beat) == (CELLS[cells.labels[k]], None)
        assert one.x.dtype == np.float32
        np.testing.assert_array_equal(one.x, network_input(cells.pictures[k : k + 1], 32)[0])


def test_of_a_long_split_the_first_parts_can_do(monkeypatch, tmp_path):
    opened = []

    def recordings(*_):
        for number in range(9):
            opened.append(number)
            yield Candidates(np.zeros(2, np.int64), np.zeros(2, np.int64), lambda row: row)

    monkeypatch.setattr(ecg_beats, "inputs", recordings)
    found = explain_inputs(SimpleNamespace(task="ecg-beats"), tmp_path, "test", 99, 0, parts=3)
    assert opened == [0, 1, 2]
    assert len(found) == 6
    assert len(candidates(SimpleNamespace(task="ecg-beats"), tmp_path, "test")) == 9
