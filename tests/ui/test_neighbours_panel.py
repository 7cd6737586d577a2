"""The panel says what the stored examples are, doubts aloud, and shows pictures only if it may."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from medmodels.bundles import load_bundle
from medmodels.data_folder import data_folder, file_inside
from medmodels.explain.neighbours import Nearest
from medmodels.ui import neighbour_words as words
from medmodels.ui.neighbour_pictures import (
    SIDE,
    training_folder,
    training_picture,
    training_traces,
)

AGREED = {"value": 0.9, "low": 0.8, "high": 0.95}
EVALUATION = {
    "test": {
        "n": 624,
        "with_truth": AGREED,
        "with_network": AGREED,
        "network_right": AGREED,
        "by_class": {"normal": {"n": 200, **AGREED}, "pneumonia": {"n": 0, **AGREED}},
        "doubted": {
            "n": 70,
            "wrong": {"value": 0.128, "low": 0.05, "high": 0.22},
            "others": {"value": 0.036, "low": 0.02, "high": 0.05},
        },
        "further_than_usual": 0.04,
    }
}


@pytest.fixture(scope="module")
def card():
    return load_bundle("chest-xray").card


def nearest(labels, usual=0.4, groups=None, distance=1.0) -> Nearest:
    n = len(labels)
    return Nearest(
        np.array(labels), distance + 0.1 * np.arange(n), np.array([f"x{i}.png" for i in range(n)]),
        np.array(groups or [f"g{i}" for i in range(n)]), np.zeros(n, np.int64),
        np.bincount(labels, minlength=2) / n, usual,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("labels", "label", "said"),
    [
        ([1] * 9 + [0], 1, "9 of the 10 most similar training scans were pneumonia."),
        ([1] * 10, 1, "All 10 most similar training scans were pneumonia."),
        ([1] * 2 + [0] * 8, 1,
         "Only 2 of the 10 most similar training scans were pneumonia; 8 were normal."),
        ([0] * 9 + [1], 1,
         "Only 1 of the 10 most similar training scans was pneumonia; 9 were normal."),
        ([0] * 10, 1,
         "None of the 10 most similar training scans were pneumonia; 10 were normal."),
        ([1] * 5 + [0] * 5, 0,
         "Only 5 of the 10 most similar training scans were normal; 5 were pneumonia."),
    ],
)  # fmt: skip
def test_the_first_sentence(card, labels, label, said):
    assert words.first_sentence(nearest(labels), label, card) == said


def test_disagreement_is_a_doubt_with_what_it_meant_in_the_tests(card):
    assert words.doubt_sentence(nearest([1] * 6 + [0] * 4), 1, card, EVALUATION) == ""
    said = words.doubt_sentence(nearest([1] * 5 + [0] * 5), 1, card, EVALUATION)
    assert "do not support its answer" in said
    assert "to 70 of 624 scans; 13% of those answers were wrong" in said
    assert "(95% interval 5.0% to 22%), against 3.6% of the other answers" in said
    # Without measurements the doubt is still said.
    assert "A doubt" in words.doubt_sentence(nearest([0] * 10), 1, card, {})


def test_distance_is_put_in_words():
    def say(usual):
        return words.distance_sentence(nearest([0] * 10, usual), "scan", "validation scans")

    assert say(0.41).startswith("The nearest is as near as usual: 41% of validation scans")
    assert say(0.97).startswith("The nearest is further away than for 97% of validation scans")
    assert say(1.0).startswith("The nearest is further away than for any of the validation scans")


def test_the_item_itself_among_the_training_data_is_named():
    ladder = np.array([0.4, 1.0])
    assert "proves nothing" in words.same_sentence(nearest([0], distance=0.01), ladder, "scan")
    assert words.same_sentence(nearest([0], distance=0.3), ladder, "scan") == ""


def test_few_patients_are_said():
    assert words.whose_sentence(nearest([0] * 3), "patient") == ""
    said = words.whose_sentence(nearest([0] * 3, groups=["a", "a", "a"]), "patient")
    assert said == "The 3 come from 1 patient."


def test_measurements_leave_out_a_class_that_the_split_has_not(card):
    (line,) = words.measured_sentences(EVALUATION, card)
    assert "90% (95% interval 80% to 95.0%)" in line
    assert "By true class: normal 90% of 200." in line


def test_a_composite_says_what_it_is_made_of(card):
    row = {"n": 200, "groups": 150, "counts": [50, 150]}
    assert words.composite_sentence(row, card, "patient", picture=True) == (
        "The average of 200 training scans of 150 patients that the network sees alike "
        "(75% pneumonia, 25% normal); no single person’s scan."
    )


def test_the_data_folder_is_only_the_one_that_was_named(monkeypatch, tmp_path):
    monkeypatch.delenv("DIAPHANE_DATA", raising=False)
    assert data_folder() is None
    assert training_folder("chest-xray") is None
    monkeypatch.setenv("DIAPHANE_DATA", str(tmp_path))
    assert data_folder() == tmp_path
    assert training_folder("chest-xray") is None
    assert training_folder("") is None
    (tmp_path / "chest-xray").mkdir()
    assert training_folder("chest-xray") == tmp_path / "chest-xray"
    monkeypatch.setenv("DIAPHANE_DATA", str(tmp_path / "missing"))
    assert data_folder() is None


def test_no_name_reaches_outside_the_folder(tmp_path):
    inside = tmp_path / "data"
    inside.mkdir()
    (inside / "a.png").write_bytes(b"a")
    (tmp_path / "b.png").write_bytes(b"b")
    assert file_inside(inside, "a.png") == (inside / "a.png").resolve()
    assert file_inside(inside, "../b.png") is None
    assert file_inside(inside, str(tmp_path / "b.png")) is None
    assert file_inside(inside, "c.png") is None


def test_a_picture_that_is_missing_or_broken_is_none(tmp_path):
    Image.new("L", (64, 48), 128).save(tmp_path / "grey.png")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnonsense")
    assert training_picture(tmp_path, "grey.png", 1).shape == (SIDE, SIDE)
    assert training_picture(tmp_path, "grey.png", 3).shape == (SIDE, SIDE, 3)
    assert training_picture(tmp_path, "broken.png", 1) is None
    assert training_picture(tmp_path, "none.png", 1) is None


def test_a_beat_is_cut_around_its_r_peak(shared_data):
    found = training_traces(
        shared_data / "ecg-mitdb", ["208:100000", "none:5", "208:bad"], 0.4, 0.5
    )
    assert found[1:] == [None, None]
    trace = found[0]
    assert trace.lead == "MLII"
    assert len(trace.millivolts) == round(0.4 * 360) + round(0.5 * 360)
    assert trace.milliseconds[round(0.4 * 360)] == 0
    assert np.median(trace.millivolts) == pytest.approx(0, abs=1e-3)


def scan_app() -> None:
    import numpy as np
    import streamlit as st

    from medmodels.ui.neighbours import show_scan_neighbours

    bundle, case = st.session_state["bundle"], st.session_state["case"]
    assert isinstance(case.reading.scan.network_input, np.ndarray)
    show_scan_neighbours(bundle, case)


def beat_app() -> None:
    import streamlit as st

    from medmodels.ui.neighbours import show_beat_neighbours

    show_beat_neighbours(st.session_state["bundle"], st.session_state["case"], 1)


def with_neighbours(bundle, features, names, table, composites):
    """The bundle with examples around a feature row: as if they were its training data."""
    width = len(features)
    near = features + 0.01 * np.random.default_rng(0).normal(size=(20, width))
    labels = np.array([1] * 9 + [0] * 11)
    near[9:] += 5.0
    made = replace(bundle, trust=dict(bundle.trust) | {"neighbours": table})
    made.__dict__["network"] = bundle.network
    made.__dict__["reference"] = dict(bundle.reference) | {
        "neighbours/features": (near - features).astype(np.float32), "neighbours/labels": labels,
        "neighbours/names": names, "neighbours/groups": names,
        "neighbours/cluster": np.zeros(20, np.int8), "neighbours/mean": features,
        "neighbours/components": np.eye(width, dtype=np.float32),
        "neighbours/distances": np.tile(np.linspace(0.001, 10, 101, dtype=np.float32), (10, 1)),
        "neighbours/composites": composites,
    }  # fmt: skip
    return made


def table_of(card, **more):
    evaluation = {
        "test": EVALUATION["test"]
        | {"by_class": {name: {"n": 5, **AGREED} for name in card.class_names}}
    }
    cluster = {"n": 20, "groups": 20, "counts": [11, 9]}
    return {
        "n": 20, "of": 20, "classes": len(card.classes), "dimensions": 8, "whitened": False,
        "clusters": [cluster], "evaluation": evaluation, "about": "Made.", "folder": "made",
        "usual_of": "validation scans", **more,
    }  # fmt: skip


@pytest.fixture(scope="module")
def scan_bundle(tmp_path_factory):
    from medmodels.explain.neighbours_features import scan_features
    from tests.bundles_fixture import SCAN_TASK, made_ramps, write_trusting_scan_bundle

    root = tmp_path_factory.mktemp("neighbours")
    write_trusting_scan_bundle(root)
    bundle = load_bundle(SCAN_TASK, root)
    table = table_of(bundle.card, features=[0, 8])
    empty = with_neighbours(bundle, np.zeros(8), np.array([""] * 20), table, np.zeros((0, 4, 4)))
    features = scan_features(empty, made_ramps(1)[0]).astype(np.float64)
    names = np.array([f"{i}.png" for i in range(20)])
    composites = np.full((1, 48, 48), 90, np.uint8)
    return with_neighbours(bundle, features, names, table, composites)


@pytest.fixture
def scan_page(scan_bundle, monkeypatch):
    """Runs the panel on a ramp that the bundle's network reads as class ``label``."""
    import streamlit as st

    from medmodels.inputs.scan import Scan, Window
    from medmodels.reading import read
    from medmodels.ui.scan_case import ScanCase
    from tests.bundles_fixture import made_ramps

    monkeypatch.setenv("DIAPHANE_WARM", "0")
    st.cache_resource.clear()
    pixels = made_ramps(1)[0][..., 0]
    scan = Scan(
        pixels=pixels,
        value_range=(0.0, 1.0),
        windows=(Window("whole", 0.5, 1.0),),
        source="made",
        digest="f" * 64,
    )

    def run(label: int) -> AppTest:
        reading = replace(read(scan_bundle, scan), labels=np.array([label]))
        case = ScanCase("t", "", b"", scan, pixels, scan_bundle.digest, reading, 0.0)
        page = AppTest.from_function(scan_app, default_timeout=60)
        page.session_state["bundle"], page.session_state["case"] = scan_bundle, case
        # The reading is taken as it is: no operating point was moved.
        monkeypatch.setattr("medmodels.ui.neighbours.moved", lambda given, _: given)
        page.run()
        assert not page.exception
        return page

    return run


