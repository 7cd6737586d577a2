"""Windows of bases that the explanations of the splice site bundle are measured on."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from medmodels.bundles import Bundle
from medmodels.networks.base_scan import BaseScan
from medmodels.training.dna_data import CLASSES, load_windows
from medmodels.training.explain_inputs import Candidates, ExplainInput


def inputs(bundle: Bundle, data: Path, split: str) -> Iterable[Candidates]:
    """The windows of bases of a split.

    Parameters
    ----------
    bundle : Bundle
    data : Path
        Holds ``dna-splice``.
    split : str
        "validation" or "test".

    Yields
    ------
    Candidates
    """
    windows = load_windows(data / "dna-splice", "val" if split == "validation" else split)
    logits = BaseScan(bundle.network).windows(windows.bases)
    order = np.array([bundle.card.class_names.index(name) for name in CLASSES])
    labels = order[windows.labels]

    def take(row: int) -> ExplainInput:
        return ExplainInput(windows.bases[row], None, int(labels[row]), str(windows.names[row]))

    yield Candidates(labels, bundle.operating_point.labels(logits).astype(np.int64), take)
