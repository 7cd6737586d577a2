"""The whole recipe in its quick mode, on made windows."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise

import numpy as np
import pytest

from medmodels.bundles import load_bundle, parse_card
from medmodels.evaluation.stored import evaluate_bundle
from medmodels.inputs.bases import one_hot
from medmodels.inputs.open_sequences import open_sequences
from medmodels.networks.base_scan import BaseScan
from medmodels.reading.call_levels import CallLevels
from medmodels.training.dna_data import CLASSES, LENGTH, load_windows
from medmodels.training.dna_fit import batches
from medmodels.training.dna_recipe import recipe_of
from medmodels.training.dna_scan_rates import USUAL_RATE
from medmodels.training.dna_splice import CARD, CHOICE, junction, predict, species, train
from tests.training.dna_made import write_index


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_index(tmp_path_factory.mktemp("data"), rows=150)


@pytest.fixture(scope="module")
def bundle(data, tmp_path_factory):
    root = tmp_path_factory.mktemp("bundles")
    train(data, root / "dna-splice", quick=True)
    return load_bundle("dna-splice", root)


@pytest.mark.timeout(240)
def test_quick_training_writes_a_bundle_that_loads(bundle, data):
    stored = np.load(bundle.folder / "predictions.npz")
    assert stored["test/logits"].shape == (30, 3)
    assert stored["cross_validation/logits"].shape == (120, 3)
    assert bundle.card.kind == "sequence"
    assert bundle.training["quick"] is True
    # An entry is read by one fold's network only, and no test entry by any.
    groups, folds = stored["cross_validation/groups"], stored["cross_validation/folds"]
    assert all(len(set(folds[groups == name])) == 1 for name in set(groups))
    assert not set(groups) & set(stored["test/groups"])
    levels = CallLevels.from_trust(bundle.trust)
    assert levels.levels[levels.usual].rate == USUAL_RATE
    assert all(set(level.classes) == {"EI", "IE"} for level in levels.levels)
    rows = [level.classes["EI"] for level in levels.levels]
    assert all(a.in_vain_per_1000 >= b.in_vain_per_1000 for a, b in pairwise(rows))


def test_the_evaluation_is_recomputed_from_what_is_stored(bundle):
    again = evaluate_bundle(bundle)
    assert set(bundle.evaluation["splits"]) == {"cross_validation", "test"}
    assert again["splits"]["test"]["confusion"] == bundle.evaluation["splits"]["test"]["confusion"]
    assert bundle.evaluation["bootstrap"]["over"] == "entry"
    subgroups = bundle.evaluation["report"]["splits"]["test"]["subgroups"]
    assert [column["name"] for column in subgroups] == ["junction", "species"]


def test_the_path_of_the_app_gives_what_was_stored(bundle, data):
    stored = np.load(bundle.folder / "predictions.npz")
    found = predict(bundle, data)
    np.testing.assert_allclose(found["test/logits"], stored["test/logits"], atol=1e-4)
    sequences = open_sequences((data / "dna-splice" / "index.csv").read_bytes())
    row = sequences.names.index(str(stored["test/names"][0]))
    logits = BaseScan(bundle.network)(one_hot(sequences.sequences[row]))
    np.testing.assert_allclose(logits[0], stored["test/logits"][0], atol=1e-4)


def test_subgroups_by_hand(data):
    windows = load_windows(data / "dna-splice", "train")
    assert species(windows)[:3].tolist() == ["other primate", "other primate", "human"]
    kinds = junction(windows)
    assert (kinds[windows.labels < 2] == "site, usual GT or AG").all()
    windows.bases[0, 30] = [1, 0, 0, 0]
    assert junction(windows)[0] == "site, unusual"
    neither = np.flatnonzero(windows.labels == 2)[0]
    windows.bases[neither, 28:32] = np.eye(4)[[0, 2, 2, 3]]
    assert junction(windows)[neither] == "no site, but GT or AG there"


def test_an_epoch_holds_every_window_once_and_made_negatives_beside_them(data):
    windows = load_windows(data / "dna-splice", "train")
    settings = recipe_of(tomllib.loads(CHOICE.read_text())).settings
    seen = list(batches(windows, settings, np.random.default_rng(0)))
    assert len({bases.shape for bases, _, _ in seen}) == 1
    weights = np.concatenate([w for _, _, w in seen])
    labels = np.concatenate([y for _, y, _ in seen])
    assert (weights == 1).sum() == len(seen) * settings.batch
    assert (labels[weights != 1] == CLASSES.index("N")).all()


def test_the_card_says_what_the_code_does():
    card = parse_card(CARD.read_text())
    assert card.class_names == CLASSES
    assert card.input["length"] == LENGTH
    assert len({entry.letter for entry in card.classes}) == 3
    # 1 in 30,000 places is a site: at 1 false call in 1,000, 30 of 31 calls are false.
    text = " ".join(card.limits)
    introns, genome = 207_344, 3.1e9
    assert round(2 * genome / introns, -4) == 30_000
    assert f"{introns:,}" in text
    assert "one place in 30,000" in text
    assert "30 of 31 calls" in text


def test_the_counts_in_the_card_are_those_of_the_data(shared_data):
    folder = shared_data / "dna-splice"
    if not folder.is_dir():
        pytest.skip("the splice junctions are not on this machine")
    card = parse_card(CARD.read_text())
    for entry, splits in zip(card.data, (("train", "val"), ("test",)), strict=True):
        windows = load_windows(folder, *splits)
        stated = [int(n.replace(",", "")) for n in re.findall(r"\b\d[\d,]*", entry["population"])]
        counts = np.bincount(windows.labels).tolist()
        assert stated[0] == len(windows)
        assert len(set(windows.groups)) in stated
        assert stated[-3:] == counts
