"""A scan, from the upload to the map, as a person sees it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from medmodels.figures.theme import DARK, LIGHT
from medmodels.samples import SAMPLES
from tests.browser.both_themes import rgb
from tests.browser.pages import no_sideways_scrolling, upload

pytestmark = pytest.mark.browser


def _expect_an_answer(page):
    expect(page.get_by_text("The network’s answer is").first).to_be_visible()
    # the scan, the confidence plot, the map; people and the ROC curve for this clinic
    expect(page.locator(".js-plotly-plot")).to_have_count(5)
    expect(page.get_by_text("12 × 12 fields").first).to_be_visible()
    expect(page.get_by_text("not a medical device").first).to_be_visible()


def _expect_it_to_fit(page):
    for width in (1440, 800):
        page.set_viewport_size({"width": width, "height": 1000})
        _expect_an_answer(page)
        no_sideways_scrolling(page)


def test_a_png_is_answered_and_explained_and_figures_follow_a_screen_that_turns_dark(open_page):
    page = open_page("/scan")
    upload(page, "scan.png", (SAMPLES / "chest-pneumonia-1.png").read_bytes())
    _expect_it_to_fit(page)
    numbers = page.locator(".js-plotly-plot .xtick text").first
    expect(numbers).to_have_css("fill", rgb(LIGHT.muted))
    page.emulate_media(color_scheme="dark")
    # By itself, whoever reads it.
    expect(numbers).to_have_css("fill", rgb(DARK.muted))
    _expect_it_to_fit(page)


def test_a_dicom_file_without_an_ending_is_read(open_page):
    page = open_page("/scan")
    upload(page, "IM0001", (SAMPLES / "chest-pneumonia-2.dcm").read_bytes())
    _expect_an_answer(page)


def test_a_bad_file_is_explained_and_the_earlier_answer_stays(open_page):
    page = open_page("/scan")
    upload(page, "scan.png", (SAMPLES / "chest-normal-1.png").read_bytes())
    _expect_an_answer(page)
    upload(page, "scan.png", b"<html><b>hello</b></html>")
    expect(page.get_by_text("What to do").first).to_be_visible()
    expect(page.get_by_text("The network’s answer is").first).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)


def test_another_class_is_explained_without_a_new_answer(open_page):
    page = open_page("/scan")
    upload(page, "scan.png", (SAMPLES / "chest-pneumonia-1.png").read_bytes())
    _expect_an_answer(page)
    page.get_by_role("radio", name="Normal").first.click()
    expect(page.get_by_text("Explains Normal").first).to_be_visible()
    expect(page.get_by_text("The network’s answer is").first).to_be_visible()
