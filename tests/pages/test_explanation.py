"""The Explanation page: what is open, every view of it, and nothing that crashes."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

PAGES = Path(__file__).resolve().parents[2] / "pages"
VIEWS = ("compare", "try", "nearest", "against")


@pytest.fixture
def scan_case(tiny_bundles, grey_png):
    page = AppTest.from_file(str(PAGES / "scan.py"), default_timeout=180).run()
    page.file_uploader[0].upload("scan.png", grey_png, "image/png").run()
    return page.session_state["scan-case"]


@pytest.fixture
def page(scan_case) -> AppTest:
    app = AppTest.from_file(str(PAGES / "explanation.py"), default_timeout=180)
    app.session_state["scan-case"] = scan_case
    return app.run()


def _text(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.subheader, app.info, app.warning)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def _view(app: AppTest, name: str) -> AppTest:
    next(one for one in app.button_group if one.key == "explanation-view").set_value(name).run()
    assert not app.exception
    return app


def test_with_nothing_open_it_teaches_and_offers_samples(tiny_bundles):
    app = AppTest.from_file(str(PAGES / "explanation.py"), default_timeout=180).run()
    assert not app.exception
    assert "Nothing is open yet" in _text(app)


def test_methods_side_by_side_with_a_table_of_audits(page):
    assert not page.exception
    text = _text(page)
    assert "Methods side by side" in text
    assert "Tested on this input" in text


def test_audits_appear_one_after_the_other(page, scan_case):
    page.run()
    page.run()
    tested = {one.audit.method for one in page.session_state["scan-case"].reading.explained}
    assert {"hires_cam", "grad_cam"} <= tested
    assert len(page.dataframe) == 1


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_of_a_scan(page, view):
    assert not _view(page, view).exception


def test_the_scan_page_tells_the_verdict_under_the_map(tiny_bundles, grey_png):
    page = AppTest.from_file(str(PAGES / "scan.py"), default_timeout=180).run()
    page.file_uploader[0].upload("scan.png", grey_png, "image/png").run()
    assert not page.exception
    text = _text(page)
    assert "This map explains the answer better than chance" in text or "Not reliable here" in text
