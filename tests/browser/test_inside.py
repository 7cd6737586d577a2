"""The lessons as a person sees them: something moves, and the numbers are there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from medmodels.samples import SAMPLES
from tests.browser.both_themes import in_both_themes
from tests.browser.pages import go_to, no_sideways_scrolling, upload
from tests.browser.standing_still import stand_still

pytestmark = pytest.mark.browser


def _open(page, lesson):
    page.get_by_role("radio", name=lesson, exact=True).click()
    return page


def _column(page):
    return int(page.get_by_role("slider", name="Column").input_value())


def test_a_kernel_is_followed_over_the_scan(open_page):
    page = _open(open_page("/inside"), "Convolution")
    for _ in in_both_themes(page):
        expect(page.get_by_text("No scan is open").first).to_be_visible()
        expect(page.get_by_text("own layer gave").first).to_be_visible()
        expect(page.locator(".katex").first).to_be_visible()
        for width in (1440, 800):
            page.set_viewport_size({"width": width, "height": 1000})
            expect(page.locator(".js-plotly-plot")).to_have_count(4)
            no_sideways_scrolling(page)


def test_play_moves_the_window_and_pause_holds_it(open_page):
    page = _open(open_page("/inside"), "Convolution")
    expect(page.get_by_text("own layer gave").first).to_be_visible()
    page.get_by_role("slider", name="Column").focus()
    page.keyboard.press("Home")
    expect(page.get_by_text(re.compile(r"y\(\d+, 1\)")).first).to_be_visible()
    page.get_by_role("button", name="Play").click()
    # The third column or, on a slow machine, any after it.
    further = re.compile(r"y\(\d+, ([3-9]|\d\d)\)")
    expect(page.get_by_text(further).first).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play").first).to_be_visible()
    assert stand_still(page)
    held = _column(page)
    # Longer than it stands at any column.
    page.wait_for_timeout(2500)
    assert _column(page) == held


def test_the_open_scan_is_used_and_a_map_is_enlarged(open_page):
    page = open_page("/scan")
    upload(page, "scan.png", (SAMPLES / "chest-pneumonia-1.png").read_bytes())
    expect(page.get_by_text("The network’s answer is").first).to_be_visible()
    _open(go_to(page, "Inside the network"), "Feature maps")
    expect(page.get_by_text("These lessons use the open scan: Your file").first).to_be_visible()
    expect(page.get_by_text("of all cells are 0").first).to_be_visible()
    wall = page.locator(".js-plotly-plot").first
    title = page.locator(".dia-figure-title").nth(1)
    before = title.inner_text()
    maps = wall.locator(".nsewdrag").first
    box = maps.bounding_box()
    # Brings it into the window first, and waits until it stands still.
    maps.click(position={"x": 0.9 * box["width"], "y": 0.5 * box["height"]})
    expect(title).not_to_have_text(before)


def test_pooling_and_the_sum_that_is_the_answer(open_page):
    page = _open(open_page("/inside"), "Pooling")
    expect(page.get_by_text("own logit for").first).to_be_visible()
    expect(page.get_by_text("The largest of the 4 numbers").first).to_be_visible()
    page.get_by_role("radio", name="Average").click()
    expect(page.get_by_text("The average of the 4 numbers").first).to_be_visible()
    no_sideways_scrolling(page)


def test_ten_steps_make_the_loss_less(open_page):
    page = _open(open_page("/inside"), "Learning")
    loss = page.locator("strong", has_text=" nats").first
    expect(loss).to_be_visible()
    before = loss.inner_text()
    page.get_by_role("button", name="Take ten steps").click()
    expect(page.get_by_text("Look at step (1 to 11)").first).to_be_visible()
    expect(loss).not_to_have_text(before)
    assert float(loss.inner_text().split()[0]) < float(before.split()[0])
    page.get_by_role("button", name="Back to the start").click()
    expect(page.get_by_text("Look at step")).to_have_count(0)
    no_sideways_scrolling(page)
