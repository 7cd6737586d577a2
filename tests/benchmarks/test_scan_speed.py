"""Answer and Grad-CAM of one scan, warm, against tf-keras-vis in the same run.

``make bench`` or ``pytest -m benchmark -s tests/benchmarks/test_scan_speed.py``.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from PIL import Image

from medmodels.bundles import load_bundle
from medmodels.explain.enlarge import enlarge
from medmodels.figures.saliency_overlay import overlay_figure
from medmodels.figures.saliency_scale import SaliencyScale
from medmodels.figures.scan_view import extent_of, scan_figure, shrink
from medmodels.figures.theme import LIGHT
from medmodels.inputs.open_scan import open_scan
from medmodels.inputs.preparation import prepare_scan

pytestmark = pytest.mark.benchmark

ROUNDS = 25
MOST_MS = 60
LEAST_TIMES_FASTER = 5


@pytest.fixture(scope="module", params=["chest-xray", "blood-cells"])
def network(request: pytest.FixtureRequest) -> tuple[Any, str, str]:
    """A bundled network; its explained layer; a name."""
    bundle = load_bundle(request.param)
    return bundle.network, bundle.card.network["explained_layer"], f"the {request.param} bundle"


def radiograph_sized_png() -> bytes:
    """Grey, 1,400 x 1,100 pixels with soft structure and noise, as a chest radiograph has."""
    random = np.random.default_rng(1)
    soft = enlarge(random.random((12, 10), dtype=np.float32), (1400, 1100))
    pixels = 200 * soft + random.normal(20, 4, soft.shape)
    file = io.BytesIO()
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


def in_turn(ways: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Median milliseconds of each way.

    In turn, so that a busy machine slows them all, and in a new order each
    round, so that none always finds the caches as the same other left them.
    """
    order = np.random.default_rng(2)
    for way in ways.values():
        way()
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name in order.permutation(list(ways)):
            start = perf_counter()
            ways[name]()
            taken[name].append(1000 * (perf_counter() - start))
    return {name: median(times) for name, times in taken.items()}


def test_answer_and_maps_of_one_scan(network, capsys):
    import tensorflow as tf
    from tf_keras_vis.gradcam import Gradcam
    from tf_keras_vis.utils.model_modifiers import ReplaceToLinear

    from medmodels.explain.grad_cam import AnswerWithGradCam, to_map

    model, layer_name, name = network
    shape = model.inputs[0].shape[1:]
    scan = np.random.default_rng(0).random((1, *shape), dtype=np.float32)
    spec = [tf.TensorSpec((None, *shape), tf.float32)]
    answer = tf.function(lambda x: model(x, training=False), input_signature=spec)
    answerer = AnswerWithGradCam(model, layer_name)
    classes = model.outputs[0].shape[-1]

    def compiled() -> None:
        cams = answerer(scan).cams[0]
        for k in range(classes):
            to_map(cams[k], shape[:2], k)

    def explain_one_class(visualisation: Any) -> None:
        # Kind to tf-keras-vis: one class of several, and without the answer.
        visualisation(
            lambda logits: logits[:, 0],
            scan,
            penultimate_layer=layer_name,
            seek_penultimate_conv_layer=False,
            normalize_cam=False,
        )

    def rebuilt() -> None:
        # As its tutorials do, so that it clones the network.
        explain_one_class(Gradcam(model, model_modifier=ReplaceToLinear()))

    png = radiograph_sized_png()
    decoded = open_scan(png)
    shown, extent = shrink(decoded.pixels), extent_of(decoded)
    window = decoded.windows[0]
    saliency = to_map(answerer(scan).cams[0, 0], shape[:2], 0)

    def draw() -> None:
        overlay_figure(shown, extent, window, saliency, SaliencyScale(1.0, True), LIGHT).to_json()

    reused = Gradcam(model)
    ms = in_turn(
        {
            "answer only, compiled": lambda: answer(scan).numpy(),
            f"answer and {classes} maps, compiled": compiled,
            "answer only, model(x)": lambda: model(scan, training=False).numpy(),
            "1 map, tf-keras-vis reused": lambda: explain_one_class(reused),
            "1 map, tf-keras-vis rebuilt": rebuilt,
            "decoding a 1,400 x 1,100 PNG": lambda: open_scan(png),
            "preparing it for the network": lambda: prepare_scan(decoded, shape[0], shape[2]),
            "drawing the scan": lambda: scan_figure(shown, extent, window, LIGHT).to_json(),
            "drawing the map over the scan": draw,
        }
    )
    ours = ms[f"answer and {classes} maps, compiled"]
    theirs = ms["1 map, tf-keras-vis reused"]
    with capsys.disabled():
        print(f"\n{name}, {shape[0]} px, {model.count_params():,} weights, median of {ROUNDS}")
        for way, taken in ms.items():
            print(f"  {way:<32}{taken:8.1f} ms{taken / ours:8.1f} x")
    assert ours <= MOST_MS
    assert theirs >= LEAST_TIMES_FASTER * ours
