"""The worklist page: many files read, put in order, judged and taken away."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.bundles_fixture import SCAN_TASK, SEQUENCE_TASK, made_ramps
from tests.inputs.scan_files import dicom
from tests.pages.conftest import AtOnce
from tests.worklist.made_files import png

PAGE = Path(__file__).resolve().parents[2] / "pages" / "worklist.py"


@pytest.fixture
def page(one_of_each, monkeypatch) -> AppTest:
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(one_of_each))
    monkeypatch.setenv("DIAPHANE_WARM", "0")
    monkeypatch.setattr("medmodels.ui.worklist_work.Job", AtOnce)
    st.cache_resource.clear()
    page = AppTest.from_file(str(PAGE), default_timeout=180).run()
    page.segmented_control(key="worklist-task").set_value(SCAN_TASK).run()
    return page


@pytest.fixture(scope="module")
def files() -> list[tuple[str, bytes, str]]:
    """Three ramps that are like the training data, noise, a broken file, and two more in a ZIP."""
    ramps = [png(one) for one in made_ramps(5)]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("in/Jane Doe.png", ramps[3])
        packed.writestr("in/b.png", ramps[4])
    noise = png(np.random.default_rng(0).random((40, 40)))
    contents = [*ramps[:3], noise, b"no picture", archive.getvalue()]
    return [(f"John Smith {i}.png", data, "image/png") for i, data in enumerate(contents)]


def text_of(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.subheader, app.info, app.get("html"))
    return "\n".join(
        str(getattr(element, "value", "") or getattr(element.proto, "body", ""))
        for kind in kinds
        for element in kind
    )


def click(page: AppTest, label: str) -> AppTest:
    return next(one for one in page.button if one.label == label).click().run()


@pytest.fixture
def opened(page, files) -> AppTest:
    page.file_uploader[0].set_value(files).run()
    assert not page.exception
    return page


def work(page: AppTest):
    return page.session_state["worklist-work"]


def test_before_anything_is_open_it_teaches(page):
    assert "reads them behind the page" in text_of(page)
    assert not page.exception


def test_every_file_is_a_case_and_a_bad_one_says_why(opened):
    assert len(work(opened).lines) == 7
    text = text_of(opened)
    assert "1 cannot be read" in text
    assert "Expected: a PNG, JPEG" in text
    assert len([one for one in opened.button if one.label.startswith("Case ")]) == 7


def test_names_are_hidden_until_they_are_asked_for(opened):
    assert "Smith" not in text_of(opened)
    assert "Doe" not in text_of(opened)
    opened.toggle(key="worklist-names").set_value(True).run()
    assert "John Smith 5.png/in/Jane Doe.png" in text_of(opened)


def test_orders_and_filters(opened):
    opened.segmented_control(key="worklist-order").set_value("refusal").run()
    first = next(one for one in opened.button if one.label.startswith("Case "))
    states = [line.state for line in work(opened).lines]
    assert first.label == f"Case {states.index('unreadable') + 1}"
    opened.segmented_control(key="worklist-shown").set_value("No answer").run()
    listed = [one for one in opened.button if one.label.startswith("Case ")]
    assert len(listed) == sum(state in ("abstain", "unreadable") for state in states)


def test_cases_are_gone_through_and_judged(opened):
    click(opened, "First")
    chosen = work(opened).chosen
    assert f"Case {chosen + 1} (1 of 7)" in text_of(opened)
    click(opened, "Next")
    assert "(2 of 7)" in text_of(opened)
    click(opened, "Previous")
    answered = next(i for i, line in enumerate(work(opened).lines) if line.answered)
    click(opened, f"Case {answered + 1}") if work(opened).chosen != answered else None
    click(opened, "Accept")
    assert work(opened).reviews[answered].verdict == "accept"
    # The next one that waits is open now.
    assert work(opened).chosen != answered
    assert "1 reviewed" in text_of(opened)
    opened.segmented_control(key="worklist-shown").set_value("Not reviewed").run()
    assert len([one for one in opened.button if one.label.startswith("Case ")]) == 6


def test_a_file_that_cannot_be_read_says_nothing_to_agree_with_or_not(opened):
    states = [line.state for line in work(opened).lines]
    click(opened, f"Case {states.index('unreadable') + 1}")
    disabled = {one.label: one.disabled for one in opened.button}
    assert disabled["Accept"]
    assert disabled["Disagree"]
    click(opened, f"Case {states.index('answer') + 1}")
    disabled = {one.label: one.disabled for one in opened.button}
    assert not disabled["Accept"]
    assert not disabled["Disagree"]


def test_who_disagrees_can_say_what_it_is_and_take_it_back(opened):
    answered = next(i for i, line in enumerate(work(opened).lines) if line.answered)
    click(opened, f"Case {answered + 1}")
    click(opened, "Disagree")
    assert work(opened).chosen == answered
    other = next(n for n in ("normal", "finding") if n != work(opened).lines[answered].answer)
    opened.selectbox(key=f"worklist-answer-{answered}").set_value(other).run()
    opened.text_input(key=f"worklist-comment-{answered}").set_value("=look").run()
    review = work(opened).reviews[answered]
    assert (review.verdict, review.answer, review.comment) == ("disagree", other, "=look")
    click(opened, "Disagree")
    assert work(opened).reviews == {}


def test_what_was_read_and_said_can_be_taken_away_without_names(opened, files):
    from medmodels.worklist.read_first import Impression
    from medmodels.worklist.review import Review, reviewed_csv, reviewed_rows, rows_json

    open_work = work(opened)
    answered = next(i for i, line in enumerate(open_work.lines) if line.answered)
    reviews = {answered: Review("disagree", "normal", "=1+1")}
    rows = reviewed_rows(open_work.lines, reviews, names=False)
    table = list(csv.DictReader(reviewed_csv(rows).splitlines()[1:]))
    assert [row["case"] for row in table] == [str(i + 1) for i in range(7)]
    assert table[answered]["review"] == "disagree"
    assert table[answered]["comment"] == "'=1+1"
    assert "Smith" not in reviewed_csv(rows) + rows_json(rows)
    assert {row["first_answer"] for row in table} == {""}
    first = {answered: Impression("normal", "sure", 4.25)}
    told = reviewed_rows(open_work.lines, reviews, first, names=False)[answered]
    assert [told[f"first_{name}"] for name in ("answer", "confidence", "seconds")] == [
        "normal", "sure", 4.2,
    ]  # fmt: skip
    named = json.loads(rows_json(reviewed_rows(open_work.lines, reviews, names=True)))
    assert {case["file"] for case in named["cases"]} >= {files[0][0]}
    assert named["notice"].startswith("Research and education only")


def test_one_is_opened_whole_on_its_page(opened):
    answered = next(i for i, line in enumerate(work(opened).lines) if line.answered)
    click(opened, f"Case {answered + 1}")
    (held,) = work(opened).sources[answered].load().values()
    next(one for one in opened.button if one.label.startswith("Open it whole")).click().run()
    assert opened.session_state["scan-case"].source == held
    assert opened.session_state["scan-case"].data == held.data


def test_closing_lets_go_of_everything(opened):
    click(opened, "Close and forget")
    assert "worklist-work" not in opened.session_state
    assert "reads them behind the page" in text_of(opened)


def test_what_is_opened_next_takes_the_place_of_what_was_there(opened, files):
    before = opened.file_uploader[0].key
    assert "take the place of these cases" in text_of(opened)
    opened.file_uploader[0].set_value(files[:2]).run()
    assert not opened.exception
    # Not the new ones and the old ones together.
    assert len(work(opened).lines) == 2
    assert opened.file_uploader[0].key != before
    opened.file_uploader[0].set_value(files[:1]).run()
    assert len(work(opened).lines) == 1


def test_a_worklist_of_another_question_is_not_lost_unsaid(opened):
    opened.segmented_control(key="worklist-task").set_value(SEQUENCE_TASK).run()
    assert "A worklist of another question is open" in text_of(opened)
    opened.segmented_control(key="worklist-task").set_value(SCAN_TASK).run()
    assert len(work(opened).lines) == 7


def test_files_of_one_name_are_different_cases(page, files):
    same = [("image.png", data, "image/png") for _, data, _ in files[:3]]
    page.file_uploader[0].set_value(same).run()
    assert not page.exception
    assert len(work(page).lines) == 3
    assert len({line.input_digest for line in work(page).lines}) == 3


@pytest.fixture
def kept_in(tmp_path, monkeypatch) -> Path:
    path = tmp_path / "reviews.sqlite"
    monkeypatch.setenv("DIAPHANE_REVIEWS", str(path))
    return path


def test_reviews_are_kept_only_when_it_is_switched_on(kept_in, opened, files):
    answered = next(i for i, line in enumerate(work(opened).lines) if line.answered)
    click(opened, f"Case {answered + 1}")
    click(opened, "Accept")
    assert not kept_in.exists()
    opened.toggle(key="worklist-store").set_value(True).run()
    assert not opened.exception
    assert kept_in.exists()
    assert "1 kept in all." in text_of(opened)
    # The same files again: what was said comes back, and can be changed.
    click(opened, "Close and forget")
    opened.file_uploader[0].set_value(files).run()
    assert work(opened).reviews[answered].verdict == "accept"
    assert "1 of these cases was reviewed before" in text_of(opened)
    click(opened, f"✓ Case {answered + 1}")
    click(opened, "Disagree")
    from medmodels.worklist.review_store import ReviewStore

    assert [row["verdict"] for row in ReviewStore(kept_in).rows()] == ["disagree"]
    click(opened, "Disagree")
    assert ReviewStore(kept_in).rows() == []


def test_all_of_them_can_be_deleted(kept_in, opened):
    answered = next(i for i, line in enumerate(work(opened).lines) if line.answered)
    click(opened, f"Case {answered + 1}")
    click(opened, "Accept")
    opened.toggle(key="worklist-store").set_value(True).run()
    click(opened, "Delete them")
    assert not kept_in.exists()
    assert not opened.toggle(key="worklist-store").value


def test_reviews_that_cannot_be_deleted_are_said_and_still_there(kept_in, opened, monkeypatch):
    answered = next(i for i, line in enumerate(work(opened).lines) if line.answered)
    click(opened, f"Case {answered + 1}")
    click(opened, "Accept")
    opened.toggle(key="worklist-store").set_value(True).run()

    def refuse(*_, **__):
        raise PermissionError

    with monkeypatch.context() as refusing:
        refusing.setattr(Path, "unlink", refuse)
        click(opened, "Delete them")
    assert not opened.exception
    assert any("could not be deleted" in str(one.value) for one in opened.error)
    assert kept_in.exists()
    assert "1 kept in all." in text_of(opened)


def test_a_file_that_cannot_be_written_is_said_and_the_list_goes_on(kept_in, opened):
    kept_in.write_bytes(b"words " * 1000)
    answered = next(i for i, line in enumerate(work(opened).lines) if line.answered)
    click(opened, f"Case {answered + 1}")
    click(opened, "Accept")
    opened.toggle(key="worklist-store").set_value(True).run()
    assert not opened.exception
    assert any("damaged or something else" in str(one.value) for one in opened.error)
    # It stands below the list, so it is said once in sight, and not with every click.
    assert [one.value for one in opened.toast] == [
        "Your reviews are not being kept: see below the list."
    ]
    assert not opened.run().toast
    assert work(opened).reviews[answered].verdict == "accept"


def test_read_first_hides_every_answer_until_the_reader_has_committed(opened):
    titles = {entry for line in work(opened).lines for entry in line.counts}
    assert titles
    opened.toggle(key="worklist-first").set_value(True).run()
    assert not opened.exception
    answered = next(i for i, line in enumerate(work(opened).lines) if line.answered)
    hidden = text_of(opened)
    assert "Say first what you see" in hidden
    assert "%" not in hidden
    assert "Needs attention" not in hidden
    assert next(b.label for b in opened.button if b.label.startswith("Case ")) == "Case 1"
    assert not any(b.label.startswith("Download") for b in opened.get("download_button"))
    click(opened, f"Case {answered + 1}")
    assert not [b for b in opened.button if b.label == "Accept"]
    click(opened, "Commit, and show the answer")
    assert "Choose what you see first" in str([one.value for one in opened.error])
    opened.radio(key=f"worklist-first-answer-{answered}").set_value("normal")
    click(opened, "Commit, and show the answer")
    assert "You said **Normal** (likely)" in text_of(opened)
    assert work(opened).impressions[answered].answer == "normal"
    click(opened, "Accept")
    assert "1 read first" in text_of(opened)


def test_labels_make_sensitivity_and_specificity(opened):
    opened.toggle(key="worklist-first").set_value(True).run()
    lines = work(opened).lines
    answered = [i for i, line in enumerate(lines) if line.answered][:2]
    for number, said in zip(answered, ("normal", "finding"), strict=True):
        work(opened).chosen = number
        opened.run()
        opened.radio(key=f"worklist-first-answer-{number}").set_value(said)
        click(opened, "Commit, and show the answer")
    table = "sha256,label\n" + "".join(
        f"{lines[number].input_digest},{said}\n"
        for number, said in zip(answered, ("normal", "finding"), strict=True)
    )
    uploader = next(one for one in opened.file_uploader if one.label.startswith("What the cases"))
    uploader.set_value(("truths.csv", table.encode(), "text/csv")).run()
    assert not opened.exception
    text = text_of(opened)
    assert "Sensitivity: at first 100%" in text
    assert "Specificity: at first 100%" in text


def of_series(series: str, number: int) -> tuple[str, bytes, str]:
    """A DICOM image of a series, with a name that must not be seen."""
    pixels = (4095 * made_ramps(number + 1)[number, ..., 0]).astype(np.uint16)
    data = dicom(
        pixels, PatientName="Planted^Name", SeriesDescription="Planted description",
        SeriesInstanceUID=series,
    )  # fmt: skip
    return f"{series}-{number}.dcm", data, "application/dicom"


def test_images_of_a_series_are_told_from_those_of_another(page):
    files = [of_series("1.2.3", 0), of_series("1.2.4", 1), of_series("1.2.3", 2)]
    page.file_uploader[0].set_value(files).run()
    text = text_of(page)
    for words in ("Series 1, image 1 of 2.", "Series 1, image 2 of 2.", "Series 2, image 1 of 1."):
        assert words in text
    assert "Planted" not in text
    assert "1.2.3" not in text
    page.selectbox(key="worklist-series").set_value(1).run()
    listed = {one.label for one in page.button if one.label.startswith("Case ")}
    assert listed == {"Case 1", "Case 3"}
    page.selectbox(key="worklist-series").set_value(None).run()
    assert len([one for one in page.button if one.label.startswith("Case ")]) == 3


def test_files_of_no_series_say_nothing_of_series(opened):
    assert "Series" not in text_of(opened)
