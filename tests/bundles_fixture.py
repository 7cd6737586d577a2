"""Tiny bundles of every kind with random weights, for tests of what uses bundles."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from tests.tiny_cards import (
    RHYTHM,
    SCAN_CARD,
    SCAN_TASK,
    SEQUENCE_CARD,
    SEQUENCE_TASK,
    SIGNAL_CARD,
    SIGNAL_TASK,
)


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


def write_trusting_scan_bundle(root: Path) -> Path:
    """Write the tiny scan bundle with a trust layer that knows ramps; return its folder.

    Ramps from dark to bright, left to right, are like its training data; noise is
    not, and a ramp from top to bottom is taken for one that lies on its side.
    """
    from medmodels.bundles import load_bundle
    from medmodels.networks.taps import TappedNetwork, TapSpec
    from medmodels.trust.head_posterior import fit_head_posterior
    from medmodels.trust.out_of_distribution import Mahalanobis
    from medmodels.trust.prediction_sets import PredictionSets
    from medmodels.trust.unlike import TurnHead

    write_tiny_scan_bundle(root)
    bundle = load_bundle(SCAN_TASK, root)
    spec = TapSpec("features", ("first", "explained_conv"), "explained_conv", 2)
    run = TappedNetwork(bundle.network, spec)
    ramps = made_ramps(400)
    labels = np.arange(400) % 2
    logits, rows = run(ramps)
    _, turned = run(np.ascontiguousarray(np.rot90(ramps, 1, axes=(1, 2))))
    point = bundle.operating_point
    score = Mahalanobis.fit(rows[:, 8:32], labels)
    scores = score.score(rows[:, 8:32])
    head = TurnHead.fit(rows[:, 32:], {"turned_left": turned[:, 32:]}, strength=1e4)
    posterior = fit_head_posterior(
        rows[:, :8],
        point.probabilities(logits),
        bundle.network.get_layer("logits").get_weights()[0],
    )
    # As if the likelier label were always right: then sets hold one label.
    p = point.probabilities(logits)
    drawn = p.argmax(axis=1)
    trust = dict(bundle.trust) | {
        "calibration": {"method": "temperature", "temperature": 1.5, "candidates": [], "why": "."},
        "prediction_sets": PredictionSets.fit(p, drawn, conditional=False).to_trust(),
        "features": spec.to_trust(),
        "head": {"features": [0, 8]},
        "turns": {"names": list(head.names), "features": [32, rows.shape[1]]},
        "out_of_distribution": {
            "method": score.name, "features": [8, 32], "why": ".", "candidates": [], "kinds": [],
            "warn": float(2 * scores.max()), "refuse": float(3 * scores.max()),
            "validation_quantiles": np.quantile(scores, np.linspace(0, 1, 101)).tolist(),
        },
        "quality": {"dark": {"warn": 0.2, "refuse": 0.05, "why": "."}},
        "modalities": ["CR", "DX"],
    }  # fmt: skip
    reference = {"head/draws": posterior.draws}
    reference |= {f"unlike/{name}": value for name, value in score.arrays().items()}
    reference |= {f"turns/{name}": value for name, value in head.arrays().items()}
    predictions = dict(np.load(bundle.folder / "predictions.npz"))
    quality = [200, 0.01, 0.1, 0.5, 0.6, 0.0, 0.0]
    for split in ("validation", "test", "external"):
        n = len(predictions[f"{split}/labels"])
        own = point.probabilities(predictions[f"{split}/logits"])
        predictions |= {
            f"{split}/unlike": np.resize(scores, n)
            + (9 * scores.max() if split == "external" else 0),
            f"{split}/lies": np.tile(np.float32([1, 0]), (n, 1)),
            f"{split}/quality": np.tile(np.float32(quality), (n, 1)),
            f"{split}/low": own * 0.9,
            f"{split}/high": own * 0.9 + 0.1,
        }
    return _rewrite(bundle, SCAN_CARD, trust, reference, predictions)


def made_ramps(count: int) -> npt.NDArray[np.float32]:
    """Ramps that rise to the right, with grain, shape (count, 32, 32, 1)."""
    rng = np.random.default_rng(0)
    low, high = rng.uniform(0, 0.3, (count, 1)), rng.uniform(0.7, 1, (count, 1))
    row = low + (high - low) * np.linspace(0, 1, 32)
    grain = 0.01 * rng.normal(size=(count, 32, 32))
    return np.clip(row[:, None] + grain, 0, 1).astype(np.float32)[..., None]


def write_tiny_signal_bundle(root: Path) -> Path:
    """Write a bundle that reads beats in four classes; return its folder."""
    import keras
    from keras import layers

    from medmodels.networks.rnn import FoldBeats, UnfoldBeats

    keras.utils.set_random_seed(1)
    samples = round(0.25 * 125) + round(0.45 * 125)
    windows = layers.Input((None, samples, 2), name="windows")
    rhythm = layers.Input((None, len(RHYTHM)), name="rhythm")
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


def write_tiny_sequence_bundle(root: Path) -> Path:
    """Write a bundle that reads 60 bases in three classes; return its folder."""
    import keras

    from medmodels.networks.splice_rnn import splice_rnn

    keras.utils.set_random_seed(1)
    network = splice_rnn(3, filters=4, width=3)
    trust = {
        "temperature": 1.0, "class_offsets": [0.0, 0.0, 0.0], "rule": "highest mean F1",
        "chosen_on": "validation",
    }  # fmt: skip
    return _write(root, SEQUENCE_TASK, SEQUENCE_CARD, network, trust, 3, ("validation", "test"))


def _write(root, task, card, network, trust, k, splits):
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
    training = {"command": "none", "seeds": [1], "steps": []}
    return _seal(root / task, card, network, trust, predictions, training)


def _rewrite(bundle, card, trust, reference, predictions):
    """Write a bundle anew around its network, with a trust layer."""
    network = (bundle.folder / "network.keras").read_bytes()
    return _seal(bundle.folder, card, network, trust, predictions, dict(bundle.training), reference)


def _seal(folder, card, network, trust, predictions, training, reference=None):
    from medmodels.training.bundle_writer import write_bundle

    folder.parent.mkdir(parents=True, exist_ok=True)
    path = folder.with_suffix(".toml")
    path.write_text(card)
    write_bundle(
        folder, card=path, network=network, trust=trust, predictions=predictions,
        training=training, reference=reference,
    )  # fmt: skip
    path.unlink()
    return folder


def write_trusting_sequence_bundle(root: Path) -> Path:
    """Write the tiny sequence bundle with a trust layer that knows even DNA; return its folder.

    Bases drawn evenly are like its training data, repeats and runs are not.
    """
    from medmodels.bundles import load_bundle
    from medmodels.networks.base_features import BaseFeatures
    from medmodels.trust.base_quality import measure_bases
    from medmodels.trust.base_trust import outlier_rows
    from medmodels.trust.head_posterior import fit_head_posterior
    from medmodels.trust.out_of_distribution import Mahalanobis
    from medmodels.trust.prediction_sets import PredictionSets

    write_tiny_sequence_bundle(root)
    bundle = load_bundle(SEQUENCE_TASK, root)
    bases = made_bases(600)
    logits, features = BaseFeatures(bundle.network, "along")(bases)
    point = bundle.operating_point
    # As if the likeliest label were always right: then sets hold one label.
    p = point.probabilities(logits)
    drawn = p.argmax(axis=1)
    rows = outlier_rows("letters", bases, features)
    score = Mahalanobis.fit(rows, np.arange(len(rows)) % 2)
    scores = score.score(rows)
    trust = dict(bundle.trust) | {
        "calibration": {"method": "temperature", "temperature": 1.0, "candidates": [], "why": "."},
        "prediction_sets": PredictionSets.fit(p, drawn, conditional=False).to_trust(),
        "head": {"layer": "along", "scale": 1.0},
        "out_of_distribution": {
            "method": score.name, "features": "letters", "why": ".", "candidates": [], "kinds": [],
            "warn": float(1.5 * scores.max()), "refuse": float(2 * scores.max()),
            "validation_quantiles": np.quantile(scores, np.linspace(0, 1, 101)).tolist(),
        },
        "quality": {"unknown": {"warn": 0.1, "refuse": 0.5, "why": "."}},
    }  # fmt: skip
    posterior = fit_head_posterior(features, p, bundle.network.get_layer("logits").get_weights()[0])
    reference = {"head/draws": posterior.draws}
    reference |= {f"unlike/{name}": value for name, value in score.arrays().items()}
    predictions = dict(np.load(bundle.folder / "predictions.npz"))
    for split in ("validation", "test"):
        n = len(predictions[f"{split}/labels"])
        own = point.probabilities(predictions[f"{split}/logits"]).max(axis=1)
        predictions |= {
            f"{split}/unlike": np.resize(scores, n), f"{split}/quality": measure_bases(bases[:n]),
            f"{split}/low": own * 0.9, f"{split}/high": own * 0.9 + 0.1,
        }  # fmt: skip
    return _rewrite(bundle, SEQUENCE_CARD, trust, reference, predictions)


def made_bases(count: int, seed: int = 0) -> npt.NDArray[np.float32]:
    """Windows of bases drawn evenly, shape (count, 60, 4)."""
    drawn = np.random.default_rng(seed).integers(0, 4, (count, 60))
    return np.eye(4, dtype=np.float32)[drawn]
