"""Radiographs that the explanations of the chest bundle are measured on."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from medmodels.bundles import Bundle
from medmodels.training.chest_images import load_paediatric, paediatric_rows
from medmodels.training.explain_inputs import Candidates, ExplainInput

_AT_ONCE = 16


def inputs(bundle: Bundle, data: Path, split: str) -> Iterable[Candidates]:
    """The paediatric radiographs of a split.

    Parameters
    ----------
    bundle : Bundle
    data : Path
        Holds ``chest-xray``.
    split : str
        "validation" or "test".

    Yields
    ------
    Candidates
    """
    stored = "val" if split == "validation" else split
    radiographs = load_paediatric(data, stored, int(bundle.card.input["size"]))
    names = [Path(row["path"]).stem for row in paediatric_rows(data, stored)]
    logits = bundle.network.predict(radiographs.images, batch_size=_AT_ONCE, verbose=0)
    labels = radiographs.labels.astype(np.int64)

    def take(row: int) -> ExplainInput:
        return ExplainInput(radiographs.images[row], None, int(labels[row]), names[row])

    yield Candidates(labels, bundle.operating_point.labels(logits).astype(np.int64), take)
