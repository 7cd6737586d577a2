"""A task that nobody has heard of is a folder: every page finds it, and none was changed for it."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from medmodels.training.bundle_writer import seal
from tests.bundles_fixture import SCAN_TASK, write_tiny_scan_bundle

PAGES = Path(__file__).resolve().parents[2] / "pages"
NEW = "moon-craters"
WORDS = {
    SCAN_TASK: NEW, "Tiny scan": "Moon craters", "Does this scan show a finding?":
    "Is there a crater in this picture?", '"Finding"': '"Crater"', '"Normal"': '"No crater"',
    "[input]\n": '[input]\nitem = "plate"\nitems = "plates"\n',
}  # fmt: skip


@pytest.fixture
def root(tmp_path, monkeypatch) -> Path:
    """A folder of bundles with one task of its own, made as the README says."""
    folder = write_tiny_scan_bundle(tmp_path).rename(tmp_path / NEW)
    card = (folder / "card.toml").read_text()
    for old, new in WORDS.items():
        assert old in card
        card = card.replace(old, new)
    (folder / "card.toml").write_text(card)
    (folder / "manifest.json").unlink()
    seal(folder)
    (tmp_path / f"{SCAN_TASK}.toml").unlink(missing_ok=True)
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(tmp_path))
    monkeypatch.setenv("DIAPHANE_WARM", "0")
    st.cache_resource.clear()
    return tmp_path


def open_page(name: str) -> AppTest:
    page = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=180).run()
    assert not page.exception
    return page


def text_of(page: AppTest) -> str:
    kinds = (page.markdown, page.caption, page.subheader, page.title)
    words = "\n".join(str(element.value) for kind in kinds for element in kind)
    return words + "\n".join(one.proto.body for one in page.get("html"))


def test_home_names_it_with_its_question(root):
    home = AppTest.from_file(str(PAGES.parent / "app.py"), default_timeout=180).run()
    assert not home.exception
    text = text_of(home)
    assert "Moon craters" in text
    assert "Is there a crater in this picture?" in text


def test_its_page_reads_with_it_in_its_own_words(root, grey_png):
    page = open_page("scan")
    page.file_uploader[0].upload("plate.png", grey_png, "image/png").run()
    assert not page.exception
    text = text_of(page).lower()
    assert "the network’s answer is" in text
    assert "crater" in text
    assert "plates" in text
    assert "pneumonia" not in text


def test_it_is_explained_and_reported_like_any_other(root, grey_png):
    page = open_page("scan")
    page.file_uploader[0].upload("plate.png", grey_png, "image/png").run()
    explanation = AppTest.from_file(str(PAGES / "explanation.py"), default_timeout=180)
    explanation.session_state["scan-case"] = page.session_state["scan-case"]
    assert not explanation.run().exception
    assert "Methods side by side" in text_of(explanation)
    report = text_of(open_page("report"))
    assert "60 plates" in report
    assert "Crater" in report
