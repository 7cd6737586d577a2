"""Make a bundle's trust layer, card and evaluation anew; its network stays as it is."""

from __future__ import annotations

import importlib
import tomllib
from pathlib import Path
from typing import Any

from medmodels.bundles import Bundle
from medmodels.evaluation.stored import load_predictions
from medmodels.training.bundle_writer import write_bundle
from medmodels.training.explain_parts import kept_arrays, kept_tables
from medmodels.training.external_ideas_shown import ideas_of


def refit(bundle: Bundle, data: Path | None, out: Path, quick: bool = False) -> None:
    """Write the bundle again.

    Parameters
    ----------
    bundle : Bundle
    data : Path or None
        Fit the trust layer to these data; None keeps it and only takes the
        recipe's card and computes the evaluation anew.
    out : Path
        The folder that is made or replaced.
    quick : bool
        On few data, to try the code.
    """
    recipe: Any = importlib.import_module(f"medmodels.training.{bundle.task.replace('-', '_')}")
    network = (bundle.folder / "network.keras").read_bytes()
    predictions, trust = load_predictions(bundle), dict(bundle.trust)
    reference = dict(bundle.reference)
    training = dict(bundle.training)
    training.pop("versions", None)
    training["choice"] = tomllib.loads(recipe.CHOICE.read_text())
    training["external_ideas"] = ideas_of(bundle.task)
    if data is not None:
        parts = recipe.refit_trust(bundle, data, quick)
        predictions |= parts.predictions
        trust = parts.trust | kept_tables(bundle.trust)
        reference = parts.reference | kept_arrays(bundle.reference)
        training["trust"] = {
            "command": f"python -m medmodels trust {bundle.task} --data DIR",
            "quick": quick,
        }
    write_bundle(
        out, card=recipe.CARD, network=network, trust=trust, predictions=predictions,
        training=training, reference=reference,
    )  # fmt: skip
