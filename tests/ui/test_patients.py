"""The section moves with its controls, and what it says follows from the stored predictions."""

from __future__ import annotations

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from medmodels.bundles import Bundle, load_bundle
from medmodels.evaluation.operating import judged_split
from medmodels.evaluation.stored import load_predictions
from medmodels.trust.predictive_values import natural_frequencies, positive_predictive_value
from medmodels.ui.operating_data import class_data, offered_labels
from medmodels.ui.operating_point import broken_promise, step_words
from medmodels.ui.patients import PREVALENCES, chance_sentence, start_prevalence

CHEST, ECG = "chest-xray", "ecg-beats"


def app(task: str) -> None:
    import streamlit as st

    from medmodels.bundles import load_bundle
    from medmodels.ui.operating_point import chosen_threshold
    from medmodels.ui.patients import show_patients

    bundle = load_bundle(task)
    st.text(f"outside: {chosen_threshold(bundle)}")
    show_patients(bundle)


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Neither a slider nor the first run may load a network."""

    def refuse(self):
        raise AssertionError("a network was loaded")

    monkeypatch.setattr(Bundle, "network", property(refuse))


def run(task: str) -> AppTest:
    page = AppTest.from_function(app, kwargs={"task": task}, default_timeout=60).run()
    assert not page.exception
    return page


@pytest.fixture
def chest() -> AppTest:
    return run(CHEST)


@pytest.fixture(scope="module")
def data():
    bundle = load_bundle(CHEST)
    return class_data(bundle, bundle.operating_point.positive)


def slider(page: AppTest, part: str):
    return next(entry for entry in page.select_slider if part in entry.key)


def button(page: AppTest, label: str):
    return next(entry for entry in page.button if entry.label == label)


def sentence(page: AppTest) -> str:
    return next(entry.value for entry in page.markdown if entry.value.startswith("Of 1"))


def expected_counts(judgement, prevalence, people=1000):
    return natural_frequencies(
        judgement.sensitivity.value, judgement.specificity.value, prevalence, people
    )


def assert_says(page: AppTest, judgement, prevalence, people=1000):
    counts, text = expected_counts(judgement, prevalence, people), sentence(page)
    assert f"alarms {counts.alarmed or 'none'} of the {counts.well:,} " in text
    ppv = float(
        positive_predictive_value(
            judgement.sensitivity.value, judgement.specificity.value, prevalence
        )
    )
    said = float(re.search(r"PPV ([\d.]+)%", text).group(1))
    assert said == pytest.approx(100 * ppv, abs=0.51)


def test_it_starts_at_the_networks_own_point_and_a_named_prevalence(chest, data):
    assert chest.text[0].value == "outside: None"
    assert slider(chest, "prevalence").value == 0.1
    assert_says(chest, data.own["test"], 0.1)
    words = " ".join(entry.value for entry in chest.caption)
    assert "starts at 10%, a round figure and no measurement" in words
    assert f"In the test data it is {100 * data.scores['test'].share:.3g}%" in words


def test_the_prevalence_slider_moves_the_counts(chest, data):
    slider(chest, "prevalence").set_value(0.02).run()
    assert_says(chest, data.own["test"], 0.02)
    slider(chest, "prevalence").set_value(0.5).run()
    assert_says(chest, data.own["test"], 0.5)


def test_the_threshold_slider_moves_the_point_for_the_whole_page(chest, data):
    place = 5
    threshold = data.steps[place]
    slider(chest, "operating").set_value(place).run()
    assert not chest.exception
    assert chest.text[0].value == f"outside: {threshold}"
    assert_says(chest, data.scores["test"].at(threshold), 0.1)


def test_a_preset_sets_the_slider_and_undo_and_the_own_point_bring_it_back(chest, data):
    for preset in data.presets:
        button(chest, preset.name.capitalize()).click().run()
        assert chest.text[0].value == f"outside: {preset.threshold}"
        assert data.steps[slider(chest, "operating").value] == preset.threshold
        assert_says(chest, data.scores["test"].at(preset.threshold), 0.1)
    button(chest, "The network’s own").click().run()
    assert chest.text[0].value == "outside: None"
    button(chest, "Undo").click().run()
    assert chest.text[0].value == f"outside: {data.presets[-1].threshold}"


def test_undo_goes_back_step_by_step_and_then_rests(chest, data):
    assert button(chest, "Undo").disabled
    for place in (3, 40):
        slider(chest, "operating").set_value(place).run()
    for before in (data.steps[3], None):
        button(chest, "Undo").click().run()
        assert chest.text[0].value == f"outside: {before}"
    assert button(chest, "Undo").disabled


def test_data_from_elsewhere_are_named_first_where_they_show_nothing(chest, data):
    doubt = chance_sentence(load_bundle(CHEST), data.label)
    assert [entry.value for entry in chest.warning] == [doubt] * bool(doubt)
    choice = next(entry for entry in chest.button_group if "split" in entry.key)
    order = ["Elsewhere", "Test data"] if doubt else ["Test data", "Elsewhere"]
    assert choice.options == order
    other = expected_counts(data.own["external"], 0.1)
    assert any(f"So of {other.alarms:,} alarms" in entry.value for entry in chest.markdown)
    choice.set_value("external").run()
    assert_says(chest, data.own["external"], 0.1)


def test_a_hundred_people(chest, data):
    next(entry for entry in chest.button_group if "people" in entry.key).set_value(100).run()
    assert sentence(chest).startswith("Of 100 ")
    assert_says(chest, data.own["test"], 0.1, 100)


def test_beats_of_each_class_against_the_rest():
    page, bundle = run(ECG), load_bundle(ECG)
    classes = bundle.card.classes
    offered = offered_labels(bundle)
    assert [classes[label].severity for label in offered] == [2, 1, 1]
    predictions = load_predictions(bundle)
    for label in offered:
        next(entry for entry in page.button_group if "class" in entry.key).set_value(label).run()
        assert not page.exception
        assert f"{classes[label].title.lower()}." in sentence(page)
        _, own = judged_split(predictions, "test", label, bundle.operating_point)
        counts = expected_counts(own, slider(page, "prevalence").value)
        assert f"alarms {counts.alarmed or 'none'} of the {counts.well} others" in sentence(page)
    # A threshold of one class of several is no threshold of the whole answer.
    button(page, "Rule out").click().run()
    assert page.text[0].value == "outside: None"


@pytest.mark.parametrize("task", [CHEST, ECG])
def test_every_slider_has_the_presets_the_own_rule_and_steps_that_read_differently(task):
    bundle = load_bundle(task)
    for label in offered_labels(bundle):
        found = class_data(bundle, label)
        assert found.steps.count(None) == 1
        thresholds = [step for step in found.steps if step is not None]
        assert (np.diff(thresholds) > 0).all()
        assert {preset.threshold for preset in found.presets} <= set(thresholds)
        texts = step_words(bundle, found)
        assert len(set(texts)) == len(texts) == len(found.steps)


def test_the_own_threshold_stands_where_it_belongs(data):
    own = data.steps.index(None)
    threshold = load_bundle(CHEST).operating_point.threshold
    assert data.steps[own - 1] < threshold < data.steps[own + 1]


def test_a_promise_is_broken_only_where_the_whole_interval_is_below_the_goal(data):
    by_name = {preset.name: preset for preset in data.presets}
    all_alarmed, none_alarmed = data.at("test", 0.0), data.at("test", 1.0)
    assert "leaves alone 0%" in broken_promise(by_name["rule in"], all_alarmed)
    assert broken_promise(by_name["rule in"], none_alarmed) == ""
    assert broken_promise(by_name["rule out"], all_alarmed) == ""
    assert "finds 0%" in broken_promise(by_name["rule out"], none_alarmed)
    assert broken_promise(by_name["balanced"], none_alarmed) == ""


@pytest.mark.parametrize("task", [CHEST, ECG])
def test_chance_is_said_only_where_the_interval_includes_it(task):
    bundle = load_bundle(task)
    for label in offered_labels(bundle):
        name = bundle.card.classes[label].name
        area = bundle.evaluation["splits"]["external"]["classes"][name]["auc"]
        said = chance_sentence(bundle, label)
        assert ("cannot be told from tossing a coin" in said) == (
            area["low"] <= 0.5 <= area["high"]
        )


@pytest.mark.parametrize(("own", "start"), [(0.6, 0.1), (0.1, 0.1), (0.065, 0.07), (1e-5, 0.001)])
def test_the_slider_starts_at_ten_percent_or_near_a_lower_share(own, start):
    assert start_prevalence(own) == start
    assert start in PREVALENCES
