"""What twenty people met with is what the README says, and good enough."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.load.sentence import load_sentence

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def found() -> dict:
    """Measured with ``python -m tests.load.twenty --out tests/load/twenty.json``."""
    return json.loads((ROOT / "tests" / "load" / "twenty.json").read_text())


def test_nobody_waits_long_or_meets_a_fault(found):
    assert (found["people"], found["seconds"], found["cores"]) == (20, 180, 2)
    assert found["faults"] == []
    assert found["answers"]["all"]["p95"] <= 3
    assert found["rss_mb"]["after"][-1] <= 1.1 * found["rss_mb"]["start"]


def test_the_readme_says_what_was_measured(found):
    words = " ".join((ROOT / "README.md").read_text().split())
    assert load_sentence(found) in words
