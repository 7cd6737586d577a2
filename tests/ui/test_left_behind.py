"""A page that is loaded anew knows what the same browser had open, and of no other browser."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string

from medmodels.ui import left_behind as module
from medmodels.ui.left_behind import left_behind, mark_browser, older_than_server

KEYS = ("scan-case", "ecg_case", "worklist-work")


@pytest.fixture
def here(monkeypatch):
    """A visit's session, and those whose page was closed."""
    closed: list[SimpleNamespace] = []
    fake = SimpleNamespace(session_state={}, context=SimpleNamespace(cookies={}))
    server = SimpleNamespace(
        _session_mgr=SimpleNamespace(_session_storage=SimpleNamespace(list=lambda: closed))
    )
    monkeypatch.setattr(module, "st", fake)
    monkeypatch.setattr(module.runtime, "exists", lambda: True)
    monkeypatch.setattr(module.runtime, "get_instance", lambda: server)

    def visit(token: bytes | None, given: int = 2_000_000_000) -> dict[str, object]:
        fake.session_state = {}
        # Masked anew each time, as Streamlit sends it.
        cookie = {} if token is None else {
            "_streamlit_xsrf": generate_xsrf_token_string(token, given)
        }  # fmt: skip
        fake.context.cookies = cookie
        mark_browser()
        return fake.session_state

    def leave() -> None:
        state = SimpleNamespace(filtered_state=fake.session_state)
        closed.append(SimpleNamespace(session=SimpleNamespace(session_state=state)))

    return SimpleNamespace(visit=visit, leave=leave)


def test_the_same_browser_is_told_what_it_had_open(here):
    here.visit(b"one").update({"ecg_case": object(), "scan-case": object(), "other": 1})
    here.leave()
    state = here.visit(b"one")
    assert left_behind(KEYS) == ("scan-case", "ecg_case")
    assert b"one" not in map(repr, state.values())


@pytest.mark.parametrize("token", [b"two", None])
def test_another_browser_is_told_nothing(here, token):
    here.visit(b"one")["scan-case"] = object()
    here.leave()
    here.visit(token)
    assert left_behind(KEYS) == ()


def test_of_a_page_that_is_still_open_or_was_wiped_nothing_is_said(here):
    here.visit(b"one")["scan-case"] = object()
    here.visit(b"one")["scan-case"] = None
    here.leave()
    here.visit(b"one")
    assert left_behind(KEYS) == ()


@pytest.mark.parametrize(("given", "older"), [(999, True), (1000, False), (1001, False)])
def test_a_token_from_before_the_server_was_started(here, monkeypatch, given, older):
    monkeypatch.setattr(module, "_STARTED", 1000.9)
    monkeypatch.setattr(module, "_TOLD", {})
    here.visit(b"one", given)
    assert older_than_server() is older
    # Nobody is told twice; others are told as well.
    here.visit(b"one", given)
    assert older_than_server() is False
    here.visit(b"two", given)
    assert older_than_server() is older


def test_those_who_were_told_are_not_remembered_without_end(here, monkeypatch):
    monkeypatch.setattr(module, "_TOLD", {})
    monkeypatch.setattr(module, "_MOST_TOLD", 2)
    for token in (b"one", b"two", b"three"):
        here.visit(token, 0)
        assert older_than_server()
    assert list(module._TOLD) == [b"two", b"three"]


@pytest.mark.parametrize("cookie", ["", "2|x|y|z", "2|a", "<b>", "2||||", "é"])
def test_a_cookie_that_no_server_has_given_says_nothing(here, cookie):
    here.visit(None)
    module.st.context.cookies["_streamlit_xsrf"] = cookie
    mark_browser()
    assert left_behind(KEYS) == ()
    assert older_than_server() is False
