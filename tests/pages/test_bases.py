"""The Sequence page for a task that reads bases."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.bundles_fixture import write_tiny_sequence_bundle, write_tiny_signal_bundle
from tests.pages.bases_page import PAGE, bases, opened, paste


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("bases")
    write_tiny_sequence_bundle(made)
    return made


@pytest.fixture
def page(root, monkeypatch) -> AppTest:
    return opened(root, monkeypatch)


def button(app: AppTest, label: str):
    return next(one for one in app.button if one.label == label)


def text_of(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.subheader, app.info, app.warning, app.error)
    return "\n".join(str(element.value) for kind in kinds for element in kind) + "".join(
        one.proto.body for one in app.get("html")
    )


def test_with_nothing_open_it_teaches(page):
    assert "60 bases give one answer" in text_of(page)


def test_one_window_is_answered_and_every_change_of_it_shown(page):
    text = text_of(paste(page, bases(60)))
    assert "The network’s answer is" in text
    assert "The change that hurts most: **position " in text
    assert len(page.get("plotly_chart")) >= 2


def test_a_base_can_be_changed_and_the_answer_follows(page):
    letters = bases(60)
    paste(page, letters)
    other = next(letter for letter in "ACGT" if letter != letters[30])
    next(one for one in page.button_group if one.key.endswith("-letter")).set_value(other).run()
    button(page, "Change it").click().run()
    assert not page.exception
    assert f"**Changed: +1 {letters[30]} to {other}.**" in text_of(page)
    button(page, "Undo").click().run()
    assert "Changed:" not in text_of(page)
    assert button(page, "Undo").disabled


def test_a_long_sequence_is_read_base_by_base(page):
    paste(page, f">gene\n{bases(400)}\n")
    text = text_of(page)
    assert "along 400 bases" in text
    assert "Called sites" in text
    slider = page.slider[0]
    assert (slider.min, slider.max) == (1, 400)
    slider.set_value((100, 200)).run()
    assert not page.exception


def test_many_sequences_are_a_table(page):
    paste(page, "".join(f">s{i}\n{bases(60, i)}\n" for i in range(4)))
    assert list(page.dataframe[0].value["Sequence"]) == ["s0", "s1", "s2", "s3"]
    assert "sequences" in text_of(page)


def test_both_strands_on_request(page):
    paste(page, bases(60))
    page.toggle[0].set_value(True).run()
    assert not page.exception
    assert list(page.dataframe[0].value["Strand"]) == ["as given", "other"]


def test_bad_input_says_where_and_loses_nothing(page):
    paste(page, bases(60))
    paste(page, bases(30) + "!" + bases(40))
    text = text_of(page)
    assert "position" in text
    assert "The network’s answer is" in text


def test_a_signal_task_beside_it_is_a_choice(root, tmp_path, monkeypatch):
    write_tiny_signal_bundle(tmp_path)
    write_tiny_sequence_bundle(tmp_path)
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(tmp_path))
    monkeypatch.setenv("DIAPHANE_WARM", "0")
    st.cache_resource.clear()
    app = AppTest.from_file(str(PAGE), default_timeout=180).run()
    assert not app.exception
    choice = next(one for one in app.button_group if one.key == "sequence-task")
    assert len(choice.options) == 2
    choice.set_value("tiny-sequence").run()
    assert not app.exception
    assert "60 bases give one answer" in text_of(app)
