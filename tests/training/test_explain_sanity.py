"""What is measured once for each method of a bundle."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest

from medmodels.explain.sanity import Sanity
from medmodels.explain.shortcut import PARTS
from medmodels.training.explain_inputs import ExplainInput
from medmodels.training.explain_sanity import measure_sanity, measure_usual_shares, settings_of


@pytest.fixture(scope="module")
def bundle():
    import keras
    from keras import layers

    keras.utils.set_random_seed(4)
    x = keras.Input((24, 24, 1))
    y = layers.Conv2D(6, 3, strides=2, activation="relu", name="early")(x)
    y = layers.Conv2D(8, 3, activation="relu", name="late")(y)
    y = layers.Dense(2, name="logits")(layers.GlobalAveragePooling2D()(y))
    card = SimpleNamespace(network={"explained_layer": "early"})
    return SimpleNamespace(network=keras.Model(x, y), card=card)


@pytest.fixture(scope="module")
def inputs():
    scans = np.random.default_rng(2).random((3, 24, 24, 1), dtype=np.float32)
    return [ExplainInput(scan, None, k % 2, f"made {k}") for k, scan in enumerate(scans)]


def test_the_cards_layer_is_explained_where_a_method_takes_one(bundle, inputs):
    assert settings_of(bundle, "grad_cam", inputs[0]) == {"layer_name": "early"}
    assert settings_of(bundle, "gradient_saliency", inputs[0]) == {}


def test_every_method_is_measured_and_the_network_stays_as_it_is(bundle, inputs):
    before = bundle.network.get_weights()
    told = []
    names = ["grad_cam", "gradient_saliency", "integrated_gradients"]
    found = measure_sanity(bundle, inputs, names, told.append)
    assert told == list(found) == names
    for name, stored in json.loads(json.dumps(found)).items():
        sanity = Sanity.from_dict(stored)
        assert (sanity.method, sanity.n) == (name, 3)
        assert sanity.depths == ("the last layer", "the last two layers", "all layers")
        assert len(sanity.rank) == len(sanity.places) == len(sanity.ssim) == 3
    # Grad-CAM has no sign, and of a sensitivity only the size counts; shares have signs.
    for name in ("grad_cam", "gradient_saliency"):
        assert found[name]["rank"] == found[name]["places"]
    assert found["integrated_gradients"]["rank"] != found["integrated_gradients"]["places"]
    for old, new in zip(before, bundle.network.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_usual_shares_are_measured_on_each_methods_maps(bundle, inputs):
    found = measure_usual_shares(bundle, inputs, ["grad_cam", "gradient_saliency"])
    for shares in found.values():
        assert set(shares) == set(PARTS)
        assert all(0 <= share <= 1 for share in shares.values())
    assert found["grad_cam"] != found["gradient_saliency"]