def captions_of(page: AppTest) -> list[str]:
    """What stands below each picture, in their order."""
    drawn = [element.proto.body for element in page.get("html")]
    return [found[1] for body in drawn if (found := re.search(r"<figcaption[^>]*>(.*?)<", body))]


def text_of(page: AppTest) -> str:
    return "\n".join(e.value for e in [*page.markdown, *page.caption, *page.warning])


def test_examples_that_agree_are_counted_and_no_doubt_is_raised(scan_page, monkeypatch):
    monkeypatch.delenv("DIAPHANE_DATA", raising=False)
    page = scan_page(1)
    assert page.markdown[0].value == ("**9 of the 10 most similar training scans were finding.**")
    assert not page.warning
    assert len(page.get("plotly_chart")) == 1
    text = text_of(page)
    assert "chance alone would give about 4 of 10" in text  # 9 of 20 examples
    assert "not similar to a doctor" in text
    assert "can be wrong" in text


def test_examples_that_disagree_are_a_doubt(scan_page, monkeypatch):
    monkeypatch.delenv("DIAPHANE_DATA", raising=False)
    page = scan_page(0)
    assert page.markdown[0].value.startswith("**Only 1 of the 10")
    assert "do not support its answer" in page.warning[0].value


def test_without_the_data_folder_there_is_an_average_and_no_training_picture(
    scan_page, monkeypatch
):
    monkeypatch.delenv("DIAPHANE_DATA", raising=False)
    page = scan_page(1)
    assert captions_of(page) == [
        "This scan, as the network saw it", "The average of similar training scans"
    ]  # fmt: skip
    assert "The average of 20 training scans of 20 patients" in text_of(page)


