"""Grad-CAM with the answer, against hand and against tf-keras-vis."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.bundles import list_tasks, load_bundle
from medmodels.explain import grad_cam
from medmodels.explain.enlarge import enlarge
from medmodels.explain.grad_cam import AnswerWithGradCam, to_map


def reference_cam(network, scan, class_index, layer_name):
    """Grad-CAM by tf-keras-vis at the layer's grid, as the library computes it."""
    from tf_keras_vis.gradcam import Gradcam

    cam = Gradcam(network)(
        lambda logits: logits[:, class_index],
        scan[np.newaxis],
        penultimate_layer=layer_name,
        seek_penultimate_conv_layer=False,
        expand_cam=False,
        normalize_cam=False,
    )
    return np.asarray(cam)[0]


@pytest.mark.parametrize("flat_head", [False, True])
@pytest.mark.parametrize("layer_name", ["explained", "first"])
def test_equal_to_tf_keras_vis(make_scan_network, random, flat_head, layer_name):
    network = make_scan_network(flat_head=flat_head)
    scans = random.random((3, 24, 20, 1), dtype=np.float32)
    answer = AnswerWithGradCam(network, layer_name)(scans)
    np.testing.assert_allclose(answer.logits, network(scans, training=False), atol=1e-5)
    largest = 0.0
    for i, scan in enumerate(scans):
        for k in range(3):
            expected = reference_cam(network, scan, k, layer_name)
            np.testing.assert_allclose(answer.cams[i, k], expected, atol=1e-5)
            largest = max(largest, expected.max())
    assert largest > 0.01, "maps this small would agree whatever they show"


@pytest.mark.skipif("chest-xray" not in list_tasks(), reason="no bundle for chest-xray here")
def test_equal_to_tf_keras_vis_on_the_bundled_network(random):
    bundle = load_bundle("chest-xray")
    network, layer_name = bundle.network, bundle.card.network["explained_layer"]
    side, channels = bundle.card.input["size"], bundle.card.input["channels"]
    coarse = random.random((2, channels, 12, 12), dtype=np.float32)
    scans = np.moveaxis(enlarge(coarse, (side, side)), 1, -1)
    answer = AnswerWithGradCam(network, layer_name)(scans)
    assert min(answer.cams.shape[2:]) >= 10
    assert answer.cams.max() > 0.01
    for i, scan in enumerate(scans):
        for k in range(answer.logits.shape[1]):
            expected = reference_cam(network, scan, k, layer_name)
            np.testing.assert_allclose(answer.cams[i, k], expected, atol=1e-5)


def test_by_hand():
    """Two channels, averaged and weighed: relu of the weighted sum over four cells."""
    import keras
    from keras import layers

    scan = keras.Input((2, 2, 1))
    x = layers.Conv2D(2, 1, use_bias=False, name="explained")(scan)
    x = layers.GlobalAveragePooling2D()(x)
    network = keras.Model(scan, layers.Dense(2, use_bias=False)(x))
    # Channels are x and 2 x; class 0 weighs them 4 and -1, class 1 weighs them 0 and -8.
    network.set_weights([np.array([[[[1.0, 2.0]]]]), np.array([[4.0, 0.0], [-1.0, -8.0]])])
    x = np.array([[1.0, 2.0], [-3.0, 0.0]], dtype=np.float32).reshape(1, 2, 2, 1)
    answer = AnswerWithGradCam(network, "explained")(x)
    # Class 0: (4 * x - 1 * 2 x) / 4 cells = x / 2; class 1: -8 * 2 x / 4 = -4 x.
    np.testing.assert_allclose(answer.cams[0, 0], [[0.5, 1.0], [0.0, 0.0]])
    np.testing.assert_allclose(answer.cams[0, 1], [[0.0, 0.0], [12.0, 0.0]])
    np.testing.assert_allclose(answer.logits, [[0.0, 0.0]], atol=1e-6)


def test_compiled_once_whatever_the_number_of_scans(make_scan_network, random):
    answerer = AnswerWithGradCam(make_scan_network(), "explained")
    answerer.warm()
    scans = random.random((5, 24, 20, 1), dtype=np.float32)
    together = answerer(scans)
    alone = [answerer(scan[np.newaxis]) for scan in scans]
    assert answerer._graph.experimental_get_tracing_count() == 1
    np.testing.assert_allclose(together.cams, np.concatenate([a.cams for a in alone]), atol=1e-5)


def test_an_unknown_layer_is_refused(make_scan_network):
    with pytest.raises(ValueError, match="nowhere"):
        AnswerWithGradCam(make_scan_network(), "nowhere")


def test_the_map_keeps_scale_and_grid():
    cam = np.array([[0.0, 2.0], [0.5, 0.0]], dtype=np.float32)
    saliency = to_map(cam, (8, 6), 1)
    assert saliency.values.shape == (8, 6)
    assert saliency.values.dtype == np.float32
    assert saliency.values.max() == pytest.approx(2.0)
    assert saliency.grid == (2, 2)
    assert not saliency.signed
    assert saliency.class_index == 1
    assert saliency.unit == "logit-weighted activation"


def test_explaining_alone_gives_the_same_map(make_scan_network, scan):
    network = make_scan_network()
    answer = AnswerWithGradCam(network, "explained")(scan[np.newaxis])
    saliency = grad_cam.explain(network, scan, 2)
    np.testing.assert_array_equal(saliency.values, enlarge(answer.cams[0, 2], (24, 20)))
