"""The chest networks: shapes, names, folding and what Grad-CAM relies on."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from medmodels.networks.cnn import EXPLAINED_LAYER, Stage, article_cnn, fold, lite_cnn

SMALL = (Stage(3, 1, 1, 1, 8), Stage(3, 2, 2, 2, 8), Stage(3, 1, 2, 2, 8), Stage(5, 1, 2, 2, 8))


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return np.random.default_rng(0).random((4, 160, 160, 1), dtype=np.float32)


@pytest.fixture(scope="module")
def trained() -> keras.Model:
    keras.utils.set_random_seed(3)
    return _as_if_trained(lite_cnn(160, explained_channels=32))


def _as_if_trained(network: keras.Model) -> keras.Model:
    """Normalisation statistics that are no longer those of a fresh network."""
    draw = np.random.default_rng(1)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            gamma, beta, mean, variance = layer.get_weights()
            layer.set_weights(
                [
                    draw.uniform(0.5, 1.5, gamma.shape),
                    draw.normal(0.0, 0.3, beta.shape),
                    draw.normal(0.0, 0.1, mean.shape),
                    draw.uniform(0.05, 1.5, variance.shape),
                ]
            )
    return network


@pytest.fixture(scope="module")
def folded(trained: keras.Model) -> keras.Model:
    return fold(trained)


def test_grid_names_and_logits(folded: keras.Model) -> None:
    assert folded.input_shape == (None, 160, 160, 1)
    assert folded.output_shape == (None, 2)
    assert folded.get_layer(EXPLAINED_LAYER).output.shape == (None, 10, 10, 32)
    assert folded.get_layer("features").output.shape == (None, 32)
    assert folded.layers[-1].name == "logits"
    assert folded.layers[-1].get_config()["activation"] == "linear"


def test_graph_is_flat(folded: keras.Model) -> None:
    assert not any(isinstance(layer, keras.Model) for layer in folded.layers)


def test_explained_layer_is_the_last_convolution(folded: keras.Model) -> None:
    convolutions = [
        layer.name
        for layer in folded.layers
        if isinstance(layer, keras.layers.Conv2D | keras.layers.DepthwiseConv2D)
    ]
    assert convolutions[-1] == EXPLAINED_LAYER


def test_folding_keeps_the_answers(
    trained: keras.Model, folded: keras.Model, images: np.ndarray
) -> None:
    before = trained.predict(images, verbose=0)
    after = folded.predict(images, verbose=0)
    assert np.ptp(before) > 1e-3
    np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-5)


def test_folded_graph_has_no_normalisation_left(folded: keras.Model) -> None:
    kinds = (keras.layers.BatchNormalization, keras.layers.Dropout)
    assert not any(isinstance(layer, kinds) for layer in folded.layers)


def test_logits_are_a_sum_over_the_explained_grid(folded: keras.Model, images: np.ndarray) -> None:
    maps = keras.Model(folded.inputs, folded.get_layer(EXPLAINED_LAYER).output)(images).numpy()
    kernel, bias = folded.get_layer("logits").get_weights()
    terms = np.einsum("nhwc,ck->nhwk", maps, kernel) / (10 * 10)
    logits = folded.predict(images, verbose=0)
    np.testing.assert_allclose(terms.sum(axis=(1, 2)) + bias, logits, rtol=1e-4, atol=1e-5)


def test_brightness_and_contrast_do_not_change_the_answer(
    folded: keras.Model, images: np.ndarray
) -> None:
    darker = images * np.float32(0.4) + np.float32(0.05)
    np.testing.assert_allclose(
        folded.predict(darker, verbose=0), folded.predict(images, verbose=0), atol=0.02
    )


def test_constant_image_gives_finite_logits(folded: keras.Model) -> None:
    assert np.isfinite(folded.predict(np.zeros((1, 160, 160, 1)), verbose=0)).all()


def test_saved_network_loads_safely_and_answers_alike(
    folded: keras.Model, images: np.ndarray, tmp_path: Path
) -> None:
    folded.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras", compile=False, safe_mode=True)
    np.testing.assert_array_equal(
        loaded.predict(images, verbose=0), folded.predict(images, verbose=0)
    )


def test_residual_only_where_shapes_agree() -> None:
    network = lite_cnn(64, stages=SMALL, explained_channels=8)
    added = {layer.name for layer in network.layers if isinstance(layer, keras.layers.Add)}
    # The stem gives 32 channels; only the second block of the second stage keeps shape.
    assert added == {"block2_add"}


def test_colour_network_folds_and_keeps_colours_apart(images: np.ndarray) -> None:
    keras.utils.set_random_seed(3)
    network = _as_if_trained(lite_cnn(160, 8, channels=3, explained_channels=16))
    colours = np.repeat(images, 3, axis=3) * np.array([1.0, 0.5, 0.2], np.float32)
    folded = fold(network)
    assert folded.input_shape == (None, 160, 160, 3)
    assert folded.output_shape == (None, 8)
    before = network.predict(colours, verbose=0)
    np.testing.assert_allclose(folded.predict(colours, verbose=0), before, rtol=1e-3, atol=1e-4)
    # Standardised all channels together: red stays brighter than green, green than blue.
    standardised = keras.Model(folded.inputs, folded.get_layer("standardise").output)
    seen = standardised(colours).numpy()
    np.testing.assert_allclose(seen.mean(axis=(1, 2, 3)), 0.0, atol=1e-4)
    np.testing.assert_allclose(seen.std(axis=(1, 2, 3)), 1.0, atol=1e-2)
    red, green, blue = seen.mean(axis=(0, 1, 2))
    assert red > green + 0.5
    assert green > blue + 0.3


def test_article_network_has_the_layers_of_the_article() -> None:
    network = article_cnn()
    assert network.input_shape == (None, 28, 28, 1)
    shapes = [tuple(layer.output.shape[1:]) for layer in network.layers]
    assert shapes == [
        (28, 28, 1),
        (26, 26, 32),
        (13, 13, 32),
        (11, 11, 64),
        (5, 5, 64),
        (3, 3, 64),
        (576,),
        (64,),
        (2,),
    ]
    # 3*3*1*32+32, 3*3*32*64+64, 3*3*64*64+64, 576*64+64, 64*2+2
    assert network.count_params() == 320 + 18_496 + 36_928 + 36_928 + 130
