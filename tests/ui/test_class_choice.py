"""A few classes stand side by side, many are a list; either way a class is what is chosen."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def _page(count: int) -> None:
    import streamlit as st

    from medmodels.ui.class_choice import choose_class

    titles = {10 + i: f"Class {i}" for i in range(count)}
    st.text(choose_class(st.container(), "Explain", titles, 11, key="chosen"))


@pytest.mark.parametrize("count", [2, 4])
def test_a_few_stand_side_by_side(count):
    page = AppTest.from_function(_page, args=(count,), default_timeout=120).run()
    assert not page.exception
    assert not page.selectbox
    assert page.text[0].value == "11"
    page.button_group[0].set_value(10).run()
    assert page.text[0].value == "10"


@pytest.mark.parametrize("count", [5, 8])
def test_many_are_a_list(count):
    page = AppTest.from_function(_page, args=(count,), default_timeout=120).run()
    assert not page.exception
    assert not page.button_group
    assert page.text[0].value == "11"
    page.selectbox[0].select_index(count - 1).run()
    assert page.text[0].value == str(9 + count)
