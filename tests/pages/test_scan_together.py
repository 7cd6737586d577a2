"""Several scans uploaded together are read as a differential count."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from medmodels.training.bundle_writer import seal
from medmodels.worklist import run
from tests.bundles_fixture import SCAN_TASK, made_ramps, write_trusting_scan_bundle
from tests.pages.conftest import AtOnce
from tests.worklist.made_files import png

PAGE = Path(__file__).resolve().parents[2] / "pages" / "scan.py"


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """A bundle whose card says that its inputs can be counted."""
    made = tmp_path_factory.mktemp("together")
    folder = write_trusting_scan_bundle(made)
    card = folder / "card.toml"
    words = 'item = "cell"\nitems = "cells"\ntogether = "differential count"\n'
    card.write_text(card.read_text().replace("[input]\n", f"[input]\n{words}"))
    (folder / "manifest.json").unlink()
    seal(folder)
    return made


@pytest.fixture
def page(root, monkeypatch) -> AppTest:
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(root))
    monkeypatch.setenv("DIAPHANE_WARM", "0")
    monkeypatch.setattr("medmodels.ui.together.Job", AtOnce)
    st.cache_resource.clear()
    return AppTest.from_file(str(PAGE), default_timeout=180).run()


@pytest.fixture(scope="module")
def files() -> list[tuple[str, bytes, str]]:
    """Three ramps that are like the training data, one that lies on its side, one broken file."""
    ramps = [png(image[..., 0]) for image in made_ramps(3)]
    ramps.append(png(np.rot90(made_ramps(1)[0, ..., 0])))
    ramps.append(b"no picture")
    return [(f"{i}.png", data, "image/png") for i, data in enumerate(ramps)]


def text_of(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.subheader, app.warning)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def test_the_uploader_says_what_several_make(page):
    assert page.file_uploader[0].label.startswith("Upload one cell, or several for a differential")


def test_they_are_counted_and_what_is_doubtful_is_listed(page, files):
    page.file_uploader[0].set_value(files).run()
    assert not page.exception
    text = text_of(page)
    assert "Differential count" in text
    assert "3 of 5 cells counted" in text
    assert "1 could not be read" in text
    assert "Cell 5: " in text
    assert "Not counted: no answer** (1)" in text
    assert len(page.get("plotly_chart")) == 1
    assert "Upload a scan, or click" not in text


def test_one_of_them_can_be_opened_and_the_count_stays(page, files):
    page.file_uploader[0].set_value(files).run()
    next(button for button in page.button if button.label == "Cell 4").click().run()
    assert not page.exception
    assert page.session_state["scan-case"].title == "Cell 4"
    assert "3 of 5 cells counted" in text_of(page)


def test_it_can_be_closed(page, files):
    page.file_uploader[0].set_value(files).run()
    next(button for button in page.button if button.label == "Close").click().run()
    assert "Differential count" not in text_of(page)


def test_a_single_file_is_a_case_of_its_own(page, files):
    page.file_uploader[0].set_value(files[:1]).run()
    assert not page.exception
    assert page.session_state["scan-case"].title == "Your file"
    assert "Differential count" not in text_of(page)


def test_a_task_that_counts_nothing_takes_one_file(root, tmp_path, monkeypatch):
    shutil.copytree(root / SCAN_TASK, tmp_path / SCAN_TASK)
    card = tmp_path / SCAN_TASK / "card.toml"
    card.write_text(card.read_text().replace('together = "differential count"\n', ""))
    (tmp_path / SCAN_TASK / "manifest.json").unlink()
    seal(tmp_path / SCAN_TASK)
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(tmp_path))
    monkeypatch.setenv("DIAPHANE_WARM", "0")
    st.cache_resource.clear()
    page = AppTest.from_file(str(PAGE), default_timeout=180).run()
    assert not page.file_uploader[0].accept_multiple_files


def test_a_file_on_which_the_program_fails_does_not_end_the_others(page, files, monkeypatch):
    opened = run._opened

    def fails(bundle, found, text):
        if found["file"].digest == hashlib.sha256(files[1][1]).hexdigest():
            raise RuntimeError(files[1][0])
        return opened(bundle, found, text)

    monkeypatch.setattr(run, "_opened", fails)
    page.file_uploader[0].set_value(files).run()
    assert not page.exception
    text = text_of(page)
    assert "2 of 5 cells counted" in text
    assert "2 could not be read" in text
    assert "Cell 2: Found: a file on which this program failed" in text
