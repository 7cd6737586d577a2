"""Files on their way in: none is lost when a visitor clicks meanwhile, and waits are told."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from medmodels.inputs.airlock import admit
from medmodels.samples import Sample
from medmodels.ui import airlock, ecg_source, sample_picker, scan_case, upload, worklist_work
from medmodels.ui.background import Stopped
from tests.bundles_fixture import SCAN_TASK, SIGNAL_TASK, made_ramps
from tests.pages.conftest import AtOnce
from tests.ui.recurrence_page import ecg_csv
from tests.worklist.made_files import png

PAGES = Path(__file__).resolve().parents[2] / "pages"


class StoppedAfterTwo(AtOnce):
    """A job that a visitor stops when it has told of a second share."""

    stopped = True

    def __init__(self, work, turn=None):  # noqa: ARG002
        told = []

        def tell(share: float) -> None:
            told.append(share)
            if len(told) == 2:
                raise Stopped

        with suppress(Stopped):
            work(tell)


@pytest.fixture
def worklist(one_of_each, monkeypatch) -> AppTest:
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(one_of_each))
    monkeypatch.setenv("DIAPHANE_WARM", "0")
    monkeypatch.setattr("medmodels.ui.worklist_work.Job", AtOnce)
    st.cache_resource.clear()
    page = AppTest.from_file(str(PAGES / "worklist.py"), default_timeout=180).run()
    page.segmented_control(key="worklist-task").set_value(SCAN_TASK).run()
    return page


@pytest.fixture(scope="module")
def files() -> list[tuple[str, bytes, str]]:
    return [(f"{i}.png", png(ramp), "image/png") for i, ramp in enumerate(made_ramps(5))]


@pytest.fixture
def samples(tiny_bundles, monkeypatch) -> list[bytes]:
    """Two sample cases of the tiny task, each as it comes out of the airlock."""
    made = [Sample(SCAN_TASK, name, "", f"chest-{name}-1.png") for name in ("normal", "pneumonia")]
    monkeypatch.setattr(sample_picker, "list_samples", lambda _task: made)
    return [admit(sample.read_bytes()).data for sample in made]


def ends_once(monkeypatch, place, name: str) -> list[object]:
    """Let a function end the run that calls it first, as a click does; gives what it was told."""
    true, calls = getattr(place, name), []

    def ended(*given, **settings):
        calls.append(given)
        if len(calls) == 1:
            st.rerun()
        return true(*given, **settings)

    monkeypatch.setattr(place, name, ended)
    return calls


def test_a_scan_whose_reading_a_click_ended_is_read_by_the_next_run(
    tiny_bundles, grey_png, monkeypatch
):
    page = AppTest.from_file(str(PAGES / "scan.py"), default_timeout=120).run()
    calls = ends_once(monkeypatch, scan_case, "read_item")
    page.file_uploader[0].upload("scan.png", grey_png, "image/png").run()
    assert not page.exception
    assert page.session_state["scan-case"].source.data == admit(grey_png).data
    assert len(calls) == 2
    # Once it is open no run reads it again.
    page.run()
    assert len(calls) == 2


def test_a_sample_whose_reading_a_click_ended_is_read_by_the_next_run(samples, monkeypatch):
    page = AppTest.from_file(str(PAGES / "scan.py"), default_timeout=120).run()
    calls = ends_once(monkeypatch, scan_case, "read_item")
    page.button(key="scan-sample-1").click().run()
    assert not page.exception
    assert page.session_state["scan-case"].source.data == samples[1]
    assert len(calls) == 2
    page.run()
    assert len(calls) == 2


def test_what_the_visitor_did_last_counts(samples, grey_png, monkeypatch):
    page = AppTest.from_file(str(PAGES / "scan.py"), default_timeout=120).run()
    true = scan_case.read_item

    def ended(*given, **settings):
        # The page is drawn again by what the visitor does next; nothing of this run is left.
        monkeypatch.setattr(scan_case, "read_item", true)
        st.stop()

    monkeypatch.setattr(scan_case, "read_item", ended)
    page.file_uploader[0].upload("scan.png", grey_png, "image/png").run()
    assert "scan-case" not in page.session_state
    page.button(key="scan-sample-0").click().run()
    assert page.session_state["scan-case"].source.data == samples[0]
    page.run()
    assert page.session_state["scan-case"].source.data == samples[0]
    monkeypatch.setattr(scan_case, "read_item", ended)
    page.button(key="scan-sample-1").click().run()
    assert page.session_state["scan-case"].source.data == samples[0]
    page.file_uploader[0].clear().upload("scan.png", grey_png, "image/png").run()
    assert page.session_state["scan-case"].source.data == admit(grey_png).data
    page.run()
    assert page.session_state["scan-case"].source.data == admit(grey_png).data
    assert not page.exception


def test_a_recording_whose_taking_over_a_click_ended_is_read_by_the_next_run(
    one_of_each, monkeypatch
):
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(one_of_each))
    st.cache_resource.clear()
    page = AppTest.from_file(str(PAGES / "sequence.py"), default_timeout=120).run()
    page.segmented_control(key="sequence-task").set_value(SIGNAL_TASK).run()
    calls = ends_once(monkeypatch, ecg_source, "take_recording")
    page.file_uploader[0].set_value([("beats.csv", ecg_csv(), "text/csv")]).run()
    assert not page.exception
    assert len(calls) == 2
    assert len(page.session_state["ecg_case"].reading.labels) == 41


def test_a_file_on_which_the_program_fails_is_not_read_by_every_run(
    tiny_bundles, grey_png, monkeypatch
):
    page = AppTest.from_file(str(PAGES / "scan.py"), default_timeout=120).run()
    calls = []

    def fails(*given, **settings):
        calls.append(given)
        raise RuntimeError

    monkeypatch.setattr(scan_case, "read_item", fails)
    page.file_uploader[0].upload("scan.png", grey_png, "image/png").run()
    assert page.exception
    page.run()
    assert not page.exception
    assert len(calls) == 1


def test_files_that_a_click_kept_from_a_worklist_are_in_it_after_the_next_run(
    worklist, files, monkeypatch
):
    calls = ends_once(monkeypatch, worklist_work, "ensure_ready")
    worklist.file_uploader[0].set_value(files).run()
    assert not worklist.exception
    assert len(calls) == 2
    assert len(worklist.session_state["worklist-work"].lines) == len(files)


def test_what_takes_long_tells_how_long_and_goes_through_the_airlock_once(
    worklist, files, monkeypatch
):
    admitted, bars = [], []
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(upload, "time", SimpleNamespace(monotonic=lambda: clock.now))
    true = airlock.admit

    def slowly(data, **settings):
        clock.now += 2.0
        admitted.append(data)
        return true(data, **settings)

    monkeypatch.setattr(airlock, "admit", slowly)
    monkeypatch.setattr(upload, "say_left", lambda seconds: bars.append(seconds) or "a while left")
    worklist.file_uploader[0].set_value(files).run()
    assert not worklist.exception
    assert len(admitted) == len(files)
    # Five files, 2 s each.
    assert bars == [8, 6, 4, 2]


def test_a_worklist_that_was_stopped_goes_on_with_the_rest(worklist, files, monkeypatch):
    monkeypatch.setattr("medmodels.ui.worklist_work.Job", StoppedAfterTwo)
    worklist.file_uploader[0].set_value(files).run()
    assert not worklist.exception
    work = worklist.session_state["worklist-work"]
    assert len(work.lines) == 2
    assert worklist.info[0].value == "Stopped: 3 of 5 cases were not read."
    monkeypatch.setattr("medmodels.ui.worklist_work.Job", AtOnce)
    worklist.button(key="worklist-rest").click().run()
    assert not worklist.exception
    assert [line.input_digest for line in work.lines] == [source.digest for source in work.sources]
    assert not worklist.info
