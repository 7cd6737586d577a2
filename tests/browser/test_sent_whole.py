"""What a page is sent does not hang on what its browser has kept."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from medmodels.samples import SAMPLES
from tests.browser.pages import upload
from tests.browser.standing_still import stand_still

pytestmark = pytest.mark.browser


def test_a_page_with_figures_names_nothing_that_it_has_kept(open_page):
    """Named and then let go of, it would end the connection ("Cached ForwardMsg MISS")."""
    asked: list[BackMsg] = []
    page = open_page("/scan")
    page.on("websocket", lambda socket: socket.on("framesent", lambda sent: _note(sent, asked)))
    page.reload()
    upload(page, "a.png", (SAMPLES / "chest-pneumonia-1.png").read_bytes())
    expect(page.locator(".dia-answer").first).to_be_visible()
    assert stand_still(page)
    before = len(asked)
    page.get_by_role("slider").first.press("ArrowRight")
    assert stand_still(page)
    assert len(asked) > before
    assert [one for one in asked if one.rerun_script.cached_message_hashes] == []


def _note(sent: bytes | str, asked: list[BackMsg]) -> None:
    if isinstance(sent, bytes):
        asked.append(BackMsg.FromString(sent))
