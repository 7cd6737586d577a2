"""Undo and redo, against a list and a place in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from medmodels.explain.tries import History

MOVES = st.lists(st.sampled_from(["push", "undo", "redo", "start_over"]), max_size=40)


@given(MOVES)
def test_a_history_is_a_list_with_a_place_in_it(moves):
    history = History(0)
    states, place, pushed = [0], 0, []
    for number, move in enumerate(moves, 1):
        if move == "push":
            history = history.push(number)
            states, place = [*states[: place + 1], number], place + 1
            pushed.append(number)
        elif move == "start_over":
            history = history.start_over()
            if place:
                states, place = [*states[: place + 1], states[0]], place + 1
        else:
            history = getattr(history, move)()
            place = max(place - 1, 0) if move == "undo" else min(place + 1, len(states) - 1)
        assert history.now == states[place]
        assert list(history.past) == states[:place]
        assert list(history.future)[::-1] == states[place + 1 :]
        assert list(history.tried) == pushed


@given(MOVES)
def test_redo_takes_back_an_undo(moves):
    history = History(0)
    for number, move in enumerate(moves, 1):
        history = history.push(number) if move == "push" else getattr(history, move)()
    if history.past:
        assert history.undo().redo() == history


def test_a_history_never_changes_in_place():
    first = History("a")
    first.push("b").undo().start_over()
    assert first == History("a")
