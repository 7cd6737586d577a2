"""The trust layer of a small network on made windows, from fitting to a bundle that reads."""

from __future__ import annotations

import tomllib

import keras
import numpy as np
import pytest

from medmodels.bundles import load_bundle, parse_card
from medmodels.evaluation.stored import evaluate_bundle
from medmodels.inputs.open_sequences import open_sequences
from medmodels.networks.base_features import BaseFeatures
from medmodels.networks.base_scan import BaseScan
from medmodels.networks.splice_rnn import average_members, splice_rnn
from medmodels.reading import read
from medmodels.training.bundle_writer import write_bundle
from medmodels.training.dna_data import CLASSES, load_windows
from medmodels.training.dna_fit import Settings, fit
from medmodels.training.dna_splice import CARD, CHOICE, as_arrays
from medmodels.training.dna_trust import ALONG, fit_trust, judge_again
from tests.training.dna_made import write_index

SHAPE = {"filters": 8, "width": 6}
BASE = {"temperature": 1.0, "class_offsets": [0.0] * 3, "rule": "largest", "chosen_on": "made"}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_index(tmp_path_factory.mktemp("data"), rows=300)


@pytest.fixture(scope="module")
def network(data) -> keras.Model:
    windows = load_windows(data / "dna-splice", "train", "val")
    members = []
    for seed in (1, 2):
        keras.utils.set_random_seed(seed)
        members.append(splice_rnn(3, **SHAPE))
        fit(members[-1], windows, Settings(epochs=20, batch=32), seed)
    return average_members(members, **SHAPE)


@pytest.fixture(scope="module")
def held_out(data, network):
    """As if the network had not seen its windows, in another order than the file's."""
    windows = load_windows(data / "dna-splice", "train", "val")
    order = np.random.default_rng(0).permutation(len(windows))
    windows = windows.where(order)
    logits = BaseFeatures(network, "along")(windows.bases)[0]
    noise = np.random.default_rng(1).normal(size=logits.shape)
    found = as_arrays("cross_validation", windows, (logits + noise).astype(np.float32))
    plain = windows.bases[windows.labels == CLASSES.index("N")]
    return found | {ALONG: BaseScan(network)(plain.reshape(-1, 4)).astype(np.float16)}


@pytest.fixture(scope="module")
def parts(network, data, held_out):
    told: list[str] = []
    found = fit_trust(network, data, BASE, CLASSES, held_out, told.append, limit=24)
    assert len(told) == 4
    return found


@pytest.fixture(scope="module")
def bundle(parts, network, data, held_out, tmp_path_factory):
    root = tmp_path_factory.mktemp("bundle")
    test = load_windows(data / "dna-splice", "test")
    logits = BaseFeatures(network, "along")(test.bases)[0]
    write_bundle(
        root / "dna-splice", card=CARD, network=network, trust=parts.trust,
        predictions=held_out | as_arrays("test", test, logits) | parts.predictions,
        training={"command": "none", "choice": tomllib.loads(CHOICE.read_text()), "steps": []},
        reference=parts.reference,
    )  # fmt: skip
    return load_bundle("dna-splice", root)


def test_everything_that_reading_needs_is_there(parts):
    trust = parts.trust
    assert trust["head"] == {"layer": "along", "scale": 0.5}
    assert set(trust["quality"]) == {"unknown", "middle", "repeats", "run"}
    outlier = trust["out_of_distribution"]
    assert outlier["warn"] <= outlier["refuse"]
    assert len(outlier["kinds"]) >= 15
    assert all(f"ood/{kind['name']}/unlike" in parts.predictions for kind in outlier["kinds"])
    assert trust["calibration"]["candidates"]
    # Two members of six units in each direction, and the bias.
    assert parts.reference["head/draws"].shape == (64, 2 * 12 + 1, 3)


def test_thresholds_are_those_of_held_out_scores(parts):
    own = parts.predictions["cross_validation/unlike"]
    outlier = parts.trust["out_of_distribution"]
    assert (own >= outlier["refuse"]).mean() == pytest.approx(0.02, abs=0.01)
    assert (own >= outlier["warn"]).mean() == pytest.approx(0.05, abs=0.01)


def test_the_evaluation_is_computed_from_what_is_stored(bundle):
    trust = bundle.evaluation["trust"]
    assert set(trust["decision"]["splits"]) == {"cross_validation", "test"}
    assert trust["decision"]["splits"]["test"]["n"] == 60
    assert trust["prediction_sets"]["exchangeable"]["0.95"]["halves"] == 100
    kinds = {kind["name"]: kind for kind in trust["out_of_distribution"]["kinds"]}
    assert kinds["homopolymer"]["auroc"]["value"] > 0.95
    assert evaluate_bundle(bundle)["trust"] == trust


def test_what_is_judged_again_is_what_was_stored(bundle, data, parts):
    found = judge_again(bundle, data)
    for name in ("unlike", "quality", "low", "high"):
        stored = parts.predictions[f"test/{name}"]
        np.testing.assert_allclose(found[f"test/{name}"], stored, atol=1e-4)


def test_the_app_decides_as_the_evaluation_does(bundle, data):
    test = load_windows(data / "dna-splice", "test")
    counted = {"answer": 0, "warn": 0, "abstain": 0}
    for window in test.bases:
        text = "".join("ACGT"[k] for k in window.argmax(axis=1))
        counted[read(bundle, open_sequences(text)).decision.kind] += 1
    stored = bundle.evaluation["trust"]["decision"]["splits"]["test"]
    assert counted == {kind: stored[kind] for kind in counted}


def test_letters_that_are_no_dna_are_declined(bundle):
    for text in ("A" * 60, "ACG" * 20, "AT" * 30):
        assert read(bundle, open_sequences(text)).decision.abstains


def test_the_card_is_of_its_kind():
    assert parse_card(CARD.read_text()).kind == "sequence"