def test_with_the_data_folder_the_pictures_that_are_there_are_shown(
    scan_page, monkeypatch, tmp_path
):
    monkeypatch.setenv("DIAPHANE_DATA", str(tmp_path))
    (tmp_path / "made").mkdir()
    for i in range(7):
        Image.new("L", (40, 40), 20 * i).save(tmp_path / "made" / f"{i}.png")
    page = scan_page(1)
    captions = captions_of(page)
    assert len(captions) == 7
    assert all(caption.startswith("▲ Finding, 0.0") for caption in captions)
    assert "3 of them are not in that folder" in text_of(page)


def test_the_network_runs_once_a_scan(scan_page, monkeypatch):
    import medmodels.explain.neighbours_features as features

    page = scan_page(1)

    def refuse(*args, **kwargs):
        raise AssertionError("the network ran again")

    monkeypatch.setattr(features, "scan_features", refuse)
    page.run()
    assert not page.exception


def test_a_bundle_without_nearest_cases_says_so(scan_page, scan_bundle):
    page = scan_page(1)
    bare = replace(
        scan_bundle, trust={k: v for k, v in scan_bundle.trust.items() if k != "neighbours"}
    )
    page.session_state["bundle"] = bare
    page.run()
    assert not page.exception
    assert page.caption[0].value == "No nearest cases are stored with this network."


