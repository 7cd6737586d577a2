"""Every page, empty and with a case open, in both themes: for axe, and by its plots' words.

What other tests of this folder look at on their way (the worklist with cases, the
explanation of a scan, withheld answers, all of two model reports) is not looked at again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from medmodels.samples import SAMPLES
from tests.browser.barriers import barriers
from tests.browser.both_themes import in_both_themes
from tests.browser.pages import go_to, upload
from tests.browser.standing_still import stand_still, stand_unchanged

pytestmark = pytest.mark.browser

LESSONS = ("Convolution", "Feature maps", "Pooling", "Recurrence", "Learning")
VIEWS = ("Try it yourself", "Nearest cases", "Counterpoint")

# A plot is a figure with a name, or is not there for anybody.
_NAMES = """() => [...document.querySelectorAll('.js-plotly-plot')]
  .filter(plot => plot.offsetParent !== null)
  .map(plot => plot.closest('[role=figure], [role=img]')?.getAttribute('aria-label') ?? '')"""
# In a report: what is drawn, and pictures in it that are something by themselves.
_DRAWN = """() => [...document.querySelectorAll('svg, img')]
  .filter(one => !one.closest('[aria-hidden=true]') && !one.parentElement.closest('svg'))
  .map(one => one.getAttribute('aria-label') ?? one.getAttribute('alt')
    ?? one.querySelector('title, desc')?.textContent ?? '')"""
# Names of which there are two on a page say nothing about which is which.
_FEWEST_WORDS = 3


def _settled(page: Page) -> None:
    """Wait until nothing is about to be replaced: that is drawn pale, and nobody reads it."""
    assert stand_still(page)
    expect(page.locator("[data-testid=stSpinner]")).to_have_count(0)
    stand_unchanged(page)


def look(page: Page, where: str, found: list[Any]) -> None:
    """Note what axe finds serious, and plots without words, in both themes."""
    for scheme in in_both_themes(page):
        look_once(page, f"{where}, {scheme}", found)


def look_once(page: Page, where: str, found: list[Any]) -> None:
    """Note the same in the theme that is there."""
    _settled(page)
    found += [(where, *one) for one in barriers(page)]
    names = page.evaluate(_NAMES)
    found += [(where, "plot", name) for name in names if len(name.split()) < _FEWEST_WORDS]


def look_at_report(page: Page, where: str, found: list[Any], folder: Path) -> None:
    """Keep what is open as a page of its own, which follows its reader's screen by itself."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Report as HTML", exact=True).click()
    file = folder / f"{where}.html"
    download.value.save_as(file)
    report = page.context.new_page()
    report.goto(file.as_uri())
    for scheme in ("light", "dark"):
        report.emulate_media(color_scheme=scheme)
        found += [(where, scheme, *one) for one in barriers(report)]
    names = report.evaluate(_DRAWN)
    found += [(where, "drawing", name) for name in names if len(name.split()) < _FEWEST_WORDS]
    assert names
    report.close()


def test_pages_with_nothing_open(open_page):
    page, found = open_page("/"), []
    for place in ("Worklist", "Explanation"):
        look(go_to(page, place), place, found)
    go_to(page, "Inside the network")
    for lesson in LESSONS:
        page.get_by_role("radio", name=lesson, exact=True).click()
        expect(page.locator(".js-plotly-plot").first).to_be_visible()
        look(page, f"lesson {lesson}", found)
    assert found == []


def test_a_scan_and_a_recording_open(open_page, tmp_path):
    page, found = open_page("/"), []
    go_to(page, "Scan")
    upload(page, "scan.png", (SAMPLES / "chest-pneumonia-1.png").read_bytes())
    expect(page.get_by_test_id("answer").first).to_be_visible()
    expect(page.get_by_text("Tested.", exact=True).first).to_be_visible()
    look(page, "a scan", found)
    look_at_report(page, "report of a scan", found, tmp_path)
    go_to(page, "Sequence")
    page.get_by_role("button", name="Ventricular ectopic beats", exact=True).click()
    expect(page.get_by_text("Tested.", exact=True).first).to_be_visible()
    look(page, "a recording", found)
    look_at_report(page, "report of a recording", found, tmp_path)
    go_to(page, "Explanation")
    expect(page.get_by_text("Tested on this input").first).to_be_visible()
    look(page, "a beat explained", found)
    for view in VIEWS:
        page.get_by_role("radio", name=view).first.click()
        look(page, f"a beat, {view}", found)
    assert found == []


def test_a_cell_open(open_page, tmp_path):
    page, found = open_page("/"), []
    go_to(page, "Scan").get_by_role("radio", name="Blood cells").click()
    expect(page.get_by_text("Which kind of blood cell").first).to_be_visible()
    upload(page, "cell.png", (SAMPLES / "cell-neutrophil.png").read_bytes())
    expect(page.get_by_test_id("answer").first).to_contain_text("neutrophil")
    look(page, "a cell", found)
    look_at_report(page, "report of a cell", found, tmp_path)
    go_to(page, "Explanation")
    look(page, "a cell explained", found)
    for view in VIEWS:  # as of other scans, but for their words
        page.get_by_role("radio", name=view).first.click()
        look_once(page, f"a cell, {view}", found)
    assert found == []


def test_bases_open(open_page, tmp_path):
    page, found = open_page("/"), []
    page.get_by_role("button", name="A donor site").first.click()
    expect(page.get_by_text("The change that hurts most").first).to_be_visible()
    look(page, "a window of bases", found)
    look_at_report(page, "report of a window", found, tmp_path)
    go_to(page, "Explanation")
    look(page, "bases explained", found)
    go_to(page, "Sequence")
    upload(page, "gene.fa", (SAMPLES / "dna-two-introns.fa").read_bytes())
    expect(page.get_by_test_id("answer").first).to_contain_text("along 3,000 bases")
    look(page, "a gene", found)
    look_at_report(page, "report of a gene", found, tmp_path)
    assert found == []
