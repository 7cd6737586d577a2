"""A click on another page is not lost to a fragment that looks after its work."""

from __future__ import annotations

import pytest
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests

from medmodels.ui import keep_clicks as module
from medmodels.ui.keep_clicks import keep_clicks

CLICK = RerunData(page_script_hash="wanted")
LOOK = RerunData(page_script_hash="left", fragment_id="watch", is_auto_rerun=True)


@pytest.fixture
def plain(monkeypatch):
    """Streamlit as it came, whatever ran before in this process."""
    current = ScriptRequests._request_rerun_locked
    original = getattr(current, "__wrapped__", current)
    monkeypatch.setattr(ScriptRequests, "_request_rerun_locked", original)
    monkeypatch.setattr(ScriptRequests, module._DONE, False, raising=False)


def page_after(*requests: RerunData) -> str:
    waiting = ScriptRequests()
    for one in requests:
        assert waiting.request_rerun(one)
    return waiting.on_scriptrunner_ready().rerun_data.page_script_hash


def test_streamlit_would_lose_it(plain):
    """Why `keep_clicks` is there; when this fails, it is no longer needed."""
    assert page_after(CLICK, LOOK) == "left"


def test_it_is_kept(plain):
    keep_clicks()
    assert page_after(CLICK, LOOK) == "wanted"
    assert page_after(LOOK, CLICK) == "wanted"


def test_what_somebody_asks_for_later_still_counts(plain):
    keep_clicks()
    assert page_after(CLICK, RerunData(page_script_hash="other")) == "other"


def test_looks_alone_go_on(plain):
    keep_clicks()
    keep_clicks()
    waiting = ScriptRequests()
    waiting.request_rerun(LOOK)
    waiting.request_rerun(RerunData(fragment_id="other", is_auto_rerun=True))
    assert waiting.on_scriptrunner_ready().rerun_data.fragment_id_queue == ["watch", "other"]
