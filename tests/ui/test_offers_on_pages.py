"""The pages offer what they cannot read, or refuse to answer, to the task it is meant for."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.bundles_fixture import SCAN_TASK, SEQUENCE_TASK, SIGNAL_TASK
from tests.pages.conftest import AtOnce
from tests.ui.other_task_page import FASTA, PAGES, RAMP, open_page
from tests.ui.recurrence_page import ecg_csv

OFFER = "Open it with “{}”"


@pytest.fixture(autouse=True)
def jobs_at_once(monkeypatch):
    for module in ("verdict", "bases_case"):
        monkeypatch.setattr(f"medmodels.ui.{module}.Job", AtOnce)


def page_for(name: str, **state: str) -> AppTest:
    app = AppTest.from_file(str(PAGES / name), default_timeout=180)
    for key, value in state.items():
        app.session_state[key.replace("_", "-")] = value
    app.run()
    assert not app.exception
    return app


def upload(app: AppTest, name: str, data: bytes) -> None:
    app.file_uploader[0].upload(name, data, "application/octet-stream").run()
    assert not app.exception


def offers(app: AppTest) -> list[str]:
    return [button.label for button in app.button if button.label.startswith("Open it with")]


def click_offer(app: AppTest) -> None:
    next(button for button in app.button if button.label.startswith("Open it with")).click().run()
    assert not app.exception


def test_bases_dropped_on_the_scan_page_are_opened_on_theirs(one_of_each, install, went):
    install(one_of_each)
    app = page_for("scan.py")
    upload(app, "gene.fasta", FASTA.encode())
    assert "This file cannot be read" in app.error[0].value
    assert offers(app) == [OFFER.format("Tiny sequence")]
    click_offer(app)
    assert went == ["pages/sequence.py"]
    # What was opened elsewhere is no error here any more.
    assert not app.run().error
    assert offers(app) == []
    page = open_page("sequence.py", app)
    assert page.session_state["sequence-task"] == SEQUENCE_TASK
    assert page.session_state["bases-case"].reading.bases.sequences.names == ("gene",)


def test_the_next_scan_takes_the_offer_away(one_of_each, install):
    install(one_of_each)
    app = page_for("scan.py")
    upload(app, "gene.fasta", FASTA.encode())
    upload(app, "scan.png", RAMP)
    assert not app.error
    assert offers(app) == []


def test_an_ecg_pasted_as_bases_is_read_as_an_ecg(one_of_each, install):
    install(one_of_each)
    app = page_for("sequence.py", sequence_task=SEQUENCE_TASK)
    app.text_area[0].set_value(ecg_csv().decode())
    next(button for button in app.button if button.label == "Read").click().run()
    assert app.error
    assert offers(app) == [OFFER.format("Tiny signal")]
    # Both tasks are on this very page.
    click_offer(app)
    assert app.session_state["sequence-task"] == SIGNAL_TASK
    assert len(app.session_state["ecg_case"].reading.labels) == 41
    assert offers(app) == []


def test_bases_uploaded_as_an_ecg_are_read_as_bases(one_of_each, install):
    install(one_of_each)
    app = page_for("sequence.py", sequence_task=SIGNAL_TASK)
    upload(app, "gene.fasta", FASTA.encode())
    assert offers(app) == [OFFER.format("Tiny sequence")]
    click_offer(app)
    assert app.session_state["sequence-task"] == SEQUENCE_TASK
    assert app.session_state["bases-case"].reading.bases.sequences.names == ("gene",)


def test_several_files_at_once_are_offered_to_nobody(one_of_each, install):
    install(one_of_each)
    app = page_for("sequence.py", sequence_task=SIGNAL_TASK)
    kind = "application/octet-stream"
    app.file_uploader[0].set_value([("a.fa", FASTA.encode(), kind), ("b.fa", b">b\nAC", kind)])
    app.run()
    assert not app.exception
    assert app.error
    assert offers(app) == []


def test_a_scan_of_another_task_is_read_with_it(two_scans, install):
    install(two_scans)
    app = page_for("scan.py", scan_task="strict")
    upload(app, "scan.png", RAMP)
    case = app.session_state["scan-case"]
    assert case.reading.trust.unlike.refused
    assert offers(app) == [OFFER.format("Tiny scan")]
    click_offer(app)
    assert app.session_state["scan-task"] == SCAN_TASK
    case = app.session_state["scan-case"]
    assert (case.reading.task, case.data) == (SCAN_TASK, RAMP)
    assert offers(app) == []


def test_a_refused_file_above_a_withheld_scan_each_has_its_offer(two_scans, install):
    install(two_scans)
    app = page_for("scan.py", scan_task="strict")
    upload(app, "scan.png", RAMP)
    upload(app, "ecg.csv", ecg_csv())
    assert app.error
    assert offers(app) == [OFFER.format("Tiny signal"), OFFER.format("Tiny scan")]
