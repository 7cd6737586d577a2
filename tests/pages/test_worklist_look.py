"""What a reader sees of the chosen case: enough of it to judge it, and nothing of the answer."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from medmodels.samples import SAMPLES
from tests.bundles_fixture import SCAN_TASK, SEQUENCE_TASK, SIGNAL_TASK, made_ramps
from tests.pages.conftest import AtOnce
from tests.worklist.made_files import png

PAGE = Path(__file__).resolve().parents[2] / "pages" / "worklist.py"
KIND = "application/octet-stream"


@pytest.fixture
def page(one_of_each, monkeypatch) -> AppTest:
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(one_of_each))
    monkeypatch.setenv("DIAPHANE_WARM", "0")
    monkeypatch.setattr("medmodels.ui.worklist_work.Job", AtOnce)
    st.cache_resource.clear()
    return AppTest.from_file(str(PAGE), default_timeout=180)


def looked_at(page: AppTest, task: str, data: bytes, name: str = "a") -> AppTest:
    page.session_state["worklist-task"] = task
    page.run()
    page.file_uploader[0].set_value([(name, data, KIND)]).run()
    page.session_state["worklist-work"].chosen = 0
    return page.run()


def pictures(page: AppTest) -> list[Image.Image]:
    """Pictures of the case itself; the small ones in the list have a class."""
    found = re.findall(
        r'<img src="data:image/png;base64,([^"]+)" alt="Case 1"',
        " ".join(element.proto.body for element in page.get("html")),
    )
    return [Image.open(io.BytesIO(base64.b64decode(one))) for one in found]


def test_a_scan_is_shown_as_large_as_it_came_and_in_its_proportions(page):
    scan = np.kron(made_ramps(1)[0, ..., 0], np.ones((12, 18)))
    looked_at(page, SCAN_TASK, png(scan))
    assert not page.exception
    (picture,) = pictures(page)
    assert picture.size == (18 * 32, 12 * 32)
    # It is decoded once, and let go of when the next case is looked at.
    kept = page.session_state["worklist-work"].look
    page.run()
    assert page.session_state["worklist-work"].look is kept


def test_who_reads_first_sees_the_case_and_no_answer(page):
    page.session_state["worklist-first"] = True
    looked_at(page, SCAN_TASK, png(made_ramps(1)[0, ..., 0]))
    assert len(pictures(page)) == 1
    assert [one.label for one in page.radio] == ["What do you see?"]
    assert not any("%" in one.value for one in page.markdown)


def test_an_ecg_is_on_paper_and_can_be_gone_through(page):
    page.session_state["worklist-first"] = True
    looked_at(page, SIGNAL_TASK, (SAMPLES / "sinus-rhythm.csv").read_bytes(), "a.csv")
    assert not page.exception
    assert len(page.get("plotly_chart")) == 1
    captions = [one.value for one in page.caption]
    assert any(one.startswith("0:00 to 0:05 of ") for one in captions)
    page.number_input(key="worklist-strip-0").set_value(10.0).run()
    assert any(one.value.startswith("0:10 to 0:15 of ") for one in page.caption)
    # A recording is called by the gravest of its beats, and so it is asked about.
    assert [one.label for one in page.radio] == ["What is the gravest that you see?"]


def test_bases_are_there_with_the_place_that_is_judged(page):
    bases = "ACGT" * 40
    looked_at(page, SEQUENCE_TASK, f">a\n{bases}\n".encode(), "a.fa")
    assert not page.exception
    assert [one.value for one in page.code] == [bases]
    page = looked_at(page, SEQUENCE_TASK, f">a\n{bases[:60]}\n".encode(), "a.fa")
    assert [one.value for one in page.code] == [f"{bases[:30]}|{bases[30:60]}"]


def test_of_a_file_that_cannot_be_read_there_is_only_the_reason(page):
    looked_at(page, SCAN_TASK, b"no scan")
    assert not page.exception
    assert pictures(page) == []
    assert any("Found: plain text" in one.value for one in page.markdown)
    assert not [one for one in page.button if one.label == "Open it whole, with its map"]
