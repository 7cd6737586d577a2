"""The tiny sequence bundle with what explains it: nearest windows, motifs, scales."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.bundles_fixture import (
    SEQUENCE_CARD,
    SEQUENCE_TASK,
    made_bases,
    write_trusting_sequence_bundle,
)

STORED = 200
FOLDER = "made-bases"


def write_explained_sequence_bundle(root: Path) -> Path:
    """Write it; return its folder. Its motif of EI has its weight on +1 G and +2 T."""
    from medmodels.bundles import load_bundle
    from medmodels.explain.motif import Motif
    from medmodels.networks.base_features import BaseFeatures
    from medmodels.training.bundle_writer import write_bundle
    from medmodels.training.neighbours import Asked, Known, fit_neighbours

    write_trusting_sequence_bundle(root)
    bundle = load_bundle(SEQUENCE_TASK, root)
    bases = made_bases(STORED, seed=3)
    logits, features = BaseFeatures(bundle.network, "along")(bases)
    labels = np.arange(STORED) % 3
    names = np.array([f"ENTRY{i}-EI-1" for i in range(STORED)])
    asked = Asked(features, labels, bundle.operating_point.labels(logits), names)
    parts = fit_neighbours(
        Known(features, labels, names, names, bases), asked, {"test": asked},
        bundle.card.class_names, pictures=False,
    )  # fmt: skip
    table = {"layer": "along", "folder": FOLDER, "of": STORED, "about": "Made windows.",
             "usual_of": "training windows"} | parts.table  # fmt: skip
    weights, shares = np.zeros((60, 4)), np.full((60, 4), 0.25)
    weights[30, 2], weights[31, 3], weights[5, 0] = 2.0, 1.5, -3.0
    shares[30], shares[31] = [0, 0, 1, 0], [0.1, 0, 0, 0.9]
    trust = dict(bundle.trust) | {
        "neighbours": table, "saliency_scale": {"Mutagenesis": 1.0, "Integrated gradients": 0.5},
    }  # fmt: skip
    reference = dict(bundle.reference) | parts.reference
    reference |= Motif(weights, shares, 41).arrays("EI")
    card = root / f"{SEQUENCE_TASK}.toml"
    card.write_text(SEQUENCE_CARD)
    predictions = dict(np.load(bundle.folder / "predictions.npz")) | parts.predictions
    write_bundle(
        bundle.folder, card=card, network=(bundle.folder / "network.keras").read_bytes(),
        trust=trust, predictions=predictions, training=dict(bundle.training), reference=reference,
    )  # fmt: skip
    card.unlink()
    return bundle.folder


def stored_window(row: int) -> str:
    """The letters of one of its stored windows."""
    return "".join("ACGT"[k] for k in made_bases(STORED, seed=3)[row].argmax(axis=1))


def write_its_windows(data: Path) -> None:
    """Write the letters of its stored windows as they lie among the training data."""
    rows = [f"ENTRY{row}-EI-1,EI,train,{stored_window(row)}\n" for row in range(STORED)]
    (data / FOLDER).mkdir(parents=True)
    (data / FOLDER / "index.csv").write_text("name,label,split,sequence\n" + "".join(rows))
