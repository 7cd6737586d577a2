"""A wiped session is empty: its state, its work, its files, what its controls call."""

from __future__ import annotations

import gc
import threading
import weakref
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from streamlit.runtime.caching.ttl_cache import TTLCache
from streamlit.testing.v1 import AppTest

from medmodels.ui.background import Job
from medmodels.ui.server_errors import kind_and_place, log_without_data
from medmodels.ui.server_sessions import forget_expired
from medmodels.ui.wipe import Wiped, give_back_memory, stop_jobs
from medmodels.ui.wipe_offer import wiped_sentence


@dataclass
class Case:
    """As pages keep one."""

    job: Job | None = None
    jobs: dict = field(default_factory=dict)
    again: object = None


Case.__module__ = "medmodels.ui.of_a_test"


def endless(progress):
    while True:
        progress(0.5)
        threading.Event().wait(0.005)


def test_work_is_stopped_wherever_it_is_reached_from():
    plain, deep = Job(endless), Job(endless)
    case = Case(jobs={(0, "method", 1): deep})
    case.again = case  # a case that refers to itself
    stopped = stop_jobs([1, "text", (plain, "words"), {"case": [case]}], wait_s=5)
    assert stopped == [plain, deep]
    assert not plain.running
    assert not deep.running


def test_work_that_is_done_is_not_counted():
    done = Job(lambda _: 7)
    done.wait(5)
    assert stop_jobs([done]) == []


def test_work_at_its_last_step_is_said_to_be_ending():
    let_go = threading.Event()
    job = Job(lambda _: let_go.wait(10))
    assert stop_jobs([job], wait_s=0.01) == [job]
    assert job.running
    let_go.set()
    job.wait(5)


def test_what_the_collector_passes_over_is_collected_too():
    one = Case()
    one.again = one
    kept = weakref.ref(one)
    before = gc.get_freeze_count()
    gc.freeze()
    try:
        del one
        gc.collect()
        assert kept() is not None
        give_back_memory()
        assert kept() is None
        assert gc.get_freeze_count() > 0
    finally:
        if not before:
            gc.unfreeze()


def _page() -> None:
    import streamlit as st

    from medmodels.ui.wipe_offer import offer_wipe, show_wiped

    st.session_state.setdefault("case", "an open case")
    offer_wipe()
    show_wiped(at_home=True)
    st.text_input("Comment", key="comment", on_change=lambda: 1 / 0)


def test_the_button_empties_the_session_and_nothing_else_is_called(monkeypatch):
    left: list[str] = []
    monkeypatch.setattr("medmodels.ui.wipe_offer.st.switch_page", left.append)
    app = AppTest.from_function(_page, default_timeout=120).run()
    app.session_state["comment"] = "seen"
    app.run()
    app.button(key="wipe-now").click().run()
    assert not app.exception
    assert left == ["pages/home.py"]
    assert app.session_state["comment"] == ""
    assert app.success[0].value.startswith("This session is empty.")
    app.run()
    assert app.success  # until another page is opened


def test_the_sentence_counts():
    assert "1 uploaded file (0.0 MB), 1 entry of" in wiped_sentence(Wiped(files=1, entries=1))
    assert "Not yet" not in wiped_sentence(Wiped(jobs=1))


def _session(name: str, job: Job, done: list[str]) -> SimpleNamespace:
    held = {"job": job}
    return SimpleNamespace(
        id=name,
        session_state=SimpleNamespace(
            filtered_state=held,
            clear=held.clear,
            _new_widget_state=SimpleNamespace(widget_metadata={}),
        ),
        shutdown=lambda: done.append(name),
        _fragment_storage=SimpleNamespace(clear=lambda: done.append(f"{name} fragments")),
    )


def test_a_closed_session_is_let_go_of_when_its_time_is_over_and_not_before():
    now, done, job = [0.0], [], Job(endless)
    kept = TTLCache(8, ttl=60, timer=lambda: now[0])
    kept["old"] = SimpleNamespace(session=_session("old", job, done))
    server = SimpleNamespace(
        _session_mgr=SimpleNamespace(_session_storage=SimpleNamespace(_cache=kept))
    )
    now[0] = 59.0
    kept["new"] = SimpleNamespace(session=_session("new", job, done))
    assert forget_expired(server) == 0
    assert job.running
    now[0] = 60.0
    assert forget_expired(server) == 1
    assert done == ["old", "old fragments"]
    assert list(kept._data) == ["new"]
    job.wait(5)
    assert not job.running


def test_a_log_gets_kind_and_place_of_a_failure_but_not_its_text(capsys, caplog, monkeypatch):
    from streamlit import error_util

    monkeypatch.setattr(error_util, "_log_uncaught_app_exception", None)
    log_without_data()
    try:
        raise ValueError("Jane Doe was here")
    except ValueError as error:
        caught = error
    assert kind_and_place(caught).startswith("ValueError at test_wipe.py:")
    error_util.handle_user_script_exception(caught, lambda _: True)
    said = caplog.text + "".join(capsys.readouterr())
    assert "ValueError" in said
    assert "Jane" not in said


@pytest.mark.parametrize("text", ["/home/jane/scan.dcm", "PatientName: Jane"])
def test_work_that_fails_behind_the_page_says_its_kind_alone(text, caplog):
    def fails(_):
        raise OSError(text)

    job = Job(fails)
    job.wait(5)
    assert job.failed
    assert "OSError" in caplog.text
    assert text not in caplog.text


def test_downloads_of_other_sessions_stay_even_while_their_page_is_drawn(monkeypatch):
    from streamlit.runtime import media_file_manager
    from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

    from medmodels.ui import wipe

    storage = MemoryMediaFileStorage("/media")
    media = media_file_manager.MediaFileManager(storage)
    asked = [""]
    monkeypatch.setattr(media_file_manager, "_get_session_id", lambda: asked[0])
    for session, content in (("mine", b"mine"), ("other", b"other"), ("other", b"both")):
        asked[0] = session
        media.add(content, "text/csv", content.decode(), "a.csv", is_for_static_download=True)
    asked[0] = "mine"
    media.add(b"both", "text/csv", "shared", "a.csv", is_for_static_download=True)
    cleared: list[str] = []
    server = SimpleNamespace(
        media_file_mgr=media,
        dataframe_source_mgr=SimpleNamespace(clear_all_for_session=cleared.append),
    )
    monkeypatch.setattr(wipe, "exists", lambda: True)
    monkeypatch.setattr(wipe, "get_instance", lambda: server)
    wipe.forget_media("mine")
    assert {file.content for file in storage._files_by_id.values()} == {b"other", b"both"}
    # The other page is drawn anew: for a moment nothing is its own.
    media.clear_session_refs("other")
    wipe.forget_media("nobody")
    assert {file.content for file in storage._files_by_id.values()} == {b"other", b"both"}
    assert cleared == ["mine", "nobody"]
