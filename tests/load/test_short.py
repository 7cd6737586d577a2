"""Three people for ten seconds: the protocol still holds, nobody meets a fault.

How long twenty wait, and what the server keeps, is measured by ``python -m tests.load.twenty``.
"""

from __future__ import annotations

import asyncio

from tests.load.twenty import KINDS, app, crowd


def test_three_people_are_answered_without_a_fault():
    # Networks that nobody asks for are left alone.
    with app(5, {"DIAPHANE_WARM": "0"}) as (url, process):
        # The first to come wait for theirs.
        seen = asyncio.run(crowd(url, len(KINDS), 10, patience=150))
        assert process.is_running()
    assert seen.faults == []
    assert set(seen.answers) == set(KINDS)
    assert seen.moves
