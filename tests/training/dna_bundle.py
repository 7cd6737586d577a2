"""A splice site bundle whose small network was not fitted, for tests of its explanations."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from medmodels.bundles import Bundle, open_bundle
from medmodels.training.bundle_writer import write_bundle
from medmodels.training.dna_data import load_windows
from medmodels.training.dna_splice import CARD, as_arrays


def write_small_bundle(folder: Path, data: Path) -> Bundle:
    """Write it, with its own predictions of made windows under ``data``."""
    import keras

    from medmodels.networks.splice_rnn import splice_rnn

    keras.utils.set_random_seed(5)
    network = splice_rnn(3, filters=4, width=3, members=2)
    predictions = {}
    for split, stored in (("cross_validation", ("train", "val")), ("test", ("test",))):
        windows = load_windows(data / "dna-splice", *stored)
        logits = np.asarray(network(windows.bases, training=False))
        predictions |= as_arrays(split, windows, logits)
    write_bundle(
        folder, card=CARD, network=network, predictions=predictions,
        trust={"temperature": 1.0, "class_offsets": [0.0] * 3, "rule": ".", "chosen_on": "."},
        training={"command": "none", "seeds": [5], "steps": []},
    )  # fmt: skip
    return open_bundle(folder)
