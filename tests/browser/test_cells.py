"""Blood cells, one and several, as a person sees them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from medmodels.samples import SAMPLES
from tests.browser.both_themes import in_both_themes
from tests.browser.pages import no_sideways_scrolling, upload

pytestmark = pytest.mark.browser

CELLS = ("cell-neutrophil.png", "cell-lymphocyte.png", "cell-monocyte.png")


def _choose_cells(page):
    page.get_by_role("radio", name="Blood cells").click()
    expect(page.get_by_text("Which kind of blood cell").first).to_be_visible()
    return page


def test_a_cell_is_named_and_explained(open_page):
    page = _choose_cells(open_page("/scan"))
    upload(page, "cell.png", (SAMPLES / CELLS[0]).read_bytes())
    expect(page.get_by_test_id("answer").first).to_contain_text("neutrophil")
    for _ in in_both_themes(page, (1440, 800)):
        expect(page.get_by_test_id("answer").first).to_contain_text("neutrophil")
        # scan, confidence, map
        page.locator(".js-plotly-plot").nth(2).wait_for(state="attached")
        # The map is tested, whatever the test says of it.
        verdict = re.compile("Tested\\. This map|Not reliable here")
        page.locator("p:visible").filter(has_text=verdict).first.wait_for()
        no_sideways_scrolling(page)


def test_several_cells_are_a_differential_count(open_page):
    page = _choose_cells(open_page("/scan"))
    page.locator("input[type=file]").last.set_input_files([
        {"name": name, "mimeType": "image/png", "buffer": (SAMPLES / name).read_bytes()}
        for name in CELLS
    ])  # fmt: skip
    expect(page.get_by_text("differential count", exact=False).first).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)


def test_a_radiograph_among_cells_is_refused_and_opened_where_it_belongs(open_page):
    page = _choose_cells(open_page("/scan"))
    upload(page, "scan.png", (SAMPLES / "chest-pneumonia-1.png").read_bytes())
    expect(page.get_by_text("This looks like a chest X-ray").first).to_be_visible()
    page.get_by_role("button", name="Chest X-ray").click()
    expect(page.get_by_test_id("answer").first).to_contain_text("pneumonia")
