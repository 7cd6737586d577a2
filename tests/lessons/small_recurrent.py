"""A small recurrent network of the shipped one's shape, with beats for it."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from medmodels.lessons.recurrence import LaidOpen, laid_open

BEATS, SAMPLES, LEADS, NUMBERS = 7, 32, 2, 3
BEAT = 2


@cache
def small_network() -> Any:
    """Two members with random weights, as the ECG network is built."""
    import keras

    from medmodels.networks.rnn import beat_rnn

    keras.utils.set_random_seed(4)
    made = beat_rnn(SAMPLES, LEADS, NUMBERS, 4, width=5, members=2)
    for layer in made.layers:
        if layer.name.startswith("logits_"):
            layer.set_weights([8 * weights for weights in layer.get_weights()])
    return made


def small_opened() -> LaidOpen:
    """The same, laid open."""
    return laid_open(small_network())


def small_beats() -> tuple[np.ndarray, np.ndarray]:
    """Windows (T, L, leads) and numbers (T, R) of random beats."""
    rng = np.random.default_rng(5)
    return (
        rng.standard_normal((BEATS, SAMPLES, LEADS), dtype=np.float32),
        rng.standard_normal((BEATS, NUMBERS), dtype=np.float32),
    )


def small_usual() -> tuple[np.ndarray, np.ndarray]:
    """Window (L, leads) and numbers (R,) of a beat to put in another's place."""
    rng = np.random.default_rng(6)
    return (
        rng.standard_normal((SAMPLES, LEADS), dtype=np.float32),
        rng.standard_normal(NUMBERS, dtype=np.float32),
    )


def answer(network: Any, windows: np.ndarray, rhythm: np.ndarray) -> np.ndarray:
    """Logits (T, K) of the whole network, run as Keras runs it."""
    return network([windows[np.newaxis], rhythm[np.newaxis]], training=False).numpy()[0]
