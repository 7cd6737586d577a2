"""Many cases at once, as a person goes through them: by mouse and by keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from medmodels.samples import SAMPLES
from tests.browser.barriers import barriers
from tests.browser.both_themes import in_both_themes
from tests.browser.pages import go_to, no_sideways_scrolling
from tests.browser.standing_still import stand_still, stand_unchanged

pytestmark = pytest.mark.browser

NAMES = (
    "chest-normal-1.png", "chest-pneumonia-1.png", "chest-pneumonia-2.dcm",
    "chest-normal-1-turned.png", "sinus-rhythm.csv",
)  # fmt: skip


def _drop(page):
    expect(page.get_by_text("Many cases, the pressing ones first").first).to_be_visible()
    page.locator("input[type=file]").first.set_input_files([
        {"name": f"Jane Doe {name}", "mimeType": "application/octet-stream",
         "buffer": (SAMPLES / name).read_bytes()}
        for name in NAMES
    ])  # fmt: skip
    expect(page.get_by_text("2 of 5 have a finding").first).to_be_visible()
    return page


def test_pressing_cases_stand_first_and_keys_go_through_them(open_page):
    page = _drop(open_page("/worklist"))
    cases = page.get_by_role("button", name=re.compile(r"Case \d"))
    expect(cases).to_have_count(len(NAMES))
    for scheme in in_both_themes(page, (1440, 800)):
        assert {cases.nth(0).inner_text(), cases.nth(1).inner_text()} == {"Case 2", "Case 3"}
        expect(page.get_by_text("1 without an answer, 1 cannot be read").first).to_be_visible()
        # Names are often people's.
        page.get_by_text("Open other files").first.wait_for()
        assert "Jane Doe" not in page.locator("[data-testid=stMain]").inner_text()
        if scheme == "light":
            expect(page.get_by_role("button", name=re.compile("^First")).first).to_be_enabled()
            _press(page, "ArrowRight")
        expect(page.get_by_text("(1 of 5)").first).to_be_visible()
        # A key works once its button is there.
        expect(page.get_by_role("button", name=re.compile("^Accept")).first).to_be_enabled()
        _press(page, "a")
        expect(page.get_by_text("1 reviewed.").first).to_be_visible()
        expect(page.get_by_text("(2 of 5)").first).to_be_visible()
        _press(page, "d")
        expect(page.get_by_text("2 reviewed.").first).to_be_visible()
        expect(page.get_by_label("Your answer").first).to_be_visible()
        no_sideways_scrolling(page)
        assert barriers(page) == [], scheme
        # The same keys take back what was said.
        _press(page, "d")
        expect(page.get_by_text("1 reviewed.").first).to_be_visible()
        _press(page, "ArrowLeft")
        expect(page.get_by_text("(1 of 5)").first).to_be_visible()
        _press(page, "a")
        expect(page.get_by_text("1 reviewed.")).to_have_count(0)


def _press(page, key: str) -> None:
    stand_still(page)
    page.keyboard.press(key)


def test_the_chosen_case_is_in_sight_beside_a_long_list_and_above_it_on_a_telephone(open_page):
    page = _drop(open_page("/worklist"))
    # While cases are still being read, a bar above the list comes and goes.
    expect(page.get_by_text("2 of 5 have a finding").first).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 480})
    stand_still(page)
    last = page.get_by_role("button", name=re.compile(r"Case \d")).last
    last.click()
    chosen = page.get_by_role("heading", name=re.compile(r"Case \d \(5 of 5\)"))
    expect(chosen).to_be_in_viewport()
    expect(last).to_be_in_viewport()
    page.set_viewport_size({"width": 390, "height": 844})
    first = page.get_by_role("button", name=re.compile(r"Case \d")).first
    assert chosen.bounding_box()["y"] < first.bounding_box()["y"]
    no_sideways_scrolling(page)
    # From far down the list one press leads up to the case that was chosen there.
    last.scroll_into_view_if_needed()
    expect(chosen).not_to_be_in_viewport()
    way = page.get_by_role("link", name=re.compile(r"^↑ Case \d$"))
    expect(way).to_be_in_viewport()
    way.click()
    expect(chosen).to_be_in_viewport()
    assert chosen.bounding_box()["y"] >= page.get_by_test_id("stHeader").bounding_box()["height"]
    page.set_viewport_size({"width": 1280, "height": 480})
    expect(way).to_be_hidden()


def test_a_case_is_opened_whole_and_the_list_is_still_there(open_page):
    page = _drop(open_page("/worklist"))
    expect(page.get_by_role("button", name=re.compile("^First")).first).to_be_enabled()
    stand_still(page)
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Open it whole, with its map").click()
    expect(page.get_by_test_id("answer").first).to_contain_text("pneumonia")
    go_to(page, "Worklist")
    expect(page.get_by_text("2 of 5 have a finding").first).to_be_visible()
    page.get_by_role("button", name="Close and forget").click()
    expect(page.get_by_text("Many cases, the pressing ones first").first).to_be_visible()


def test_maps_lie_over_the_small_pictures_and_reading_first_takes_them_away(open_page):
    page = _drop(open_page("/worklist"))
    page.get_by_text("Maps", exact=True).click()
    expect(page.get_by_alt_text(re.compile("Map of case 2")).first).to_be_visible()
    # Of what has no answer there is no map.
    expect(page.get_by_alt_text(re.compile("Map of case"))).to_have_count(3)
    page.get_by_text("Read first", exact=True).click()
    expect(page.get_by_text("Say first what you see").first).to_be_visible()
    expect(page.get_by_alt_text(re.compile("Map of case"))).to_have_count(0)
    expect(page.get_by_text("Pneumonia, 9")).to_have_count(0)
    page.get_by_role("button", name="Case 2").click()
    page.get_by_text("Pneumonia", exact=True).last.click()
    page.get_by_role("button", name="Commit, and show the answer").click()
    expect(page.get_by_text("after").first).to_be_visible()
    expect(page.get_by_text("the same.").first).to_be_visible()
    page.get_by_text("How you and the network compare").click()
    expect(page.get_by_text("1 read first").first).to_be_visible()
    stand_unchanged(page)
    assert barriers(page) == []
