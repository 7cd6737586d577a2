"""What the page for bases shows of its trust: checks, doubts, and no answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.bundles_fixture import write_trusting_sequence_bundle
from tests.pages.conftest import AtOnce

PAGE = Path(__file__).resolve().parents[2] / "pages" / "sequence.py"
REPEAT = "ACG" * 20


def bases(n: int, seed: int = 0) -> str:
    return "".join(np.random.default_rng(seed).choice(list("ACGT"), n))


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("doubts")
    write_trusting_sequence_bundle(made)
    return made


@pytest.fixture
def page(root, monkeypatch) -> AppTest:
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(root))
    monkeypatch.setenv("DIAPHANE_WARM", "0")
    monkeypatch.setattr("medmodels.ui.bases_case.Job", AtOnce)
    monkeypatch.setattr("medmodels.ui.verdict.Job", AtOnce)
    st.cache_resource.clear()
    return AppTest.from_file(str(PAGE), default_timeout=180).run()


def paste(app: AppTest, text: str) -> str:
    app.text_area[0].set_value(text)
    next(button for button in app.button if button.label == "Read").click().run()
    assert not app.exception
    return text_of(app)


def text_of(app: AppTest) -> str:
    html = [one.proto.body for one in app.get("html")]
    return "\n".join([*html, *(str(e.value) for e in [*app.markdown, *app.caption, *app.error])])


def test_five_checks_stand_under_an_answer(page):
    text = paste(page, bases(60))
    assert text.count('class="dia-light"') == 5
    assert "Like the training data" in text


def test_a_repeat_gets_no_answer_and_no_label(page):
    text = paste(page, REPEAT)
    assert "No answer. It is unlike anything the network was trained on" in text
    assert "The network’s answer is" not in text
    assert not any(title in text for title in ("Donor site", "Acceptor site", "Neither"))


def test_who_insists_sees_it_with_what_speaks_against_it(page):
    paste(page, REPEAT)
    next(b for b in page.button if b.label.startswith("Show what the network computed")).click()
    page.run()
    assert not page.exception
    text = text_of(page)
    assert "Shown because you asked for it" in text
    assert "The network’s answer is" in text


def test_of_many_the_unlike_ones_are_named_above_the_answer(page):
    rows = "".join(f">s{k}\n{bases(60, k)}\n" for k in range(7)) + f">odd\n{REPEAT}\n"
    text = paste(page, rows)
    assert "With a warning" in text
    assert "“odd”" in text
    assert "Sequence by sequence" in text


def test_a_long_sequence_has_its_checks(page):
    text = paste(page, f">gene\n{bases(500)}\n")
    assert "along 500 bases" in text
    assert text.count('class="dia-light"') == 5
