"""The first thing a person sees, and whether everyone can use it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from medmodels.bundles import list_tasks, load_bundle
from tests.browser.barriers import barriers
from tests.browser.both_themes import in_both_themes
from tests.browser.pages import go_to
from tests.browser.standing_still import stand_unchanged

pytestmark = pytest.mark.browser


def test_home_says_what_can_be_read_and_where_it_fails(open_page):
    page = open_page("/")
    for _ in in_both_themes(page, (1440, 800)):
        for task in list_tasks():
            card = load_bundle(task).card
            expect(page.get_by_text(card.question).first).to_be_visible()
        expect(page.get_by_text("Where it fails").first).to_be_visible()
        expect(page.get_by_text("not a medical device").first).to_be_visible()


def test_no_serious_accessibility_violation(open_page):
    page = open_page("/")
    for place in ("Home", "Scan", "Sequence"):
        go_to(page, place)
        for scheme in in_both_themes(page):
            stand_unchanged(page)
            assert barriers(page) == [], (place, scheme)


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
