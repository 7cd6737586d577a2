"""How the report speaks of the audits, by kind of input."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from medmodels.reports.model_blocks import Paragraph, Table
from medmodels.reports.model_explained import explained_blocks

SHARE = {"value": 0.9, "low": 0.8, "high": 0.95, "n": 48}


def bundle(kind: str, method: str) -> SimpleNamespace:
    entry = {"passed": SHARE, "beat_random": SHARE, "led_controls": SHARE, "area": 1.0}
    part = {"n": 48, "methods": {method: entry}}
    steady = {"noise": {"median": 0.9, "low": 0.8, "high": 0.95, "n": 48}}
    audit = {
        "method": method, "rule": {"level": 0.05, "margin": 0.1}, "baselines": ["x", "y"],
        "splits": {"validation": {**part, "false_alarms": 0.05},
                   "test": {**part, "shown_first": steady}},
    }  # fmt: skip
    return SimpleNamespace(
        card=SimpleNamespace(kind=kind),
        evaluation={"audit": audit},
        trust={"explain": {"sanity": {}, "why": "."}},
    )


def words_of(kind: str, method: str) -> str:
    blocks = explained_blocks(bundle(kind, method))
    told = [block.text for block in blocks if isinstance(block, Paragraph)]
    for block in blocks:
        if isinstance(block, Table):
            told += [*block.head, *(cell for row in block.rows for cell in row)]
    return "\n".join(told)


def test_of_bases_letters_are_replaced_and_no_grain_is_added():
    text = words_of("sequence", "mutagenesis")
    assert "Rank correlation with the map with 5% of the bases replaced" in text
    assert "letters that differ from their neighbours" in text
    assert "Test, ahead of the middle and changes of letter" in text
    for word in ("grain", "noise", "edge", "shift"):
        assert word not in text


@pytest.mark.parametrize("kind", ["scan", "signal"])
def test_of_the_others_as_before(kind):
    text = words_of(kind, "integrated_gradients")
    assert "Rank correlation with the map under faint grain" in text
    assert "a centred blob and of an edge detector" in text
    assert "Test, ahead of blob and edges" in text
