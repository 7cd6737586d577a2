"""The model report is on screen in under two seconds: nothing is computed when it is opened."""

from __future__ import annotations

import time

import pytest

from tests.browser.conftest import start_server

pytestmark = pytest.mark.benchmark


def test_the_report_opens_in_under_two_seconds(browser):
    server = start_server()
    try:
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.goto(server.url)
        page.get_by_role("heading", level=1).first.wait_for()
        start = time.perf_counter()
        page.get_by_role("link", name="Model report", exact=True).first.click()
        page.get_by_role("heading", name="Here and elsewhere").wait_for()
        page.get_by_role("table").first.wait_for()
        opened = time.perf_counter() - start
        page.locator(".js-plotly-plot .main-svg").first.wait_for()
        drawn = time.perf_counter() - start
        page.close()
    finally:
        server.process.terminate()
        server.process.wait(timeout=20)
    print(f"\ndrop, numbers and tabs after {opened:.2f} s, first figure after {drawn:.2f} s")
    assert opened < 2
