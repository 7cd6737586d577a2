"""Work behind the page: its result, its progress, its end."""

from __future__ import annotations

import threading

import pytest

from medmodels.ui.background import Job


def test_a_result_is_kept():
    job = Job(lambda report: report(0.5) or 42)
    job.wait(10)
    assert (job.result, job.running, job.failed, job.stopped) == (42, False, False, False)
    assert job.share == 0.5


def test_it_can_be_stopped_at_its_next_sign_of_life():
    begun, go_on = threading.Event(), threading.Event()

    def work(report):
        begun.set()
        go_on.wait(10)
        report(0.9)
        return "never"

    job = Job(work)
    begun.wait(10)
    assert job.running
    job.stop()
    go_on.set()
    job.wait(10)
    assert job.stopped
    assert job.result is None
    assert not job.failed


def test_a_failure_is_told_and_not_raised(caplog):
    def work(report):
        raise ValueError("broken")

    job = Job(work)
    job.wait(10)
    assert job.failed
    assert job.result is None
    assert "behind the page failed" in caplog.text


def test_time_left_needs_some_progress():
    go_on = threading.Event()
    job = Job(lambda report: report(0.5) or go_on.wait(10))
    while job.share < 0.5:
        pass
    assert job.seconds_left == pytest.approx(0, abs=10)
    go_on.set()
    job.wait(10)


def test_jobs_that_share_a_turn_go_on_one_after_the_other_and_can_be_stopped_while_they_wait():
    turn, go_on = threading.Semaphore(1), threading.Event()
    going, most = [], []

    def work(report):
        going.append(1)
        most.append(len(going))
        go_on.wait(10)
        report(0.5)
        going.pop()
        return len(most)

    jobs = [Job(work, turn=turn) for _ in range(4)]
    while not going:
        pass
    waiting = [job for job in jobs if job.waits]
    assert len(waiting) >= 3
    waiting[-1].stop()
    waiting[-1].wait(10)
    assert waiting[-1].stopped
    assert not waiting[-1].running
    go_on.set()
    for job in jobs:
        job.wait(10)
    assert sorted(job.result for job in jobs if job is not waiting[-1]) == [1, 2, 3]
    assert max(most) == 1
    # A failure hands the turn on, too.
    Job(lambda _: 1 / 0, turn=turn).wait(10)
    last = Job(lambda _: 7, turn=turn)
    last.wait(10)
    assert (last.result, last.waits) == (7, False)
