"""Labels that a reader brings are matched with cases, or it is said why they cannot be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medmodels.bundles import parse_card
from medmodels.inputs.errors import InputError
from medmodels.worklist.line import Line
from medmodels.worklist.truths import read_truths
from tests.tiny_cards import SCAN_CARD

CARD = parse_card(SCAN_CARD)
LINES = [
    Line("x.zip/in/a.png", "answer", input_digest="a" * 64),
    Line("b.png", "answer", input_digest="b" * 64),
    Line("1/same.png", "answer", input_digest="c" * 64),
    Line("2/same.png", "unreadable"),
]


@pytest.mark.parametrize(
    "text",
    [
        "file,label\na.png,normal\nb.png,Finding\n",
        "Label;File\nnormal;deep/a.png\nfinding;b.png\n",
        f"# words\nsha256\ttruth\n{'A' * 64}\tnormal\n{'b' * 64}\tfinding\n\n",
        "﻿file,age,label\na.png,3,normal\nb.png,4,finding\nnone.png,5,normal\nc.png,6,\n",
    ],
)
def test_tables_of_many_kinds(text):
    assert read_truths(text.encode(), LINES, CARD) == {0: "normal", 1: "finding"}


def test_a_name_that_two_cases_share_tells_neither():
    text = f"file,sha256,label\nsame.png,,normal\nsame.png,{'c' * 64},finding\n"
    assert read_truths(text.encode(), LINES, CARD) == {2: "finding"}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\xff\xfe\x00", "no text"),
        (b"a,b\n1,2\n", "without these columns"),
        (b"file,label\na.png,unicorn\n", "row 2"),
        (b"file,label\nz.png,normal\n", "none of these cases"),
        (b"x" * (11 * 2**20), "over 10 MB"),
        (b"file,label\n" + b"x" * 200_000, "cell too long"),
    ],
)
def test_what_cannot_be_used_is_said(data, words):
    with pytest.raises(InputError, match=words):
        read_truths(data, LINES, CARD)


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode()))
def test_anything_else_is_an_input_error(data):
    try:
        found = read_truths(data, LINES, CARD)
    except InputError:
        return
    assert set(found) <= set(range(len(LINES)))
