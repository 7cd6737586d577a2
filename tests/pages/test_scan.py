"""The scan page: an answer, its evidence, and errors that cost nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from medmodels.inputs.scan import Window
from medmodels.reading import read, reading_json
from medmodels.ui import scan_case

PAGE = str(Path(__file__).resolve().parents[2] / "pages" / "scan.py")


@pytest.fixture
def page(tiny_bundles) -> AppTest:
    return AppTest.from_file(PAGE, default_timeout=120).run()


@pytest.fixture
def read_page(page, grey_png) -> AppTest:
    page.file_uploader[0].upload("scan.png", grey_png, "image/png").run()
    assert not page.exception
    return page


def _case(app: AppTest):
    return app.session_state["scan-case"]


def _answer(app: AppTest) -> str:
    return next(element.proto.body for element in app.get("html") if "answer" in element.proto.body)


def _widget(elements, ending: str):
    return next(element for element in elements if element.key and element.key.endswith(ending))


def test_before_anything_is_open_it_says_what_will_be_here(page):
    assert not page.exception
    assert any("what the answer rests on" in text.value for text in page.markdown)
    assert page.subheader[0].value == "Does this scan show a finding?"


def test_an_upload_gets_its_answer_with_confidence_and_map(read_page):
    reading = _case(read_page).reading
    label = reading.card.classes[int(reading.labels[0])].title.lower()
    assert f"answer is {label}" in _answer(read_page)
    # The scan, the confidence plot, the map; people and the ROC curve for this clinic.
    assert len(read_page.get("plotly_chart")) == 5
    text = "\n".join(element.value for element in [*read_page.markdown, *read_page.caption])
    assert "8 × 8 fields; one covers 12% of the width" in text
    assert "from a probability of 40% upwards" in text
    assert "Of 100 answers" in text
    for limit in reading.card.limits:
        assert limit in text


def test_a_name_without_an_ending_is_no_obstacle(page, grey_png):
    page.file_uploader[0].upload("IM0001", grey_png, "application/octet-stream").run()
    assert not page.exception
    assert "probability" in _answer(page)


def test_sliders_never_run_the_network_or_decode_again(read_page, monkeypatch):
    case = _case(read_page)

    def refuse(*args, **kwargs):
        raise AssertionError("the file was opened or read again")

    monkeypatch.setattr(scan_case, "open_scan", refuse)
    monkeypatch.setattr(scan_case, "read_item", refuse)
    for ending, value in (("-centre", 90.0), ("-width", 40.0), ("-opacity", 20)):
        _widget(read_page.slider, ending).set_value(value).run()
        assert not read_page.exception
    _widget(read_page.toggle, "-invert").set_value(True).run()
    _widget(read_page.button_group, "-class").set_value(0).run()
    assert not read_page.exception
    assert _case(read_page) is case


def test_a_preset_sets_the_sliders(read_page):
    windows = _case(read_page).scan.windows
    chosen: Window = windows[-1]
    _widget(read_page.button_group, "-preset").set_value(chosen.name).run()
    assert _widget(read_page.slider, "-width").value == pytest.approx(chosen.width)


@pytest.mark.parametrize(
    ("content", "found"),
    [(b"", "empty"), (b"<!doctype html><html><body>no</body></html>", "HTML"),
     (b"PK\x03\x04" + b"\0" * 200, "ZIP")],
)  # fmt: skip
def test_a_bad_file_is_explained_and_the_result_stays(read_page, content, found):
    before = _case(read_page)
    read_page.file_uploader[0].upload("scan.png", content, "image/png").run()
    assert not read_page.exception
    (error,) = read_page.error
    for part in ("Found:", found, "Expected:", "What to do:", "still shown below"):
        assert part in error.value.replace("\\", "")
    assert _case(read_page) is before
    assert "probability" in _answer(read_page)


def test_the_next_good_file_clears_the_error(read_page, grey_png):
    read_page.file_uploader[0].upload("scan.png", b"nonsense", "image/png").run()
    assert read_page.error
    read_page.file_uploader[0].upload("again.png", grey_png, "image/png").run()
    assert not read_page.error


def test_other_methods_run_only_when_asked_and_only_once(read_page, monkeypatch):
    _widget(read_page.selectbox, "-method").set_value("integrated_gradients").run()
    assert not _case(read_page).maps
    next(one for one in read_page.button if one.label.startswith("Compute")).click().run()
    assert not read_page.exception
    (key,) = _case(read_page).maps
    assert key[0] == "integrated_gradients"

    def refuse(*args, **kwargs):
        raise AssertionError("the method ran again")

    monkeypatch.setattr(scan_case, "_explain", refuse)
    _widget(read_page.selectbox, "-method").set_value("grad_cam").run()
    _widget(read_page.selectbox, "-method").set_value("integrated_gradients").run()
    assert not read_page.exception


def test_a_file_of_several_frames_gets_a_chooser(page, grey_tiff_of_three):
    page.file_uploader[0].upload("stack.tif", grey_tiff_of_three, "image/tiff").run()
    assert not page.exception
    chooser = next(slider for slider in page.slider if slider.label.startswith("Frame"))
    assert (chooser.min, chooser.max, chooser.value) == (1, 3, 1)
    chooser.set_value(3).run()
    assert not page.exception
    assert _case(page).scan.frame == 2


def test_the_screen_says_what_the_library_says(read_page, tiny_bundles):
    from medmodels.bundles import load_bundle

    case = _case(read_page)
    again = read(load_bundle("tiny-scan", tiny_bundles), case.scan)
    assert again.logits == pytest.approx(case.reading.logits)
    assert json.loads(json.dumps(reading_json(case.reading)))["answer"] in ("normal", "finding")
