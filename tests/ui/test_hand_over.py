"""What is offered to another task is open there after one click."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.bundles_fixture import SCAN_TASK, SEQUENCE_TASK, SIGNAL_TASK
from tests.pages.conftest import AtOnce
from tests.ui.other_task_page import FASTA, RAMP, open_page, page_of
from tests.ui.recurrence_page import ecg_csv


def test_a_recording_is_opened_on_its_page(one_of_each, install, went):
    install(one_of_each)
    app = page_of(SCAN_TASK, ecg_csv())
    app.session_state["ecg_upload-seen"] = frozenset({"of before"})
    app.button[0].click().run()
    assert not app.exception
    assert went == ["pages/sequence.py"]
    page = open_page("sequence.py", app)
    assert page.session_state["sequence-task"] == SIGNAL_TASK
    assert len(page.session_state["ecg_case"].reading.labels) == 41


def test_a_sequence_is_opened_on_its_page(one_of_each, install, went, monkeypatch):
    monkeypatch.setattr("medmodels.ui.bases_case.Job", AtOnce)
    install(one_of_each)
    app = page_of(SCAN_TASK, FASTA.encode())
    app.button[0].click().run()
    assert went == ["pages/sequence.py"]
    page = open_page("sequence.py", app)
    assert page.session_state["sequence-task"] == SEQUENCE_TASK
    assert page.session_state["bases-case"].reading.bases.sequences.names == ("gene",)


def test_a_scan_is_opened_on_its_page(two_scans, install, went):
    install(two_scans)
    app = page_of(SIGNAL_TASK, RAMP)
    app.button[0].click().run()
    assert not app.exception
    assert went == ["pages/scan.py"]
    page = open_page("scan.py", app)
    assert page.session_state["scan-task"] == SCAN_TASK
    case = page.session_state["scan-case"]
    assert case.title == "Your file"
    assert case.reading.task == SCAN_TASK


def test_a_picture_that_is_broken_says_so_and_stays(one_of_each, install, went):
    install(one_of_each)
    app = page_of(SIGNAL_TASK, RAMP[:60])
    app.button[0].click().run()
    assert not app.exception
    assert went == []
    assert "This file cannot be read" in app.error[0].value


def test_a_header_without_its_samples_is_named_as_what_it_is(one_of_each, install, went):
    install(one_of_each)
    app = page_of(SCAN_TASK, b"100 2 360 650000\n100.dat 212 200 11 1024 995 -22131 0 MLII\n")
    app.button[0].click().run()
    assert list(app.session_state["ecg_source"].files) == ["upload.hea"]
    page = open_page("sequence.py", app)
    assert ".dat" in page.error[0].value.replace("\\", "")


def test_the_scan_page_reads_an_open_scan_with_the_task_that_was_chosen(two_scans, install):
    """What the button of a withheld scan does: the task changes before the page is drawn."""
    install(two_scans)

    def page() -> None:
        import streamlit as st

        from medmodels.bundles import load_bundle
        from medmodels.ui.other_task import offer_other_task
        from medmodels.ui.scan_case import current_case, open_case, reread

        tasks = ["strict", "tiny-scan"]
        chosen = load_bundle(st.segmented_control("Question", tasks, key="scan-task", default=None))
        if current_case() is None:
            open_case(chosen, st.session_state["data"], title="Your file")
        case = current_case()
        if case.bundle_digest != chosen.digest:
            case = reread(chosen, case)
        st.caption(case.reading.task)
        if case.reading.trust.unlike.refused:
            offer_other_task(chosen, case.data)

    app = AppTest.from_function(page, default_timeout=120)
    app.session_state["scan-task"], app.session_state["data"] = "strict", RAMP
    app.run()
    assert not app.exception
    app.button[0].click().run()
    assert not app.exception
    assert app.caption[0].value == SCAN_TASK
    assert not app.button


def test_it_can_be_handed_over_without_being_asked(one_of_each, install, went):
    install(one_of_each)

    def page() -> None:
        import streamlit as st

        from medmodels.bundles import load_bundle
        from medmodels.ui.other_task import hand_over

        hand_over(load_bundle("tiny-sequence"), st.session_state["data"])

    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["data"] = FASTA
    app.run()
    assert not app.exception
    assert went == ["pages/sequence.py"]
    assert app.session_state["bases-source"].data == FASTA
