"""The compiled maps are those of tf-keras-vis, run as its documentation says."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.bundles import list_tasks, load_bundle
from medmodels.explain import grad_cam_plus_plus, gradient_saliency, layer_cam, score_cam
from medmodels.explain.enlarge import enlarge

METHODS = {
    "Grad-CAM++": grad_cam_plus_plus,
    "Layer-CAM": layer_cam,
    "Score-CAM": score_cam,
}


def reference(title, network, scan, class_index, layer_name):
    """A class activation map by tf-keras-vis at the layer's grid, as the library computes it."""
    import tensorflow as tf
    from tf_keras_vis.gradcam_plus_plus import GradcamPlusPlus
    from tf_keras_vis.layercam import Layercam
    from tf_keras_vis.scorecam import Scorecam

    def without_value(logits):
        # Grad-CAM++ multiplies by the exponential of the score: 1, if the value is 0.
        return logits[:, class_index] - tf.stop_gradient(logits[:, class_index])

    black = tf.nn.softmax(network(np.zeros_like(scan)[np.newaxis], training=False))
    visualisation, score = {
        "Grad-CAM++": (GradcamPlusPlus, without_value),
        "Layer-CAM": (Layercam, lambda logits: logits[:, class_index]),
        # The library gives Score-CAM's score the probabilities.
        "Score-CAM": (Scorecam, lambda found: found[:, class_index] - black[:, class_index]),
    }[title]
    cam = visualisation(network)(
        score,
        scan[np.newaxis],
        penultimate_layer=layer_name,
        seek_penultimate_conv_layer=False,
        expand_cam=False,
        normalize_cam=False,
    )
    return np.asarray(cam)[0]


@pytest.mark.parametrize("title", METHODS)
@pytest.mark.parametrize("flat_head", [False, True])
@pytest.mark.parametrize("layer_name", ["explained", "first"])
def test_class_activation_maps(make_scan_network, random, title, flat_head, layer_name):
    network = make_scan_network(channels=3, flat_head=flat_head)
    scan = random.random((24, 20, 3), dtype=np.float32)
    largest = 0.0
    for k in range(3):
        found = METHODS[title].explain(network, scan, k, layer_name=layer_name)
        expected = reference(title, network, scan, k, layer_name)
        assert found.grid == expected.shape
        # Grad-CAM++ divides by sums in which rounding shows: a ten-thousandth.
        np.testing.assert_allclose(found.values, enlarge(expected, (24, 20)), rtol=1e-4, atol=1e-5)
        largest = max(largest, expected.max())
    assert largest > 0.01, "maps this small would agree whatever they show"


@pytest.mark.parametrize("title", METHODS)
@pytest.mark.skipif("chest-xray" not in list_tasks(), reason="no bundle for chest-xray here")
def test_class_activation_maps_of_the_bundled_network(random, title):
    bundle = load_bundle("chest-xray")
    side, layer_name = bundle.card.input["size"], bundle.card.network["explained_layer"]
    scan = enlarge(random.random((12, 12), dtype=np.float32), (side, side))[..., np.newaxis]
    classes = range(len(bundle.card.classes))
    maps = [METHODS[title].explain(bundle.network, scan, k, layer_name=layer_name) for k in classes]
    largest = max(range(len(maps)), key=lambda k: maps[k].values.max())
    expected = reference(title, bundle.network, scan, largest, layer_name)
    assert expected.max() > 0.01
    np.testing.assert_allclose(
        maps[largest].values, enlarge(expected, (side, side)), atol=1e-4 * expected.max()
    )


def test_the_gradient(make_scan_network, random):
    from tf_keras_vis.saliency import Saliency

    network = make_scan_network(channels=3)
    scan = random.random((24, 20, 3), dtype=np.float32)
    for k in range(3):
        expected = Saliency(network)(
            lambda logits, k=k: logits[:, k],
            scan[np.newaxis],
            keepdims=True,
            gradient_modifier=None,
            normalize_map=False,
        )
        found = gradient_saliency.explain(network, scan, k).values
        assert np.abs(found).max() > 0.1
        np.testing.assert_allclose(found, np.asarray(expected)[0].sum(axis=-1), atol=1e-5)
