"""Tiny bundles of both kinds with random weights, for tests of what uses bundles."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

SCAN_TASK = "tiny-scan"
SIGNAL_TASK = "tiny-signal"

_RHYTHM = ("rr_before", "rr_after", "before_to_local", "after_to_local")

_COMMON = """
intended_use = "Tests of the app."
not_for = "Anything else."
limits = ["Its weights are random.", "It knows two answers only."]
"""

SCAN_CARD = f"""
task = "{SCAN_TASK}"
title = "Tiny scan"
question = "Does this scan show a finding?"
kind = "scan"
accepts = ["png", "dcm"]
{_COMMON}
[[classes]]
name = "normal"
title = "Normal"
letter = "N"
severity = 0
meaning = "No finding that this network knows."
[[classes]]
name = "finding"
title = "Finding"
letter = "F"
severity = 2
meaning = "The one finding that this network knows."
[input]
size = 32
channels = 1
[network]
explained_layer = "explained_conv"
description = "Two convolutions."
[evaluation]
group = "patient"
[[data]]
name = "Noise"
role = "train"
licence = "CC0"
source = "a random generator"
citation = "none"
population = "Nobody."
"""

SIGNAL_CARD = f"""
task = "{SIGNAL_TASK}"
title = "Tiny signal"
question = "Which beats of this recording are early?"
kind = "signal"
accepts = ["csv"]
{_COMMON}
[[classes]]
name = "N"
title = "Normal"
letter = "N"
severity = 0
meaning = "A beat from the sinus node."
[[classes]]
name = "S"
title = "Supraventricular"
letter = "S"
severity = 1
meaning = "An early beat from above the ventricles."
[[classes]]
name = "V"
title = "Ventricular"
letter = "V"
severity = 2
meaning = "An early beat from a ventricle."
[[classes]]
name = "F"
title = "Fusion"
letter = "F"
severity = 1
meaning = "A ventricular and a normal beat at once."
[input]
rate = 125
before_s = 0.25
after_s = 0.45
leads = 2
rhythm = {json.dumps(_RHYTHM)}
[network]
description = "One recurrent layer."
[evaluation]
group = "record"
[[data]]
name = "Noise"
role = "train"
licence = "CC0"
source = "a random generator"
citation = "none"
population = "Nobody."
"""


def write_tiny_scan_bundle(root: Path) -> Path:
    """Write a bundle that reads 32-pixel scans in two classes; return its folder."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(1)
    scan = keras.Input((32, 32, 1), name="scan")
    x = layers.Conv2D(4, 3, strides=2, padding="same", activation="relu", name="first")(scan)
    x = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu", name="explained_conv")(x)
    x = layers.GlobalAveragePooling2D(name="features")(x)
    network = keras.Model(scan, layers.Dense(2, name="logits")(x))
    trust = {
        "temperature": 1.5,
        "operating_point": {
            "class": "finding",
            "threshold": 0.4,
            "rule": "highest balanced accuracy",
            "chosen_on": "validation",
        },
    }
    return _write(root, SCAN_TASK, SCAN_CARD, network, trust, 2, ("validation", "test", "external"))


def write_tiny_signal_bundle(root: Path) -> Path:
    """Write a bundle that reads beats in four classes; return its folder."""
    import keras
    from keras import layers

    from medmodels.networks.rnn import FoldBeats, UnfoldBeats

    keras.utils.set_random_seed(1)
    samples = round(0.25 * 125) + round(0.45 * 125)
    windows = layers.Input((None, samples, 2), name="windows")
    rhythm = layers.Input((None, len(_RHYTHM)), name="rhythm")
    x = layers.GRU(4, name="within_beat")(FoldBeats(name="fold")(windows))
    x = UnfoldBeats(name="unfold")([x, rhythm])
    x = layers.Concatenate(name="beat")([x, rhythm])
    network = keras.Model([windows, rhythm], layers.Dense(4, name="logits")(x))
    trust = {
        "temperature": 1.0,
        "class_offsets": [0.0, 0.0, 0.0, -1.0],
        "rule": "highest mean F1",
        "chosen_on": "validation",
    }
    return _write(root, SIGNAL_TASK, SIGNAL_CARD, network, trust, 4, ("validation", "test"))


def _write(root, task, card, network, trust, k, splits):
    from medmodels.training.bundle_writer import write_bundle

    root.mkdir(parents=True, exist_ok=True)
    path = root / f"{task}.toml"
    path.write_text(card)
    generator = np.random.default_rng(0)
    predictions: dict[str, npt.NDArray] = {}
    for split in splits:
        labels = np.arange(60) % k
        # Right more often than not, and less often on the external split.
        strength = 1.0 if split == "external" else 3.0
        logits = generator.normal(size=(60, k)) + strength * np.eye(k)[labels]
        predictions[f"{split}/logits"] = logits.astype(np.float32)
        predictions[f"{split}/labels"] = labels.astype(np.int8)
        predictions[f"{split}/groups"] = np.array([f"g{i // 3}" for i in range(60)])
    folder = root / task
    write_bundle(
        folder, card=path, network=network, trust=trust, predictions=predictions,
        training={"command": "none", "seeds": [1], "steps": []},
    )  # fmt: skip
    path.unlink()
    return folder
