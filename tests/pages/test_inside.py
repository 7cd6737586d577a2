"""Inside the network: every lesson on the open scan, with the network's own numbers."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from medmodels.bundles import load_bundle
from medmodels.ui import lesson_scan

PAGES = Path(__file__).resolve().parents[2] / "pages"


@pytest.fixture
def case(tiny_bundles, grey_png):
    page = AppTest.from_file(str(PAGES / "scan.py"), default_timeout=120).run()
    page.file_uploader[0].upload("scan.png", grey_png, "image/png").run()
    return page.session_state["scan-case"]


@pytest.fixture
def page(case) -> AppTest:
    app = AppTest.from_file(str(PAGES / "inside.py"), default_timeout=120)
    app.session_state["scan-case"] = case
    return app.run()


def _lesson(app: AppTest, name: str) -> AppTest:
    next(one for one in app.button_group if one.key == "lesson").set_value(name).run()
    assert not app.exception
    return app


def _text(app: AppTest) -> str:
    return "\n".join(element.value for element in [*app.markdown, *app.caption, *app.latex])


def _press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def _group(app: AppTest, label: str):
    return next(one for one in app.button_group if one.label == label)


def _numbers(text: str) -> list[float]:
    return [float(found) for found in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", text)]


def test_it_says_which_scan_it_works_on(page):
    assert not page.exception
    assert "These lessons use the open scan: **Your file**" in _text(page)


def test_without_a_scan_and_without_samples_it_says_what_to_do(tiny_bundles):
    app = AppTest.from_file(str(PAGES / "inside.py"), default_timeout=120).run()
    assert not app.exception
    assert "No scan is open" in app.info[0].value
    assert any("Scan page" in button.label for button in app.button)


def test_without_a_network_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(tmp_path))
    monkeypatch.setenv("DIAPHANE_WARM", "0")
    app = AppTest.from_file(str(PAGES / "inside.py"), default_timeout=120).run()
    assert not app.exception
    assert "No network" in app.info[0].value


def test_no_widget_of_a_lesson_runs_the_network_again(page, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("the network ran again")

    monkeypatch.setattr("medmodels.lessons.feature_maps.all_maps", refuse)
    monkeypatch.setattr(lesson_scan, "read_item", refuse)
    _press(page, "Next")
    for name in ("Feature maps", "Pooling", "Learning", "Convolution"):
        _lesson(page, name)


def test_the_sum_by_hand_is_the_layers_own(page):
    _press(page, "Next")
    note = next(c.value for c in page.caption if "own layer gave" in c.value)
    own, by_hand = _numbers(note.split("gave")[1])
    assert by_hand == pytest.approx(own, abs=1e-4)


def test_classic_kernels_and_one_by_hand(page):
    _group(page, "Kernel").set_value("Classic").run()
    assert not page.exception
    assert "is it brighter on the left than on the right?" in _text(page)
    # The picture is a ramp that gets brighter to the right.
    total = next(m.value for m in page.markdown if m.value.startswith("Sum of"))
    assert "−" in total.split("=")[1]
    _group(page, "Kernel").set_value("Your own").run()
    assert not page.exception
    assert "Type your own nine numbers" in _text(page)


def test_maps_are_chosen_by_number_and_by_layer(page, case):
    _lesson(page, "Feature maps")
    layer = next(box for box in page.selectbox if box.label.startswith("Layer"))
    layer.set_value("explained_conv").run()
    assert not page.exception
    text = _text(page)
    assert "8 of 8 maps" in "\n".join(e.proto.body for e in page.get("html"))
    share = int(re.search(r"\*\*(\d+)% of all cells are 0", text)[1])
    maps = page.session_state["lesson-scan"].maps["explained_conv"]
    assert share == round(100 * float(np.mean(maps == 0)))
    box = next(one for one in page.selectbox if one.label.startswith("Map to enlarge"))
    box.set_value(5).run()
    assert not page.exception
    assert ">Map 6<" in "\n".join(e.proto.body for e in page.get("html"))


def test_pooling_of_blocks_and_the_networks_own(page, case, tiny_bundles):
    _lesson(page, "Pooling")
    assert "The largest of the 4 numbers" in _text(page)
    _group(page, "Keep of every block").set_value("average").run()
    assert "The average of the 4 numbers" in _text(page)
    note = next(c.value for c in page.caption if "own logit" in c.value)
    summed, own = _numbers(note.split("Sum:")[1])
    assert summed == pytest.approx(own, abs=1e-4)
    k = int(case.reading.logits[0].argmax())
    assert own == pytest.approx(float(case.reading.logits[0][k]), abs=1e-4)


def test_learning_goes_step_by_step_and_back_and_leaves_the_bundle_alone(page, tiny_bundles):
    network = page.session_state["lesson-scan"].bundle.network
    before = [array.tobytes() for array in network.get_weights()]
    _lesson(page, "Learning")
    assert "would** do" in _text(page)
    next(s for s in page.select_slider).set_value(0.1).run()
    course = page.session_state["lesson-scan"].kept["course"]
    _press(page, "Take one step")
    _press(page, "Take ten steps")
    assert len(course.passes) == 12
    assert course.passes[-1].loss < course.passes[0].loss
    loss = f"{course.passes[-1].loss:.3f} nats"
    assert loss in _text(page)
    # The conv learns too when it is asked to.
    frozen = course.weights[-1][2].copy()
    assert (frozen == course.weights[0][2]).all()
    _group(page, "What learns").set_value("Last layer and convolution").run()
    _press(page, "Take one step")
    assert not (course.weights[-1][2] == frozen).all()
    _press(page, "Previous")
    assert "the step that was taken from here" in _text(page)
    _press(page, "Back to the start")
    assert len(course.passes) == 1
    assert [array.tobytes() for array in network.get_weights()] == before
    again = load_bundle(page.session_state["lesson-scan"].bundle.task, tiny_bundles)
    assert [array.tobytes() for array in again.network.get_weights()] == before


def test_another_label_starts_anew(page):
    _lesson(page, "Learning")
    _press(page, "Take ten steps")
    group = _group(page, "Suppose this scan were")
    group.set_value(1 - group.value).run()
    assert not page.exception
    course = page.session_state["lesson-scan"].kept["course"]
    assert (course.label, len(course.passes)) == (group.value, 1)