def test_a_beat_is_compared_with_training_beats(tmp_path, monkeypatch):
    import streamlit as st

    from medmodels.reading import read
    from medmodels.ui.ecg_reading import Case
    from tests.bundles_fixture import SIGNAL_TASK, write_tiny_signal_bundle
    from tests.inputs.ecg_drawing import draw

    monkeypatch.setenv("DIAPHANE_WARM", "0")
    monkeypatch.delenv("DIAPHANE_DATA", raising=False)
    st.cache_resource.clear()
    write_tiny_signal_bundle(tmp_path)
    bundle = load_bundle(SIGNAL_TASK, tmp_path)
    signal = draw(np.arange(0.5, 19.5, 0.8), 250, 20)
    reading = read(bundle, signal)
    assert reading.beats is not None
    table = table_of(bundle.card, layers=["beat"], usual_of="other training beats")
    names = np.array([f"9:{i}" for i in range(20)])
    samples = reading.beats.inputs.windows.shape[1]
    composites = np.zeros((1, samples, 2), np.float16)
    made = with_neighbours(bundle, np.zeros(8), names, table, composites)
    reading = replace(reading, labels=np.ones_like(reading.labels))
    case = Case("k", None, signal, reading, None, ())
    page = AppTest.from_function(beat_app, default_timeout=60)
    page.session_state["bundle"], page.session_state["case"] = made, case
    page.run()
    assert not page.exception
    assert "most similar training beats were supraventricular" in page.markdown[0].value
    # The marks, and the beat over its average; no trace of a training beat.
    assert len(page.get("plotly_chart")) == 2
    assert "`DIAPHANE_DATA` names their folder" in text_of(page)
    assert ("neighbours", 1) in case.shown
