"""How a bundle's answers are explained and its maps audited; costs nothing to import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from medmodels.bundles import Bundle
from medmodels.inputs.beat_windows import BeatInputSpec

# The other beats that a beat is compared with, as a baseline of the audit.
CONTRASTS = "contrasts"


@dataclass(frozen=True)
class Rule:
    """When a map passes.

    Parameters
    ----------
    margin : float
        By how much its area must exceed the blob's and the edge detector's.
    level : float
        Highest p against random maps.
    steps : int
        Points on each curve.
    randoms : int
        How many random maps, at least 1; each counts twice.
    """

    margin: float = 0.1
    level: float = 0.05
    steps: int = 5
    randoms: int = 10


@dataclass(frozen=True)
class ExplainPlan:
    """How a bundle's answers are explained and its maps audited.

    Parameters
    ----------
    method : str
        The method that a page shows first: the one that measured best.
    baselines : tuple of str
        What the audit puts in the place of a part, one after the other: some of
        `baselines.SCAN_BASELINES`; for a sequence of `baselines.BASE_BASELINES`;
        or for a signal of `baselines.BEAT_BASELINES`, or "contrasts", the other
        beats that the beat is compared with.
    cells : int
        Parts along each side of a scan.
    samples : int
        Samples in a part of a trace.
    rule : Rule
    """

    method: str
    baselines: tuple[str, ...]
    cells: int
    samples: int
    rule: Rule

    @classmethod
    def of(cls, bundle: Bundle) -> ExplainPlan:
        """Read the table ``explain`` of a bundle's ``trust.json``; sensible where it has none."""
        table: Mapping[str, Any] = bundle.trust.get("explain", {})
        rule = Rule(**table.get("rule", {}))
        if bundle.card.kind == "sequence":
            usual = cls("mutagenesis", ("unknown", "shuffled", "random"), 1, 1, rule)
        elif bundle.card.kind == "scan":
            size = int(bundle.card.input["size"])
            cells = next(n for n in (24, 16, 8, 4, 2, 1) if size % n == 0)
            usual = cls("hires_cam", ("blurred", "mean", "noise"), cells, 1, rule)
        else:
            before, after = BeatInputSpec.from_card(bundle.card.input).reach
            samples = next(n for n in (4, 3, 2, 1) if (before + after) % n == 0)
            usual = cls("beat_contributions", (CONTRASTS,), 1, samples, rule)
        return cls(
            str(table.get("method", usual.method)),
            tuple(table.get("baselines", usual.baselines)),
            int(table.get("cells", usual.cells)),
            int(table.get("samples", usual.samples)),
            rule,
        )
