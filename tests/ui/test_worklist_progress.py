"""What is said of a worklist while it is read, and after."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from medmodels.trust.decision import ABSTAIN, ANSWER, WARN
from medmodels.ui import worklist_work
from medmodels.ui.worklist_progress import summary
from medmodels.ui.worklist_work import Work
from medmodels.worklist import run
from medmodels.worklist.line import UNREADABLE, Line
from medmodels.worklist.read_first import Impression
from medmodels.worklist.sources import Source

CARD = SimpleNamespace(input={"called": "a chest X-ray"})
GRAVE = Line("a", ANSWER, "finding", 0.9, 2)
CALM = Line("b", ANSWER, "normal", 0.9)


def work(*lines: Line, running: bool = False, cases: int = 0) -> Work:
    made = Work("b" * 64, [Source(str(i), dict) for i in range(cases or len(lines))], list(lines))
    made.job = SimpleNamespace(running=running, stopped=False, failed=False)
    made.going.set()
    return made


@pytest.fixture(autouse=True)
def session(monkeypatch) -> dict:
    monkeypatch.setattr(st, "session_state", state := {})
    return state


def test_nothing_is_counted_before_the_first_case_is_read(session):
    assert summary(work(running=True, cases=5), CARD) == ""
    session["worklist-first"] = True
    assert summary(work(running=True, cases=5), CARD) == ""


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([GRAVE], "**1 of 1** has a finding."),
        ([CALM], "**0 of 1** have a finding."),
        (
            [GRAVE, GRAVE, Line("c", WARN, "normal", 0.6), Line("d", ABSTAIN)],
            "**2 of 4** have a finding, 1 is answered with a warning, 1 without an answer.",
        ),
        (
            [Line("c", WARN, "normal", 0.6)] * 2 + [Line("e", UNREADABLE)],
            "**0 of 3** have a finding, 2 are answered with a warning, 1 cannot be read as "
            "a chest X-ray.",
        ),
    ],
)
def test_one_is_one_and_several_are_several(lines, words):
    assert summary(work(*lines), CARD) == words


def test_while_cases_are_read_the_sum_says_so():
    assert summary(work(GRAVE, CALM, running=True, cases=9), CARD) == (
        "**1 of 2** read so far has a finding."
    )


def test_who_reads_first_can_reach_the_end(session):
    session["worklist-first"] = True
    done = work(GRAVE, CALM, Line("d", ABSTAIN), Line("e", UNREADABLE))
    done.impressions = {i: Impression("normal", "sure", 1.0) for i in range(2)}
    assert summary(done, CARD).startswith("**2 of 2** read first.")


def test_a_pause_is_no_part_of_the_time_that_is_left(monkeypatch):
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(worklist_work, "time", SimpleNamespace(monotonic=lambda: clock.now))

    def reading(*_, **__):
        for line in (GRAVE, CALM, CALM):
            clock.now += 2.0
            yield line, None

    paused = iter([False, True, True, True])

    def wait(_seconds):
        clock.now += 600.0
        return next(paused)

    monkeypatch.setattr(run, "read_sources", reading)
    half = work(cases=6)
    assert half.seconds_left is None
    half.going = SimpleNamespace(wait=wait)
    worklist_work._read_rest(None, half, lambda share: None)  # noqa: ARG005
    assert half.spent_s == pytest.approx(6.0)
    assert half.seconds_left == pytest.approx(6.0)


def _watched(lines_read: int, before: int) -> None:
    import types

    import streamlit as st

    from medmodels.ui import worklist_progress
    from medmodels.ui.worklist_work import Work

    if "drawn" not in st.session_state:
        st.session_state.drawn = 0
        # A worklist that was open before had many more cases.
        st.session_state["worklist-drawn"] = before
        st.session_state.work = Work("b", [None] * 9, [None] * lines_read)
        st.session_state.work.job = types.SimpleNamespace(
            running=True, share=0.1, stopped=False, failed=False
        )
    st.session_state.drawn += 1
    worklist_progress._watch(st.session_state.work)


def test_the_second_worklist_of_a_session_is_drawn_as_its_cases_come(monkeypatch):
    monkeypatch.undo()
    page = AppTest.from_function(_watched, kwargs={"lines_read": 2, "before": 42}).run()
    assert not page.exception
    assert page.session_state.drawn == 2


def _failed() -> None:
    import types

    from medmodels.ui.worklist_progress import show_progress
    from medmodels.ui.worklist_work import Work
    from medmodels.worklist.line import Line

    work = Work("b", [None] * 4, [Line("a", "answer", "finding", 0.9, 2)])
    work.job = types.SimpleNamespace(running=False, share=0.1, stopped=True, failed=True)
    show_progress(types.SimpleNamespace(card=types.SimpleNamespace(input={})), work)


def test_a_reading_that_failed_is_not_called_stopped(monkeypatch):
    monkeypatch.undo()
    page = AppTest.from_function(_failed).run()
    assert not page.exception
    assert [one.value for one in page.error] == ["The reading failed: 3 of 4 cases were not read."]
    assert [one.label for one in page.button] == ["Read the rest"]
    assert not page.info
