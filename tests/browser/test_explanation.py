"""The verdict under a map, and the Explanation page, as a person sees them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from medmodels.samples import SAMPLES
from tests.browser.barriers import barriers
from tests.browser.both_themes import in_both_themes
from tests.browser.pages import drag_over, go_to, no_sideways_scrolling, upload
from tests.browser.standing_still import stand_unchanged

pytestmark = pytest.mark.browser

VIEWS = {
    "Side by side": "Tested on this input",
    "Try it yourself": "Find the smallest",
    "Nearest cases": "most similar training",
    "Counterpoint": "What speaks against the answer",
}


def _open_scan(page):
    upload(page, "scan.png", (SAMPLES / "chest-pneumonia-1.png").read_bytes())
    expect(page.get_by_text("The network’s answer is").first).to_be_visible()
    return page


def test_the_answer_comes_first_and_the_verdict_follows(open_page):
    page = _open_scan(open_page("/scan"))
    expect(page.get_by_text("Tested.", exact=True).first).to_be_visible()
    strip = page.get_by_role("list", name="Checks of this reading")
    expect(strip.get_by_text("Passed")).to_be_visible()
    page.get_by_text("Show how it was tested").click()
    expect(page.get_by_text("Area between showing first and hiding first").first).to_be_visible()


def test_every_view_of_the_open_scan(open_page):
    page = go_to(_open_scan(open_page("/scan")), "Explanation")
    for scheme in in_both_themes(page, (1440, 800)):
        for view, words in VIEWS.items():
            page.get_by_role("radio", name=view).first.click()
            expect(page.get_by_text(words).first).to_be_visible()
            no_sideways_scrolling(page)
            if view == "Side by side":
                expect(page.get_by_text("How often each method passes").first).to_be_visible()
                assert barriers(page) == [], scheme
        assert barriers(page) == [], scheme


def test_a_beat_is_tested_and_others_can_be_chosen(open_page):
    page = open_page("/sequence")
    page.get_by_role("button", name="Ventricular ectopic beats", exact=True).click()
    expect(page.get_by_text("Tested.", exact=True).first).to_be_visible()
    go_to(page, "Explanation")
    before = page.get_by_test_id("answer").inner_text()
    page.get_by_role("button", name="Next not normal").click()
    expect(page.get_by_test_id("answer")).not_to_have_text(before)
    expect(page.get_by_test_id("answer").first).to_contain_text("ventricular ectopic")


def test_a_region_is_hidden_by_drawing_over_it_and_brought_back(open_page):
    page = go_to(_open_scan(open_page("/scan")), "Explanation")
    page.get_by_role("radio", name="Try it yourself").first.click()
    # While the page is redrawn, what it showed before may stand beside what it shows now.
    undo = page.get_by_role("button", name="Undo", exact=True).first
    expect(undo).to_be_disabled()
    canvas = page.locator(".js-plotly-plot .nsewdrag").first
    expect(canvas).to_be_visible()
    drag_over(canvas, (0.3, 0.3), (0.7, 0.8))
    expect(undo).to_be_enabled()
    expect(page.get_by_text("What was tried").first).to_be_visible()
    undo.click()
    expect(undo).to_be_disabled()
    expect(page.get_by_role("button", name="Redo", exact=True).first).to_be_enabled()


def test_with_nothing_open_it_teaches(open_page):
    page = open_page("/explanation")
    expect(page.get_by_text("Nothing is open yet").first).to_be_visible()
    stand_unchanged(page)
    assert barriers(page) == []
