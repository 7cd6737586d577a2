"""What the blood cell bundle needs to explain its answers, besides its network."""

from __future__ import annotations

from pathlib import Path

from medmodels.bundles import Bundle
from medmodels.explain.plan import ExplainPlan, Rule
from medmodels.training.cell_neighbours import cell_neighbours
from medmodels.training.explain_parts import ExplainParts
from medmodels.training.image_fitting import Log

# Ten parts along each side of the square around the cell (the card's [input] place): a tenth
# of the whole picture already holds most of a cell, so parts of the picture could not tell what
# of the cell mattered. Blurred, a cell loses its detail; even, its stain; as noise, its smoothness.
PLAN = ExplainPlan("lime", ("blurred", "mean", "noise"), 10, 1, Rule())


def explain_parts(bundle: Bundle, data: Path, log: Log, limit: int | None = None) -> ExplainParts:
    """Find the nearest cases' arrays.

    Parameters
    ----------
    bundle : Bundle
    data : Path
        Holds ``blood-cells``.
    log : callable
    limit : int, optional
        Use this many pictures of each split.
    """
    found = cell_neighbours(bundle, data, log, limit)
    return ExplainParts(PLAN, found.reference, {"neighbours": found.table}, found.predictions)
