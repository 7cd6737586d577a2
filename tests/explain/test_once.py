"""Computed once for each object, by whoever comes first, for all objects at a time."""

from __future__ import annotations

import threading

from medmodels.explain.once import once


class Asked:
    def __init__(self, together: threading.Barrier | None = None) -> None:
        self.together, self.times = together, 0

    @once
    def answer(self) -> int:
        """What was asked for."""
        self.times += 1
        if self.together is not None:
            self.together.wait(30)
        return 42


def test_it_is_computed_once():
    asked = Asked()
    assert (asked.answer, asked.answer, asked.times) == (42, 42, 1)


def test_two_objects_compute_at_the_same_time():
    """Each waits for the other in there: with one lock for both, neither would come back."""
    together = threading.Barrier(2)
    both = [Asked(together) for _ in range(2)]
    threads = [threading.Thread(target=lambda one=one: one.answer, daemon=True) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(40)
    assert [one.__dict__.get("answer") for one in both] == [42, 42]
