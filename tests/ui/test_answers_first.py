"""Who stands aside for whom."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest

from medmodels.ui import background, bases_maps, ecg_beat
from medmodels.ui.answers_first import AnswersFirst
from medmodels.ui.background import Job


def test_nobody_waits_and_nothing_stands_aside():
    assert AnswersFirst().stand_aside(0.0)


def test_a_test_goes_on_when_the_last_answer_is_there_even_one_that_failed():
    answers = AnswersFirst()
    went_on = threading.Event()
    try:
        with answers.drawing():
            with answers.reading():
                waiting = threading.Thread(
                    target=lambda: answers.stand_aside(30) and went_on.set(), daemon=True
                )
                waiting.start()
            assert not answers.stand_aside(0.05)
            assert not went_on.is_set()
            raise RuntimeError("no answer")
    except RuntimeError:
        pass
    waiting.join(10)
    assert went_on.is_set()
    assert answers.stand_aside(0.0)


def test_it_does_not_stand_aside_for_ever():
    answers = AnswersFirst()
    with answers.drawing():
        assert not answers.stand_aside(0.01)


def test_a_map_waits_for_answers_and_for_no_drawing():
    """Its own page is being drawn meanwhile: it would wait for itself."""
    answers = AnswersFirst()
    with answers.drawing():
        assert answers.stand_aside(0.0, for_pages=False)
        with answers.reading():
            assert not answers.stand_aside(0.01, for_pages=False)
        assert answers.stand_aside(0.0, for_pages=False)


@pytest.mark.parametrize("kind", ["signal", "sequence"])
def test_a_pages_first_map_is_made_after_the_answers(monkeypatch, kind):
    """Wherever a page makes a map while it is drawn, it asks first."""
    module, make, case = {
        "signal": (ecg_beat, "compute_map", SimpleNamespace(shown={})),
        "sequence": (bases_maps, "subject_of", SimpleNamespace(shown={}, reading=None)),
    }[kind]
    order: list[object] = []
    found = SimpleNamespace(explain=lambda _: order.append("map"))
    monkeypatch.setattr(module.ANSWERS, "stand_aside", lambda **asked: order.append(asked))
    monkeypatch.setattr(module, "ensure_explains", lambda _: None)
    if kind == "signal":
        monkeypatch.setattr(module, make, lambda *_: order.append("map"))
        module._map_of(None, case, 0, "occlusion_beats", 0)
    else:
        monkeypatch.setattr(module, make, lambda *_: (found, 0))
        module.map_of(None, case, 0, "mutagenesis", 0)
    assert order == [{"for_pages": False}, "map"]


def test_only_jobs_that_take_turns_stand_aside(monkeypatch):
    asked = []
    monkeypatch.setattr(background.ANSWERS, "stand_aside", lambda: asked.append(True))
    plain = Job(lambda report: report(0.5))
    plain.wait(10)
    assert asked == []
    tested = Job(lambda report: report(0.5), turn=threading.Semaphore(1))
    tested.wait(10)
    # Before its first step, and at its one sign of life.
    assert len(asked) == 2
