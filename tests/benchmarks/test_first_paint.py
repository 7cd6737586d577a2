"""The first page is there before TensorFlow is."""

from __future__ import annotations

import time

import pytest

from tests.browser.conftest import start_server

pytestmark = pytest.mark.benchmark


def test_first_paint_within_two_seconds_of_the_server_answering(browser):
    server = start_server()
    try:
        start = time.perf_counter()
        page = browser.new_page()
        page.goto(server.url)
        page.get_by_role("heading", level=1).first.wait_for()
        painted = time.perf_counter() - start
        libraries = server.mapped_libraries()
        page.close()
    finally:
        server.process.terminate()
        server.process.wait(timeout=20)
    print(f"\nfirst heading on screen {painted:.2f} s after the server answered")
    assert painted <= 2
    assert "libtensorflow" not in libraries
