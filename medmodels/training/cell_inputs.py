"""Pictures that the explanations of the blood cell bundle are measured on."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from medmodels.bundles import Bundle
from medmodels.training.cell_candidates import logits_of
from medmodels.training.cell_images import CLASSES, load_cells, network_input
from medmodels.training.explain_inputs import Candidates, ExplainInput


def inputs(bundle: Bundle, data: Path, split: str) -> Iterable[Candidates]:
    """The pictures of a split; as bytes until one is taken, for all as floats are a gigabyte.

    Parameters
    ----------
    bundle : Bundle
    data : Path
        Holds ``blood-cells``.
    split : str
        "validation" or "test".

    Yields
    ------
    Candidates
    """
    cells = load_cells(data, "val" if split == "validation" else split)
    size = int(bundle.card.input["size"])
    order = np.array([bundle.card.class_names.index(name) for name in CLASSES])
    labels = order[cells.labels]
    logits = logits_of(bundle.network, cells.pictures)

    def take(row: int) -> ExplainInput:
        seen = network_input(cells.pictures[row : row + 1], size)[0]
        return ExplainInput(seen, None, int(labels[row]), str(cells.names[row]))

    yield Candidates(labels, bundle.operating_point.labels(logits).astype(np.int64), take)
