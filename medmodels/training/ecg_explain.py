"""What the ECG bundle needs to explain its answers, besides its network."""

from __future__ import annotations

from pathlib import Path

from medmodels.bundles import Bundle
from medmodels.explain.plan import CONTRASTS, ExplainPlan, Rule
from medmodels.inputs.beat_windows import BeatInputSpec
from medmodels.networks.beat_graph import BeatGraph
from medmodels.training.ecg_data import DS1, DS2
from medmodels.training.ecg_neighbours import ecg_neighbours
from medmodels.training.ecg_typical import typical_beats
from medmodels.training.explain_parts import ExplainParts

# Stretches of 40 ms. A flat line is no baseline here: with the whole trace flat
# the answer for a normal beat stays as it is, for it rests on the numbers.
PLAN = ExplainPlan("beat_contributions", (CONTRASTS,), 1, 4, Rule())


def explain_parts(
    bundle: Bundle,
    data: Path,
    names: tuple[list[str], list[str]] = (list(DS1), list(DS2)),
    *,
    quick: bool = False,
) -> ExplainParts:
    """Find typical beats and the nearest cases' arrays.

    Parameters
    ----------
    bundle : Bundle
    data : Path
        Holds ``ecg-mitdb`` and ``ecg-svdb``.
    names : tuple of list of str
        Records to learn from and to test on.
    quick : bool
        With one external record, to try the code.
    """
    spec = BeatInputSpec.from_card(bundle.card.input)
    layers = tuple(bundle.trust["head"]["layers"])
    found = ecg_neighbours(
        BeatGraph(bundle.network, layers), layers, data, spec, bundle.card.class_names,
        bundle.operating_point.labels, names, quick=quick,
    )  # fmt: skip
    typical = typical_beats(data, names[0], spec, len(bundle.card.classes))
    return ExplainParts(
        PLAN, found.reference | typical, {"neighbours": found.table}, found.predictions
    )
