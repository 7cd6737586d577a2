"""Steps: play, pause, scrub, one by one; nothing runs by itself on a still page."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from medmodels.ui import lesson_steps


def _page():
    import streamlit as st

    from medmodels.ui.lesson_steps import go_to_step, stepped, steps_control

    if st.session_state.get("jump") is not None:
        go_to_step("demo", st.session_state.pop("jump"))

    @stepped("demo")
    def panel():
        n, start = st.session_state.get("n", 6), st.session_state.get("start", 2)
        stride = st.session_state.get("stride", 1)
        at = steps_control("demo", n, "Window", start=start, stride=stride)
        st.write(f"step {at}")

    if st.session_state.get("bare"):
        st.write(f"step {steps_control('demo', 6, 'Window')}")
    else:
        panel()


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is told."""
    now = [1000.0]
    monkeypatch.setattr(lesson_steps, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


@pytest.fixture
def intervals(monkeypatch):
    """What ``run_every`` the panels were declared with."""
    given, real = [], lesson_steps.st.fragment

    def declared(panel, *, run_every=None):
        given.append(run_every)
        return real(panel)

    monkeypatch.setattr(lesson_steps.st, "fragment", declared)
    return given


@pytest.fixture
def page(clock, intervals) -> AppTest:
    return AppTest.from_function(_page, default_timeout=60).run()


def _at(app: AppTest) -> int:
    assert not app.exception
    return int(app.markdown[-1].value.removeprefix("step "))


def _press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def test_it_starts_where_it_is_told_and_moves_by_one(page):
    assert _at(page) == 2
    assert page.slider[0].value == 3
    assert _at(_press(page, "Next")) == 3
    assert _at(_press(page, "Previous")) == 2


def test_the_slider_counts_from_one(page):
    assert page.slider[0].label == "Window (1 to 6)"
    page.slider[0].set_value(6).run()
    assert _at(page) == 5
    assert next(button for button in page.button if button.label == "Next").disabled


def test_a_still_panel_does_not_run_by_itself(page, intervals):
    _press(page, "Next")
    assert set(intervals) == {None}


def test_playing_goes_on_by_itself_until_the_end_and_stops(page, clock, intervals):
    _press(page, "Play")
    assert intervals[-1] == lesson_steps.SPEEDS["Usual"]
    seen = [_at(page)]
    for _ in range(4):
        clock[0] += lesson_steps.SPEEDS["Usual"]
        seen.append(_at(page.run()))
    assert seen == [2, 3, 4, 5, 5]
    assert intervals[-1] is None
    assert any(button.label == "Play" for button in page.button)


def test_another_widget_does_not_hurry_it(page, clock):
    _press(page, "Play")
    clock[0] += 0.1
    assert _at(page.run()) == 2


def test_pause_and_a_step_by_hand_stop_it(page, clock, intervals):
    for label in ("Pause", "Next"):
        _press(page, "Play")
        assert intervals[-1] is not None
        _press(page, label)
        assert intervals[-1] is None
        at = _at(page)
        clock[0] += 2
        assert _at(page.run()) == at


def test_from_the_last_step_it_starts_over(page):
    page.slider[0].set_value(6).run()
    assert _at(_press(page, "Play")) == 0


def test_the_speed_is_that_of_the_box(page, intervals):
    page.selectbox[0].set_value("Fast").run()
    _press(page, "Play")
    assert intervals[-1] == lesson_steps.SPEEDS["Fast"]
    page.selectbox[0].set_value("Slow").run()
    assert intervals[-1] == lesson_steps.SPEEDS["Slow"]


def test_a_stride_does_not_run_over_the_end(page, clock):
    page.session_state["stride"] = 4
    _press(page, "Play")
    clock[0] += 1
    assert _at(page.run()) == 5


def test_what_was_out_of_sight_does_not_go_on(page, clock, intervals):
    _press(page, "Play")
    clock[0] += 60
    assert _at(page.run()) == 2
    assert intervals[-1] is None


def test_fewer_steps_pull_it_back_and_one_needs_no_control(page):
    page.slider[0].set_value(6).run()
    page.session_state["n"] = 4
    assert _at(page.run()) == 3
    page.session_state["n"] = 1
    assert _at(page.run()) == 0
    assert not page.slider


def test_a_lesson_can_move_it(page):
    page.session_state["jump"] = 4
    assert _at(page.run()) == 4


def test_without_the_decorator_there_is_no_play(clock):
    app = AppTest.from_function(_page, default_timeout=60)
    app.session_state["bare"] = True
    app.run()
    assert _at(app) == 0
    assert [button.label for button in app.button] == ["Previous", "Next"]


def test_no_step_at_all_is_refused():
    with pytest.raises(ValueError, match="no step"):
        lesson_steps.steps_control("demo", 0, "Window")
