"""How reading first is summed up in words."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from medmodels.worklist.read_first import Estimate
from tests.worklist.test_read_first import read


def _summed_up(reads) -> None:
    from medmodels.ui.worklist_first import _say
    from medmodels.worklist.read_first import summarise

    _say(summarise(reads, ["finding"]))


def said(*reads) -> AppTest:
    page = AppTest.from_function(_summed_up, kwargs={"reads": reads}).run()
    assert not page.exception
    return page


def test_one_wrong_answer_is_one_answer_and_warns():
    page = said(
        read("normal", "finding", "finding", "normal", sure="guess"),
        read("normal", "normal", "normal", "normal", sure="sure"),
    )
    (warning,) = page.warning
    assert "into 1 wrong answer** and into 0 right answers" in warning.value
    text = page.markdown[0].value
    assert "Shared when you were sure 100%" in text
    assert "when you guessed 0%" in text


def test_what_is_below_nothing_has_a_minus_sign():
    from medmodels.ui.worklist_first import _words

    assert _words(Estimate(-0.24, -0.67, 0.33, 12), percent=False) == (
        "\u22120.24 (\u22120.67 to 0.33, n = 12)"
    )


def test_what_cannot_be_told_is_said():
    page = said(read("normal", "normal", "normal"))
    assert "kappa cannot be told (n = 1)" in page.markdown[0].value
    assert not page.warning
