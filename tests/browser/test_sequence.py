"""An ECG, from the upload to one beat's saliency, as a person sees it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from medmodels.samples import SAMPLES
from tests.browser.both_themes import in_both_themes
from tests.browser.pages import no_sideways_scrolling, upload
from tests.browser.standing_still import stand_still

pytestmark = pytest.mark.browser

RECORDING = "ventricular-ectopics.csv"


def test_every_beat_of_a_csv_is_read_and_one_is_explained_on_its_trace(open_page):
    page = open_page("/sequence")
    upload(page, "recording.csv", (SAMPLES / RECORDING).read_bytes())
    expect(page.get_by_text("1:30 min at 360 Hz, leads MLII and V5, in mV").first).to_be_visible()
    expect(page.get_by_text("beats,").first).to_be_visible()
    expect(page.get_by_text("25 mm/s").first).to_be_visible()
    expect(page.get_by_text("Beats that are not normal").first).to_be_visible()
    for _ in in_both_themes(page):
        # overview, paper, one beat's probabilities and its saliency on the trace
        page.locator(".js-plotly-plot").nth(3).wait_for(state="attached")
        expect(page.get_by_text("not a medical device").first).to_be_visible()
        for width in (1440, 800):
            page.set_viewport_size({"width": width, "height": 1000})
            expect(page.get_by_text("25 mm/s").first).to_be_visible()
            no_sideways_scrolling(page)


def test_the_next_finding_is_one_key_away(open_page):
    page = open_page("/sequence")
    upload(page, "recording.csv", (SAMPLES / RECORDING).read_bytes())
    expect(page.get_by_text("Beat 10, at").first).to_be_visible()
    page.locator(".js-plotly-plot").nth(3).wait_for(state="attached")
    # A page that is being drawn has no ears: a person would press again.
    for _ in range(3):
        assert stand_still(page)
        page.keyboard.press("n")
        assert stand_still(page)
        if not page.get_by_text("Beat 10, at").count():
            break
    expect(page.get_by_text("Beat 10, at")).to_have_count(0)


def test_a_table_of_words_is_explained_and_the_session_goes_on(open_page):
    page = open_page("/sequence")
    upload(page, "notes.csv", b"symptom,remark\ncough,dry\nfever,high\n")
    expect(page.get_by_text("What to do").first).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)
    upload(page, "recording.csv", (SAMPLES / RECORDING).read_bytes())
    expect(page.get_by_text("25 mm/s").first).to_be_visible()
