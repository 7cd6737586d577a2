"""An upload that another task reads is offered to it, and only then."""

from __future__ import annotations

import shutil

import pytest
from streamlit.testing.v1 import AppTest

from tests.bundles_fixture import SCAN_TASK, SEQUENCE_TASK, SIGNAL_TASK
from tests.ui.other_task_page import FASTA, NOISE, RAMP, page_of, renamed
from tests.ui.recurrence_page import ecg_csv

SAYS = "**This looks like {}.**"


def offered(app: AppTest) -> list[str]:
    labels = [button.label for button in app.button]
    assert app.caption[0].value == f"offered: {bool(labels)}"
    return labels


def said(app: AppTest) -> str:
    return " ".join(element.value for element in app.markdown)


@pytest.mark.parametrize(
    ("task", "data", "words", "title"),
    [
        (SCAN_TASK, ecg_csv(), "a recording", "Tiny signal"),
        (SCAN_TASK, FASTA.encode(), "a sequence of bases", "Tiny sequence"),
        (SIGNAL_TASK, RAMP, "a picture", "Tiny scan"),
        (SIGNAL_TASK, FASTA.encode(), "a sequence of bases", "Tiny sequence"),
        (SEQUENCE_TASK, RAMP, "a picture", "Tiny scan"),
        (SEQUENCE_TASK, ecg_csv().decode(), "a recording", "Tiny signal"),
    ],
)
def test_what_another_kind_reads_is_offered_to_it(one_of_each, install, task, data, words, title):
    install(one_of_each)
    app = page_of(task, data)
    assert offered(app) == [f"Open it with “{title}”"]
    assert SAYS.format(words) in said(app)


@pytest.mark.parametrize(
    ("task", "data"),
    [
        (SCAN_TASK, NOISE),
        (SIGNAL_TASK, ecg_csv()),
        (SEQUENCE_TASK, FASTA),
        (SCAN_TASK, b"%PDF-1.7 a report"),
        (SIGNAL_TASK, b"Dear colleague, thank you."),
        (SEQUENCE_TASK, b""),
    ],
)
def test_nothing_is_offered_where_no_other_task_is_meant(one_of_each, install, task, data):
    install(one_of_each)
    app = page_of(task, data)
    assert offered(app) == []
    assert not app.markdown


def test_nothing_is_offered_that_is_not_installed(one_of_each, install, tmp_path):
    shutil.copytree(one_of_each / SCAN_TASK, tmp_path / SCAN_TASK)
    install(tmp_path)
    assert offered(page_of(SCAN_TASK, FASTA)) == []


def test_the_card_says_what_a_file_is_called(one_of_each, install, tmp_path):
    shutil.copytree(one_of_each / SCAN_TASK, tmp_path / SCAN_TASK)
    shutil.copytree(one_of_each / SIGNAL_TASK, tmp_path / SIGNAL_TASK)
    renamed(tmp_path, SIGNAL_TASK, "hearts", {
        'title = "Tiny signal"': 'title = "Hearts"',
        "[input]\n": '[input]\ncalled = "an ECG"\n',
    })  # fmt: skip
    shutil.rmtree(tmp_path / SIGNAL_TASK)
    install(tmp_path)
    app = page_of(SCAN_TASK, ecg_csv())
    assert SAYS.format("an ECG") in said(app)
    assert offered(app) == ["Open it with “Hearts”"]


def test_of_two_scan_tasks_the_one_that_knows_it_is_offered(two_scans, install):
    install(two_scans)
    app = page_of("strict", RAMP)
    assert offered(app) == ["Open it with “Tiny scan”"]
    # The other way round nobody finds it like its training data.
    assert offered(page_of(SCAN_TASK, NOISE)) == []


def test_from_another_kind_the_scan_task_that_knows_it_is_offered_alone(two_scans, install):
    install(two_scans)
    assert offered(page_of(SIGNAL_TASK, RAMP)) == ["Open it with “Tiny scan”"]
    # What none of them knows is still a picture: both are offered, and will say what they think.
    assert offered(page_of(SIGNAL_TASK, NOISE)) == [
        "Open it with “Strict”", "Open it with “Tiny scan”",
    ]  # fmt: skip


def test_a_scan_is_tried_once_a_session(two_scans, install, monkeypatch):
    install(two_scans)
    from medmodels.ui import other_task

    runs = []
    read = other_task.read_item
    monkeypatch.setattr(
        other_task, "read_item", lambda bundle, scan: runs.append(bundle.task) or read(bundle, scan)
    )
    app = page_of("strict", RAMP).run()
    assert runs == [SCAN_TASK]
    app.session_state["data"] = NOISE
    app.run()
    assert runs == [SCAN_TASK, SCAN_TASK]
