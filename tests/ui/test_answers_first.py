"""Who stands aside for whom."""

from __future__ import annotations

import threading

from medmodels.ui import background
from medmodels.ui.answers_first import AnswersFirst
from medmodels.ui.background import Job


def test_nobody_waits_and_nothing_stands_aside():
    assert AnswersFirst().stand_aside(0.0)


def test_a_test_goes_on_when_the_last_answer_is_there_even_one_that_failed():
    answers = AnswersFirst()
    went_on = threading.Event()
    try:
        with answers.answering():
            with answers.answering():
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
    with answers.answering():
        assert not answers.stand_aside(0.01)


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
