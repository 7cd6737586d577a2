"""The command that measures a bundle's explanations, in its quick form."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.bundles import load_bundle, open_bundle, parse_card
from medmodels.explain.methods import METHODS, methods_for
from medmodels.training import blood_cells, chest_xray, dna_explain, dna_splice, ecg_beats
from medmodels.training.explain_bundle import choose, explain_bundle, shows_a_body
from medmodels.training.explain_parts import kept_arrays, kept_tables
from tests.training.dna_bundle import write_small_bundle
from tests.training.dna_made import write_index


def passed(value: float, area: float) -> dict:
    return {"passed": {"value": value}, "area": area}


def test_the_best_of_the_sane_is_shown_first():
    found = {"a": passed(1.0, 9), "b": passed(0.9, 1), "c": passed(0.9, 2), "d": passed(0.2, 5)}
    flags = {name: np.zeros(10, bool) for name in found}
    sanity = {name: {"passed": name != "a"} for name in found}
    assert choose(found, flags, sanity) == "c"
    with pytest.raises(ValueError, match="nothing can be shown as evidence"):
        choose(found, flags, {name: {"passed": False} for name in found})


@pytest.mark.parametrize(("more", "first"), [(5, "quick"), (6, "slow")])
def test_a_slow_method_must_be_better_beyond_chance(more, first):
    # Five of five inputs that differ: two-sided p = 0.0625. Six of six: 0.03125.
    flags = {"quick": np.arange(20) >= more, "slow": np.ones(20, bool)}
    found = {name: passed(float(flags[name].mean()), 1.0) for name in flags}
    sanity = {name: {"passed": True} for name in flags}
    assert choose(found, flags, sanity, {"slow"}) == first
    assert choose(found, flags, sanity) == "slow"
    assert choose(found, flags, sanity | {"quick": {"passed": False}}, {"slow"}) == "slow"


def test_what_belongs_to_explanations_outlives_a_new_trust_layer():
    trust = {"temperature": 1.0, "explain": {}, "neighbours": {}, "saliency_scale": {}}
    assert set(kept_tables(trust)) == {"explain", "neighbours", "saliency_scale"}
    assert list(kept_arrays({"head/draws": 1, "typical/windows": 2})) == ["typical/windows"]


def test_only_where_a_body_lies_on_dark_can_a_map_lie_outside_of_it():
    recipes = (chest_xray, blood_cells, ecg_beats, dna_splice)
    found = [shows_a_body(parse_card(recipe.CARD.read_text())) for recipe in recipes]
    assert found == [True, False, False, False]


def test_the_quick_form_runs_and_leaves_the_network_alone(shared_data, tmp_path):
    bundle = load_bundle("ecg-beats")
    out, told = tmp_path / "ecg-beats", []
    explain_bundle(bundle, shared_data, out, True, told.append)
    made = open_bundle(out)
    own, new = ((one.folder / "network.keras").read_bytes() for one in (bundle, made))
    assert own == new
    assert made.training["explain"]["quick"] is True
    assert made.evaluation["audit"]["method"] == made.trust["explain"]["method"]
    assert made.evaluation["audit"]["splits"]["test"]["n"] == 4
    assert any("shown first" in line for line in told)


def test_sequences_are_measured_as_well(tmp_path, monkeypatch):
    data = write_index(tmp_path / "data", rows=240)
    bundle = write_small_bundle(tmp_path / "made" / "dna-splice", data)

    def parts(bundle, data, quick):
        return dna_explain.explain_parts(bundle, data, told.append, 60 if quick else None)

    out, told = tmp_path / "dna-splice", []
    monkeypatch.setattr(dna_splice, "explain_parts", parts, raising=False)
    explain_bundle(bundle, data, out, True, told.append)
    made = open_bundle(out)
    own, new = ((one.folder / "network.keras").read_bytes() for one in (bundle, made))
    assert own == new
    names = [method.name for method in methods_for("sequence")]
    assert list(made.trust["explain"]["sanity"]) == names
    assert made.trust["explain"]["method"] in names
    assert made.trust["explain"]["baselines"] == ["unknown", "shuffled", "random"]
    assert "shortcut" not in made.trust["explain"]
    for split in ("validation", "test"):
        found = made.evaluation["audit"]["splits"][split]
        assert found["n"] == 4
        assert set(found["methods"]) == set(names)
    first = made.evaluation["audit"]["splits"]["test"]["shown_first"]
    assert "shift" not in first
    assert set(made.trust["saliency_scale"]) == {METHODS[name].title for name in names}
    # As before: the explanations are no split of the answers.
    assert set(made.evaluation["splits"]) == {"cross_validation", "test"}
    assert made.evaluation["splits"]["test"] == bundle.evaluation["splits"]["test"]
