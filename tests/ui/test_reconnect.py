"""A page that comes back to an empty session says what is gone, once."""

from __future__ import annotations

import importlib

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from medmodels.ui import reconnect
from medmodels.ui.reconnect import HELD


def _page() -> None:
    import streamlit as st

    from medmodels.ui.reconnect import keep_track, place_for_lost

    place = place_for_lost()
    if st.button("Open"):
        st.session_state["scan-case"] = object()
    if st.button("Close"):
        del st.session_state["scan-case"]
    keep_track(place)


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_function(_page, default_timeout=120)


def test_the_browser_is_told_the_kind_of_what_is_open_and_nothing_else(page):
    app = page.run()
    assert app.text_input[0].value == ""
    app.button[0].click().run()
    app.run()
    assert app.text_input[0].value == "scan-case"
    app.button[1].click().run()
    app.run()
    assert app.text_input[0].value == ""
    assert not app.warning


def _stays_until_something_is_open(app):
    app.run()
    assert app.warning
    app.button[0].click().run()
    assert not app.warning


def test_an_empty_session_that_the_browser_thinks_full_says_what_is_gone(page):
    # What the browser sends with its first request after the server was lost.
    app = page.run()
    del app.session_state["reconnect-known"]
    app.text_input[0].set_value("scan-case.worklist-work").run()
    said = app.warning[0].value
    assert "the open scan and the worklist with its reviews" in said
    assert "open the files again" in said
    _stays_until_something_is_open(app)
    app.button[1].click().run()
    assert not app.warning


@pytest.mark.parametrize("sent", ["", "nonsense", "scan-case<b>", "."])
def test_what_no_page_would_send_says_nothing(page, sent):
    app = page.run()
    del app.session_state["reconnect-known"]
    app.text_input[0].set_value(sent).run()
    assert not app.warning


def test_a_page_that_was_there_before_hears_once_that_the_connection_was_lost(page, monkeypatch):
    monkeypatch.setattr(reconnect, "_sent", lambda: [WidgetState()])
    app = page.run()
    assert not app.warning
    assert "A file that was on its way has not arrived" in app.info[0].value
    app.run()
    assert not app.info


def test_a_page_that_is_loaded_anew_says_what_is_not_kept_until_something_is_open(
    page, monkeypatch
):
    monkeypatch.setattr(reconnect, "left_behind", lambda _: ("scan-case",))
    app = page.run()
    said = app.warning[0].value
    assert "This page was loaded anew" in said
    assert "the open scan" in said
    _stays_until_something_is_open(app)


def test_where_the_server_was_started_meanwhile_that_is_said_once(page, monkeypatch):
    monkeypatch.setattr(reconnect, "older_than_server", lambda: True)
    app = page.run()
    assert "started anew since you were here" in app.info[0].value
    app.run()
    assert not app.info


def test_the_keys_are_those_of_the_pages():
    named = {
        "scan-case": ("scan_case", "_CASE"), "scans-together": ("together", "_TOGETHER"),
        "ecg_case": ("ecg_reading", "_CASE"), "bases-case": ("bases_case", "_CASE"),
        "worklist-work": ("worklist_work", "_WORK"),
    }  # fmt: skip
    assert set(named) == set(HELD)
    for key, (module, name) in named.items():
        assert getattr(importlib.import_module(f"medmodels.ui.{module}"), name) == key
