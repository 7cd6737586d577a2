"""What the chest X-ray bundle needs to explain its answers, besides its network."""

from __future__ import annotations

from pathlib import Path

from medmodels.bundles import Bundle
from medmodels.explain.plan import ExplainPlan, Rule
from medmodels.training.chest_fitting import Log
from medmodels.training.chest_neighbours import chest_neighbours
from medmodels.training.explain_parts import ExplainParts

# Parts of 8 x 8 pixels: a map of 12 x 12 cells has four in each. Blurred, a
# scan loses its detail; even, its brightness; as noise, its smoothness.
PLAN = ExplainPlan("hires_cam", ("blurred", "mean", "noise"), 24, 1, Rule())


def explain_parts(bundle: Bundle, data: Path, log: Log, limit: int | None = None) -> ExplainParts:
    """Find the nearest cases' arrays.

    Parameters
    ----------
    bundle : Bundle
    data : Path
        Holds ``chest-xray`` and ``chest-xray-external``.
    log : callable
    limit : int, optional
        Use this many images of each split.
    """
    found = chest_neighbours(bundle, data, log, limit)
    return ExplainParts(PLAN, found.reference, {"neighbours": found.table}, found.predictions)
