"""What the Sequence page holds and shows of sequences that come with words about a person."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from medmodels.inputs.open_sequences import open_sequences
from tests.bundles_fixture import SEQUENCE_TASK
from tests.pages.bases_page import paste
from tests.pages.conftest import AtOnce
from tests.pages.test_airlock_worklist import held_by

PAGE = str(Path(__file__).resolve().parents[2] / "pages" / "sequence.py")
KIND = "application/octet-stream"
BASES = "ACGTTGCAAC" * 12
TEXT = f">Petra_Planted born 1931\n{BASES}\n>NC_000017.11 of Planted\n{BASES}\n"


@pytest.fixture
def page(one_of_each, monkeypatch) -> AppTest:
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(one_of_each))
    monkeypatch.setenv("DIAPHANE_WARM", "0")
    monkeypatch.setattr("medmodels.ui.bases_case.Job", AtOnce)
    st.cache_resource.clear()
    app = AppTest.from_file(PAGE, default_timeout=120)
    app.session_state["sequence-task"] = SEQUENCE_TASK
    return app.run()


def text_of(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.error, app.get("html"))
    shown = [getattr(e, "value", "") or getattr(e.proto, "body", "") for k in kinds for e in k]
    return "\n".join(map(str, shown))


def test_a_file_is_read_as_it_came_and_only_its_bases_are_held(page):
    page.file_uploader[0].upload("Petra.fa", TEXT.encode(), KIND).run()
    assert not page.exception
    reading = page.session_state["bases-case"].reading
    before = open_sequences(TEXT.encode())
    assert reading.bases.sequences.sequences == before.sequences
    assert reading.input_digest == before.digest == hashlib.sha256(TEXT.encode()).hexdigest()
    assert reading.bases.sequences.names == ("sequence 1", "NC_000017.11")
    text = text_of(page)
    assert "Dropped when it arrived" in text
    assert "descriptions behind the names, names of sequences that are no accession number" in text
    assert "Planted" not in text
    for mark in (b"Planted", b"1931"):
        assert not [one[:80] for one in held_by(page) if mark in one]


def test_pasted_text_is_held_by_the_field_it_was_pasted_into_alone(page):
    paste(page, TEXT)
    reading = page.session_state["bases-case"].reading
    assert reading.bases.sequences.names == ("sequence 1", "NC_000017.11")
    assert reading.input_digest == hashlib.sha256(TEXT.encode()).hexdigest()
    state = page.session_state._state.filtered_state
    places = {key for key in state if any(b"Planted" in one for one in held_by(page, key))}
    assert places == {"bases-text"}


def test_of_a_file_that_is_refused_the_reason_is_held_and_nothing_else(page):
    page.file_uploader[0].upload("x.fa", f">Planted\n{BASES}J\n".encode(), KIND).run()
    assert not page.exception
    assert "amino acid" in text_of(page)
    assert not [one for one in held_by(page) if b"Planted" in one]
    assert not [one for one in held_by(page) if BASES.encode() in one]


def test_a_clean_file_is_not_said_to_have_lost_anything(page):
    page.file_uploader[0].upload("x.fa", f">exon_2\n{BASES}\n".encode(), KIND).run()
    assert "Dropped" not in text_of(page)
    assert page.session_state["bases-case"].reading.bases.sequences.names == ("exon_2",)
