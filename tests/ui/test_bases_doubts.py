"""What the page for bases shows of its trust: checks, doubts, and no answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.bundles_fixture import write_trusting_sequence_bundle
from tests.pages.bases_page import bases, opened, paste

REPEAT = "ACG" * 20


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("doubts")
    write_trusting_sequence_bundle(made)
    return made


@pytest.fixture
def page(root, monkeypatch) -> AppTest:
    return opened(root, monkeypatch)


def read(app: AppTest, text: str) -> str:
    return text_of(paste(app, text))


def text_of(app: AppTest) -> str:
    html = [one.proto.body for one in app.get("html")]
    return "\n".join([*html, *(str(e.value) for e in [*app.markdown, *app.caption, *app.error])])


def test_five_checks_stand_under_an_answer(page):
    text = read(page, bases(60))
    assert text.count('class="dia-light"') == 5
    assert "Like the training data" in text


def test_a_repeat_gets_no_answer_and_no_label(page):
    text = read(page, REPEAT)
    assert "No answer. It is unlike anything the network was trained on" in text
    assert "The network’s answer is" not in text
    assert not any(title in text for title in ("Donor site", "Acceptor site", "Neither"))


def test_who_insists_sees_it_with_what_speaks_against_it(page):
    read(page, REPEAT)
    next(b for b in page.button if b.label.startswith("Show what the network computed")).click()
    page.run()
    assert not page.exception
    text = text_of(page)
    assert "Shown because you asked for it" in text
    assert "The network’s answer is" in text


def test_of_many_the_unlike_ones_are_named_above_the_answer(page):
    rows = "".join(f">s{k}\n{bases(60, k)}\n" for k in range(7)) + f">unknown_8\n{REPEAT}\n"
    text = read(page, rows)
    assert "With a warning" in text
    assert "“unknown_8”" in text
    assert "Sequence by sequence" in text


def test_a_long_sequence_has_its_checks(page):
    text = read(page, f">gene\n{bases(500)}\n")
    assert "along 500 bases" in text
    assert text.count('class="dia-light"') == 5
