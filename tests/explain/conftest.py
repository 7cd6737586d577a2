"""Small random networks, flat and functional, that end in logits."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest


def scan_network(*, channels: int = 1, flat_head: bool = False, scale: float = 1.0) -> Any:
    """Conv, residual branch, explained convolution, 3 classes; logits times ``scale``."""
    return _scaled(*_scan_network(channels, flat_head), scale)


def beat_network(*, scale: float = 1.0) -> Any:
    """Windows (T, 30, 2) and rhythm (T, 3) to 4 classes a beat; logits times ``scale``."""
    return _scaled(*_beat_network(), scale)


def base_network(*, scale: float = 1.0) -> Any:
    """Sixty bases to 3 classes; logits times ``scale``."""
    return _scaled(*_base_network(), scale)


def _scaled(network: Any, head: list[np.ndarray], scale: float) -> Any:
    """Set the last layer anew: a new network would have to be compiled again."""
    network.get_layer("logits").set_weights([scale * weights for weights in head])
    return network


@cache
def _scan_network(channels: int, flat_head: bool) -> tuple[Any, list[np.ndarray]]:
    import keras
    from keras import layers

    keras.utils.set_random_seed(7)
    # Without biases a network is linear along a path from black.
    bias = keras.initializers.RandomNormal(stddev=0.2)
    scan = keras.Input((24, 20, channels))
    x = layers.Conv2D(6, 3, strides=2, padding="same", bias_initializer=bias, name="first")(scan)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    branch = layers.DepthwiseConv2D(3, padding="same")(x)
    x = layers.Add()([x, branch])
    x = layers.Conv2D(
        8, 3, strides=2, padding="same", activation="relu", bias_initializer=bias, name="explained"
    )(x)
    x = layers.Flatten()(x) if flat_head else layers.GlobalAveragePooling2D()(x)
    network = keras.Model(scan, layers.Dense(3, name="logits")(x))
    return network, [30 * weights for weights in network.get_layer("logits").get_weights()]


@cache
def _beat_network() -> tuple[Any, list[np.ndarray]]:
    import keras

    from medmodels.networks.rnn import beat_rnn

    keras.utils.set_random_seed(11)
    network = beat_rnn(30, 2, 3, 4, width=4)
    return network, [20 * weights for weights in network.get_layer("logits").get_weights()]


@cache
def _base_network() -> tuple[Any, list[np.ndarray]]:
    import keras

    from medmodels.networks.splice_rnn import splice_rnn

    keras.utils.set_random_seed(13)
    network = splice_rnn(3, filters=6, width=4)
    return network, [20 * weights for weights in network.get_layer("logits").get_weights()]


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(3)


@pytest.fixture(scope="session")
def scan() -> np.ndarray:
    return np.random.default_rng(5).random((24, 20, 1), dtype=np.float32)


@pytest.fixture(scope="session")
def beats() -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(6)
    windows = generator.standard_normal((5, 30, 2), dtype=np.float32)
    return windows, generator.standard_normal((5, 3), dtype=np.float32)


@pytest.fixture(scope="session")
def bases() -> np.ndarray:
    letters = np.random.default_rng(8).integers(4, size=60)
    return np.eye(4, dtype=np.float32)[letters]


@pytest.fixture(scope="session")
def make_scan_network() -> Callable[..., Any]:
    return scan_network


@pytest.fixture(scope="session")
def make_beat_network() -> Callable[..., Any]:
    return beat_network


@pytest.fixture(scope="session")
def make_base_network() -> Callable[..., Any]:
    return base_network
