"""A page that draws itself again does not take the place of what the visitor asked for."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests

from medmodels.ui import watch


@pytest.fixture
def redrawn(monkeypatch):
    """Whether the page was drawn again, given what is waiting."""

    def ask(*waiting):
        requests, calls = ScriptRequests(), []
        for rerun in waiting:
            requests.request_rerun(rerun)
        context = SimpleNamespace(script_requests=requests)
        monkeypatch.setattr(watch, "get_script_run_ctx", lambda: context)
        monkeypatch.setattr(watch.st, "rerun", lambda: calls.append("drawn"))
        watch.redraw()
        return bool(calls)

    return ask


def rerun(**more):
    from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

    return RerunData(**more)


def test_it_is_drawn_again_when_nothing_waits(redrawn):
    assert redrawn()


def test_a_click_on_another_page_comes_first(redrawn):
    assert not redrawn(rerun(page_script_hash="another"))


def test_its_own_next_look_does_not_hold_it_up(redrawn):
    assert redrawn(rerun(fragment_id="own"))


def test_without_a_page_nothing_is_in_the_way(monkeypatch):
    calls = []
    monkeypatch.setattr(watch, "get_script_run_ctx", lambda: None)
    monkeypatch.setattr(watch.st, "rerun", lambda: calls.append("drawn"))
    watch.redraw()
    assert calls
