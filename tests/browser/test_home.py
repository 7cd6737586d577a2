"""The first thing a person sees, and whether everyone can use it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from medmodels.bundles import list_tasks, load_bundle
from tests.browser.pages import go_to
from tests.browser.standing_still import stand_still

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (800, "dark")])
def test_home_says_what_can_be_read_and_where_it_fails(open_page, width, scheme):
    page = open_page("/", width, scheme)
    for task in list_tasks():
        card = load_bundle(task).card
        expect(page.get_by_text(card.question).first).to_be_visible()
    expect(page.get_by_text("Where it fails").first).to_be_visible()
    expect(page.get_by_text("not a medical device").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", ["Home", "Scan", "Sequence"])
def test_no_serious_accessibility_violation(open_page, place, scheme):
    page = go_to(open_page("/", 1440, scheme), place)
    page.wait_for_timeout(500)
    assert stand_still(page)
    found = Axe().run(page).response["violations"]
    serious = [
        (entry["id"], entry["nodes"][0]["html"][:200], entry["nodes"][0]["failureSummary"][:300])
        for entry in found
        if entry["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_a_sample_is_one_click_away(open_page):
    page = open_page("/")
    page.get_by_role("button", name="Pneumonia 1").click()
    expect(page.get_by_text("The network’s answer is").first).to_be_visible()


def test_a_card_leads_to_its_own_report_whatever_was_open_before(open_page):
    page = open_page("/", 1440)
    links = page.get_by_role("link", name="Its whole model report")
    tasks = sorted(list_tasks(), key=lambda task: load_bundle(task).card.order)
    for number, task in enumerate(tasks):
        links.nth(number).click()
        expect(page.get_by_role("heading", level=1).first).to_have_text("Model report")
        title = load_bundle(task).card.title
        expect(page.get_by_role("radio", name=title).first).to_have_attribute(
            "aria-checked", "true"
        )
        go_to(page, "Home")
        expect(links.first).to_be_visible()
