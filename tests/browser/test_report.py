"""The model report in a real browser: every part, both themes, both files."""

from __future__ import annotations

import json

import pytest

from medmodels.bundles import load_bundle
from medmodels.reports.model_sections import PARTS
from tests.browser.barriers import barriers
from tests.browser.pages import no_sideways_scrolling

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("title", "width", "scheme"), [("Chest X-ray", 1440, "light"), ("ECG beats", 800, "dark")]
)
def test_every_part_opens_and_fits_and_is_accessible(open_page, title, width, scheme):
    page = open_page("/report", width, scheme)
    page.get_by_role("radio", name=title).click()
    unit = "beats" if title == "ECG beats" else "scans"
    page.get_by_text(f"{unit} from elsewhere").first.wait_for()
    for part in PARTS:
        page.get_by_role("tab", name=part.title).click()
        page.locator("[role=tab][aria-selected=true]", has_text=part.title).wait_for()
        no_sideways_scrolling(page)
        assert barriers(page) == [], part.title


def test_the_json_that_is_downloaded_is_the_bundles_own(open_page):
    page = open_page("/report")
    with page.expect_download() as download:
        page.get_by_role("button", name="Report as JSON").click()
    content = json.loads(download.value.path().read_text())
    bundle = load_bundle("chest-xray")
    assert content["bundle"] == bundle.digest
    assert content["evaluation"]["splits"] == bundle.evaluation["splits"]
    assert download.value.suggested_filename == f"model-report-chest-xray-{bundle.digest[:12]}.json"


def test_the_html_that_is_downloaded_is_whole(open_page):
    page = open_page("/report")
    with page.expect_download() as download:
        page.get_by_role("button", name="Report as HTML").click()
    assert download.value.path().read_text().rstrip().endswith("</html>")
