"""An answer that is withheld, what a visitor can do then, and how it comes back."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from tests.bundles_fixture import made_ramps

PAGE = str(Path(__file__).resolve().parents[2] / "pages" / "scan.py")
RAMP = (255 * made_ramps(1)[0, ..., 0]).astype(np.uint8)
NOISE = np.random.default_rng(3).integers(0, 256, (32, 32)).astype(np.uint8)


@pytest.fixture
def page(one_of_each, monkeypatch) -> AppTest:
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(one_of_each))
    monkeypatch.setenv("DIAPHANE_WARM", "0")
    st.cache_resource.clear()
    return AppTest.from_file(PAGE, default_timeout=120).run()


def png(pixels) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def upload(page: AppTest, pixels) -> AppTest:
    page.file_uploader[0].upload("scan.png", png(pixels), "image/png").run()
    assert not page.exception
    return page


def text(page: AppTest) -> str:
    html = [element.proto.body for element in page.get("html")]
    return "\n".join([*html, *(e.value for e in [*page.markdown, *page.caption, *page.error])])


def button(page: AppTest, start: str):
    return next(one for one in page.button if one.label.startswith(start))


def answer(page: AppTest) -> str:
    return next(e.proto.body for e in page.get("html") if "dia-answer" in e.proto.body)


def test_an_input_that_fits_is_answered_with_its_lights(page):
    upload(page, RAMP)
    assert "The network’s answer is" in answer(page)
    assert "Like the training data" in text(page)
    assert "What it means for my patients" in [e.value for e in page.subheader]


def test_noise_gets_no_label_until_the_visitor_insists(page):
    upload(page, NOISE)
    assert "No answer." in answer(page)
    assert "The network’s answer is" not in text(page)
    # The viewer alone: neither confidence plot nor map.
    assert len(page.get("plotly_chart")) == 1
    button(page, "Show what the network computed").click().run()
    assert "The network’s answer is" in text(page)
    assert "Shown because you asked for it" in text(page)
    button(page, "Hide it again").click().run()
    assert "The network’s answer is" not in text(page)


def test_a_scan_on_its_side_is_turned_read_and_turned_back(page):
    upload(page, np.ascontiguousarray(np.rot90(RAMP)))
    assert "lie on its side" in answer(page)
    button(page, "Turn it a quarter to the right").click().run()
    assert not page.exception
    assert "The network’s answer is" in answer(page)
    button(page, "Undo").click().run()
    assert "lie on its side" in answer(page)


def test_insisting_on_one_scan_says_nothing_about_the_next(page):
    upload(page, NOISE)
    button(page, "Show what the network computed").click().run()
    upload(page, 255 - NOISE)
    assert "The network’s answer is" not in text(page)


def test_a_moved_operating_point_changes_the_answer_and_not_the_network(page):
    upload(page, RAMP)
    before = answer(page)
    reading = page.session_state["scan-case"].reading
    digest = reading.bundle_digest
    over = float(reading.probabilities[0, 1]) + 0.001
    under = float(reading.probabilities[0, 1]) - 0.001
    page.session_state["operating-points"] = {(digest, 1): over}
    page.run()
    first = answer(page)
    page.session_state["operating-points"] = {(digest, 1): under}
    page.run()
    assert answer(page) != first
    assert before in (first, answer(page))
    assert page.session_state["scan-case"].reading.logits is reading.logits
