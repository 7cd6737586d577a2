"""Hiding parts of a scan by hand: the network runs for a try and for nothing else."""

from __future__ import annotations

import io

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from medmodels.explain.masking import ScanMasking
from medmodels.ui import try_scan as panel
from medmodels.ui.loading import ensure_ready
from tests.bundles_fixture import write_tiny_scan_bundle


def app(content: bytes) -> None:
    from medmodels.ui.loading import shelf
    from medmodels.ui.scan_case import current_case, open_case
    from medmodels.ui.try_scan import try_scan

    (bundle,) = shelf().bundles
    case = current_case() or open_case(bundle, content, title="A scan")
    try_scan(bundle, case)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("try-scan")
    write_tiny_scan_bundle(folder)
    return folder


@pytest.fixture
def asked(monkeypatch) -> list[int]:
    """How many masks the network was asked for, one entry a call."""
    counts: list[int] = []
    real = ScanMasking.logits

    def counted(self, keep, progress=None):
        counts.append(len(keep))
        return real(self, keep, progress)

    monkeypatch.setattr(ScanMasking, "logits", counted)
    # What compiles it asks, too.
    monkeypatch.setattr(panel, "ensure_explains", ensure_ready)
    return counts


@pytest.fixture
def page(root, monkeypatch, asked) -> AppTest:
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(root))
    monkeypatch.setenv("DIAPHANE_WARM", "0")
    st.cache_resource.clear()
    ramp = np.tile(np.linspace(0, 255, 60).astype(np.uint8), (40, 1))
    ramp[10:20, 20:40] = 255
    buffer = io.BytesIO()
    Image.fromarray(ramp).save(buffer, "PNG")
    opened = AppTest.from_function(app, kwargs={"content": buffer.getvalue()}, default_timeout=120)
    opened.run()
    assert not opened.exception
    assert asked == []
    return opened


def key(page: AppTest) -> str:
    return f"{page.session_state['scan-case'].key}-try"


def history(page: AppTest):
    return page.session_state["tries"][key(page)]


def press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception
    return page


def draw(page: AppTest, **drawing) -> AppTest:
    """As if the visitor had drawn; coordinates are pixels of the 60 x 40 picture."""
    page.session_state[f"{key(page)}-drawing"] = {"box": [], "lasso": []} | drawing
    page.run()
    assert not page.exception
    return page


BOX = {"x": [0, 30], "y": [0, 40]}


def words(page: AppTest) -> str:
    return "\n".join(element.value for element in [*page.markdown, *page.caption, *page.info])


def test_a_box_is_hidden_asked_for_once_and_recorded(page, asked):
    draw(page, box=[BOX])
    # The scan as it came, and the changed one.
    assert asked == [1, 1]
    attempt = history(page).now
    assert attempt.share == 0.5
    assert attempt.parts[0].mask[:, :16].all()
    assert not attempt.parts[0].mask[:, 16:].any()
    assert attempt.parts[0].put == "blurred"
    assert "1 part hidden, together 50% of the scan" in words(page)
    table = page.dataframe[0].value
    assert table["Where"].tolist() == ["0 to 50% from the left, 0 to 100% from the top"]
    page.run()
    assert asked == [1, 1]


def test_parts_add_up_and_each_has_its_own_cover(page, asked):
    draw(page, box=[BOX])
    page.segmented_control[0].set_value("mean").run()
    page.segmented_control[1].set_value("lasso").run()
    assert asked == [1, 1]
    draw(page, lasso=[{"x": [30, 60, 60, 30], "y": [0, 0, 20, 20]}])
    assert asked == [1, 1, 1]
    now = history(page).now
    assert [part.put for part in now.parts] == ["blurred", "mean"]
    assert [part.what for part in now.parts] == ["Box", "Outline"]
    assert now.share == 0.75
    assert "2 parts hidden" in words(page)


def test_undo_redo_and_start_over_ask_nothing(page, asked):
    draw(page, box=[BOX])
    draw(page, box=[{"x": [30, 60], "y": [0, 10]}])
    before = list(asked)
    press(page, "Undo")
    assert "1 part hidden" in words(page)
    press(page, "Redo")
    assert "2 parts hidden" in words(page)
    press(page, "Start over")
    assert history(page).now.parts == ()
    assert "Hide something to see it move" in words(page)
    assert len(page.dataframe[0].value) == 2
    press(page, "Undo")
    assert "2 parts hidden" in words(page)
    assert asked == before


def test_a_rectangle_can_be_typed(page):
    for field, value in zip(page.number_input, (50, 100, 0, 25), strict=True):
        field.set_value(value)
    press(page, "Hide this rectangle")
    (part,) = history(page).now.parts
    assert part.what == "Rectangle"
    assert part.mask[:8, 16:].all()
    assert part.mask.sum() == 8 * 16
    page.run()
    assert len(history(page).now.parts) == 1


def test_what_is_too_small_to_be_seen_is_refused(page, asked):
    draw(page, box=[{"x": [3.1, 3.2], "y": [3.1, 3.2]}])
    assert "too small" in page.warning[0].value
    assert asked == []


def test_what_the_search_finds_becomes_a_try_of_its_own(page, monkeypatch):
    draw(page, box=[BOX])
    # An operating point that any change crosses one way or the other.
    point = page.session_state["scan-case"].reading.operating_point
    first = history(page).past[0].logits
    probability = float(point.probabilities(first)[1])
    label = int(point.labels(first))
    moved_point = type(point)(
        point.calibration, 1, probability + (1e-6 if label == 0 else -1e-6), (0.0, 0.0), ".", "."
    )
    real = panel.smallest_flip
    seen = []

    def search(masking, cells, given, **settings):
        seen.append((cells.grid, settings["most"], given))
        return real(masking, cells, moved_point, **settings)

    monkeypatch.setattr(panel, "smallest_flip", search)
    press(page, "Find the smallest region that changes the answer")
    assert seen == [((12, 12), 0.5, point)]
    now = history(page).now
    assert [part.what for part in now.parts] == ["Smallest region found"]
    assert "no square of it can be spared" in words(page)
    press(page, "Undo")
    assert "1 part hidden" in words(page)
    assert "no square of it" not in words(page)


def test_a_search_that_finds_nothing_says_so(page, monkeypatch):
    monkeypatch.setattr(panel, "smallest_flip", lambda *_, **__: None)
    press(page, "Find the smallest region that changes the answer")
    assert "Nothing up to half of the scan that was tried changes the answer." in words(page)
    assert "With all of it blurred the answer is" in words(page)
    assert "tries" not in page.session_state


def test_a_search_can_be_stopped(page, monkeypatch):
    def interrupted(*_, progress, **__):
        progress(0.5)
        st.stop()

    monkeypatch.setattr(panel, "smallest_flip", interrupted)
    press(page, "Find the smallest region that changes the answer")
    # The page as it stands in the middle of a search.
    press(page, "Stop")
    assert "The search was stopped; nothing was added." in words(page)
    assert "Stop" not in [button.label for button in page.button]
    assert "tries" not in page.session_state


def test_the_caution_stands_once(page):
    draw(page, box=[BOX])
    assert words(page).count("read small changes with care") == 1
