"""UTF-16 with and without its mark, and what only looks a little like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medmodels.inputs.utf16 import from_utf16


@given(text=st.text(max_size=200))
def test_with_a_mark_any_text_comes_back(text: str) -> None:
    # A mark at the very start of the text is taken for a second one.
    assert from_utf16(text.encode("utf-16")) == text.removeprefix("\ufeff")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_without_a_mark_the_zeros_of_plain_letters_tell(encoding: str) -> None:
    assert from_utf16(b"time,lead\n".decode().encode(encoding)) == "time,lead\n"


def test_cut_within_a_character_loses_that_one_only() -> None:
    letters = 20 * "ACGT"
    assert from_utf16(letters.encode("utf-16-le")[:-1]) == letters[:-1]


@pytest.mark.parametrize("data", [b"", b"A\0", b"ACGTACGT", b"A\0CGTACGTACGTACGT"])
def test_other_bytes_are_not_utf16(data: bytes) -> None:
    assert from_utf16(data) is None
