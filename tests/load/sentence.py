"""What twenty people at once met with, in the README's words."""

from __future__ import annotations

from typing import Any


def load_sentence(found: dict[str, Any]) -> str:
    """Say what was measured; of the result of `tests.load.twenty.measure`, after one round."""
    answers, moves, memory = found["answers"]["all"], found["moves"], found["rss_mb"]
    grown = memory["after"][-1] / memory["start"] - 1
    return (
        f"{found['people']} people at once, for {found['seconds'] / 60:g} minutes, on "
        f"{found['cores']} cores that they share with the server: {answers['n']} answers, half of "
        f"them within {answers['p50']:.1f} s of the upload and 95% within {answers['p95']:.1f} s; "
        f"{moves['n']} moves of a slider, 95% within {moves['p95']:.1f} s; "
        f"{len(found['faults']) or 'no'} fault{'s' * (len(found['faults']) > 1)}; afterwards the "
        f"server holds {grown:.0%} more memory than before."
    )
