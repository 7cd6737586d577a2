"""From the upload to the worklist without a mouse: Tab, Enter, space and arrows."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from medmodels.samples import SAMPLES
from tests.browser.pages import upload
from tests.browser.standing_still import stand_still

pytestmark = pytest.mark.browser

_MOST_STOPS = 250
# What has the focus, and whether that is to be seen: an outline, a ring or a border of its own.
_FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const around = [at, at.nextElementSibling];
  for (let one = at.parentElement, i = 0; one && i < 4; one = one.parentElement, i++)
    around.push(one);
  const seen = around.filter(Boolean).some(one => {
      const style = getComputedStyle(one);
      return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
        || style.boxShadow !== 'none'
        // A field takes a border of the accent's colour.
        || (parseFloat(style.borderTopWidth) > 0 && style.borderTopColor === 'rgb(0, 98, 155)');
    });
  const box = at.getBoundingClientRect();
  return {name: at.getAttribute('aria-label') || at.innerText || at.value || at.tagName,
          seen, tag: at.tagName, place: [box.x, box.y, box.width, box.height].map(Math.round)};
}"""


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until an element has the focus; it must come within one round."""
    stand_still(page)
    for _ in range(_MOST_STOPS):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            # What is drawn anew loses the focus, and takes no key.
            stand_still(page)
            if wanted.evaluate("one => one === document.activeElement"):
                return
    raise AssertionError("Tab does not lead there")


def choose_file(page: Page, name: str) -> None:
    """Open the file dialogue of the first uploader by key, and take a file."""
    uploader = page.get_by_test_id("stFileUploader")
    button = uploader.get_by_test_id("stBaseButton-secondary").first
    for patience_s in (5, 5, 60):
        tab_to(page, button)
        try:
            with page.expect_file_chooser(timeout=1000 * patience_s) as chooser:
                page.keyboard.press("Enter")
        except PlaywrightTimeoutError:
            # On a busy machine no dialogue comes now and then; a person presses again.
            continue
        chooser.value.set_files(SAMPLES / name)
        return
    raise AssertionError("no file dialogue opens by key")


def follow(page: Page, place: str) -> None:
    """Go to another page by key."""
    tab_to(page, page.get_by_role("link", name=place, exact=True).first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1).first).to_have_text(place)


def test_from_the_upload_to_the_worklist_without_a_mouse(open_page):
    page = open_page("/")
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    follow(page, "Scan")
    choose_file(page, "chest-pneumonia-1.png")
    expect(page.get_by_test_id("answer").first).to_contain_text("pneumonia")
    expect(page.get_by_text("Tested.", exact=True).first).to_be_visible()
    # A slider moves with the arrows.
    slider = page.get_by_role("slider", name="Centre").first
    tab_to(page, slider)
    before = slider.get_attribute("aria-valuenow") or slider.input_value()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    assert (slider.get_attribute("aria-valuenow") or slider.input_value()) != before
    follow(page, "Explanation")
    expect(page.get_by_text("Tested on this input").first).to_be_visible()
    views = page.get_by_role("radio", name="Nearest cases").first
    tab_to(page, page.locator("[role=radio][tabindex='0']").first)
    for _ in range(5):
        page.keyboard.press("ArrowRight")
        if views.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Space")
    expect(page.get_by_text("most similar training").first).to_be_visible()
    follow(page, "Worklist")
    choose_file(page, "chest-normal-1.png")
    expect(page.get_by_role("button", name=re.compile(r"Case 1")).first).to_be_visible()
    first = page.get_by_role("button", name=re.compile("^First"))
    expect(first).to_be_enabled()
    tab_to(page, first)
    page.keyboard.press("Enter")
    accept = page.get_by_role("button", name=re.compile("^Accept"))
    expect(accept).to_be_enabled()
    tab_to(page, accept)
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 reviewed.").first).to_be_visible()


def test_every_stop_is_to_be_seen_and_tab_leads_round(open_page):
    page = open_page("/scan")
    page.get_by_test_id("stFileUploader").wait_for()
    stand_still(page)
    stops = []
    for _ in range(60):
        page.keyboard.press("Tab")
        stop = page.evaluate(_FOCUS)
        if stop is None:
            break
        stops.append(stop)
    assert len(stops) > 8
    # The last is not the first again and again: there is a way out.
    assert len({(stop["name"], *stop["place"]) for stop in stops}) > len(stops) // 2
    hidden = [stop for stop in stops if not stop["seen"]]
    assert hidden == []


def test_the_focus_is_to_be_seen_before_what_draws_styles_is_there(open_page):
    page = open_page("/")
    held_back = []
    page.context.route("**/static/js/Html.*.js", lambda route: held_back.append(route))
    page.goto(page.url)
    tab_to(page, page.get_by_role("link", name="Scan", exact=True).first)
    assert page.evaluate(_FOCUS)["seen"]
    assert held_back
    for route in held_back:
        route.continue_()


def test_going_back_nothing_takes_the_focus_under_the_bar_on_top(open_page):
    page = open_page("/scan")
    upload(page, "scan.png", (SAMPLES / "chest-normal-1.png").read_bytes())
    expect(page.get_by_text("Tested.", exact=True).first).to_be_visible()
    page.set_viewport_size({"width": 1000, "height": 400})
    last = page.locator("main button:visible, main a:visible, main summary:visible").last
    last.focus()
    tops = []
    for _ in range(80):
        page.keyboard.press("Shift+Tab")
        top = page.evaluate(
            """() => {
              const at = document.activeElement;
              return at.closest('[data-testid=stMainBlockContainer]')
                ? at.getBoundingClientRect().top : null;
            }"""
        )
        if top is None:
            break
        tops.append(top)
    bar = page.get_by_test_id("stHeader").bounding_box()
    assert len(tops) > 20
    assert min(tops) >= bar["y"] + bar["height"]
