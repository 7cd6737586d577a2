"""The verdict under a map, and the Explanation page, as a person sees them."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from medmodels.samples import SAMPLES
from tests.browser.pages import go_to, no_sideways_scrolling, upload

pytestmark = pytest.mark.browser

VIEWS = {
    "Try it yourself": "Find the smallest",
    "Nearest cases": "most similar training",
    "Counterpoint": "What speaks against the answer",
}


def _no_serious_violation(page):
    found = Axe().run(page).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []


def _open_scan(page):
    page = go_to(page, "Scan")
    upload(page, "scan.png", (SAMPLES / "chest-pneumonia-1.png").read_bytes())
    expect(page.get_by_text("The network’s answer is").first).to_be_visible()
    return page


def test_the_answer_comes_first_and_the_verdict_follows(open_page):
    page = _open_scan(open_page("/"))
    expect(page.get_by_text("Tested.", exact=True).first).to_be_visible()
    strip = page.get_by_role("list", name="Checks of this reading")
    expect(strip.get_by_text("Passed")).to_be_visible()
    page.get_by_text("Show how it was tested").click()
    expect(page.get_by_text("Area between showing first and hiding first").first).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (800, "dark")])
def test_every_view_of_the_open_scan(open_page, width, scheme):
    page = go_to(_open_scan(open_page("/", width, scheme)), "Explanation")
    expect(page.get_by_text("Tested on this input").first).to_be_visible()
    expect(page.get_by_text("How often each method passes").first).to_be_visible()
    no_sideways_scrolling(page)
    _no_serious_violation(page)
    for view, words in VIEWS.items():
        page.get_by_role("radio", name=view).first.click()
        expect(page.get_by_text(words).first).to_be_visible()
        no_sideways_scrolling(page)
    _no_serious_violation(page)


def test_a_beat_is_tested_and_others_can_be_chosen(open_page):
    page = go_to(open_page("/"), "Sequence")
    page.get_by_role("button", name="Ventricular ectopic beats", exact=True).click()
    expect(page.get_by_text("Tested.", exact=True).first).to_be_visible()
    go_to(page, "Explanation")
    before = page.get_by_test_id("answer").inner_text()
    page.get_by_role("button", name="Next not normal").click()
    expect(page.get_by_test_id("answer")).not_to_have_text(before)
    expect(page.get_by_test_id("answer").first).to_contain_text("ventricular ectopic")


def test_a_region_is_hidden_by_drawing_over_it_and_brought_back(open_page):
    page = go_to(_open_scan(open_page("/")), "Explanation")
    page.get_by_role("radio", name="Try it yourself").first.click()
    # While the page is redrawn, what it showed before may stand beside what it shows now.
    undo = page.get_by_role("button", name="Undo", exact=True).first
    expect(undo).to_be_disabled()
    canvas = page.locator(".js-plotly-plot .nsewdrag").first
    expect(canvas).to_be_visible()
    box = canvas.bounding_box()
    across, down = box["width"], box["height"]
    page.mouse.move(box["x"] + 0.3 * across, box["y"] + 0.3 * down)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * across, box["y"] + 0.8 * down, steps=8)
    page.mouse.up()
    expect(undo).to_be_enabled()
    expect(page.get_by_text("What was tried").first).to_be_visible()
    undo.click()
    expect(undo).to_be_disabled()
    expect(page.get_by_role("button", name="Redo", exact=True).first).to_be_enabled()


def test_with_nothing_open_it_teaches(open_page):
    page = go_to(open_page("/"), "Explanation")
    expect(page.get_by_text("Nothing is open yet").first).to_be_visible()
    _no_serious_violation(page)
