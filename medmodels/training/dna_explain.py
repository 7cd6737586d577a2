"""What the splice site bundle needs to explain its answers, besides its network."""

from __future__ import annotations

from pathlib import Path

from medmodels.bundles import Bundle
from medmodels.explain.motif import SPLIT
from medmodels.explain.plan import ExplainPlan, Rule
from medmodels.training.dna_data import load_windows
from medmodels.training.dna_motifs import motifs
from medmodels.training.dna_neighbours import FOLDER, dna_neighbours
from medmodels.training.explain_audit import Log
from medmodels.training.explain_parts import ExplainParts

# Base by base. Unknown, a base says nothing, but no sequence has sixty of them; in another order
# the letters stay and their words go; at random the letters' own shares go, too.
PLAN = ExplainPlan("mutagenesis", ("unknown", "shuffled", "random"), 1, 1, Rule())


def explain_parts(bundle: Bundle, data: Path, log: Log, limit: int | None = None) -> ExplainParts:
    """Find the nearest cases' arrays, and what the network looks for.

    Parameters
    ----------
    bundle : Bundle
    data : Path
        Holds ``dna-splice``.
    log : callable
    limit : int, optional
        Use this many windows, to try the code.
    """
    found = dna_neighbours(bundle.network, data, bundle.operating_point.labels, log, limit)
    log("what it looks for")
    windows = load_windows(data / FOLDER, SPLIT)
    sought = motifs(bundle.network, windows, bundle.operating_point, limit)
    reference = found.reference | sought
    return ExplainParts(PLAN, reference, {"neighbours": found.table}, found.predictions)
