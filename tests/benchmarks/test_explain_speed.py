"""Every map of one scan, warm, against tf-keras-vis in the same run.

``make bench`` or ``pytest -m benchmark -s tests/benchmarks/test_explain_speed.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import pytest

from medmodels.bundles import load_bundle
from medmodels.explain.enlarge import enlarge
from medmodels.explain.lime import masks_for
from medmodels.explain.masking import ScanMasking
from medmodels.explain.methods import METHODS, methods_for

pytestmark = pytest.mark.benchmark

ROUNDS = 5
SAMPLES = 24
READS = 64
CLASS = 1
# What each may take, in scans that the network reads in the same time when it is given
# them sixteen at a time: unlike seconds, this holds on a busy machine, too. About twice what
# a method asks of the network.
MOST_READS = {
    "hires_cam": 20, "grad_cam": 20, "grad_cam_plus_plus": 20, "layer_cam": 20,
    "gradient_saliency": 40, "smooth_grad": 150, "integrated_gradients": 200,
    "occlusion": 400, "score_cam": 600, "rise": 1150,
}  # fmt: skip
# How many times sooner than tf-keras-vis a map is there at least.
LEAST_TIMES_FASTER = {
    "grad_cam": 4, "grad_cam_plus_plus": 4, "layer_cam": 4,
    "gradient_saliency": 1.2, "smooth_grad": 3, "score_cam": 1.2,
}  # fmt: skip


@pytest.fixture(scope="module", params=["chest-xray", "blood-cells"])
def network(request: pytest.FixtureRequest) -> tuple[Any, str, str]:
    """A bundled network; its explained layer; a name."""
    bundle = load_bundle(request.param)
    return bundle.network, bundle.card.network["explained_layer"], f"the {request.param} bundle"


def in_turn(ways: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Median seconds of each way.

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
            taken[name].append(perf_counter() - start)
    return {name: median(times) for name, times in taken.items()}


def theirs(model: Any, layer_name: str, scan: np.ndarray) -> dict[str, Callable[[], Any]]:
    """The methods of tf-keras-vis, each with an object that is made once."""
    from tf_keras_vis.gradcam import Gradcam
    from tf_keras_vis.gradcam_plus_plus import GradcamPlusPlus
    from tf_keras_vis.layercam import Layercam
    from tf_keras_vis.saliency import Saliency
    from tf_keras_vis.scorecam import Scorecam

    def score(outputs: Any) -> Any:
        return outputs[:, CLASS]

    def activation(visualisation: Any) -> Callable[[], Any]:
        return lambda: visualisation(
            score,
            scan,
            penultimate_layer=layer_name,
            seek_penultimate_conv_layer=False,
            normalize_cam=False,
        )

    saliency = Saliency(model)
    return {
        "grad_cam": activation(Gradcam(model)),
        "grad_cam_plus_plus": activation(GradcamPlusPlus(model)),
        "layer_cam": activation(Layercam(model)),
        "score_cam": activation(Scorecam(model)),
        "gradient_saliency": lambda: saliency(score, scan, normalize_map=False),
        "smooth_grad": lambda: saliency(
            score, scan, smooth_samples=SAMPLES, smooth_noise=0.1, normalize_map=False
        ),
    }


def test_every_map_of_one_scan(network, capsys):
    model, layer_name, name = network
    side = model.inputs[0].shape[1]
    soft = enlarge(np.random.default_rng(0).random((12, 12), dtype=np.float32), (side, side))
    scan = np.repeat(soft[np.newaxis, ..., np.newaxis], model.inputs[0].shape[-1], axis=-1)

    def ours(method: str) -> Callable[[], Any]:
        settings: dict[str, Any] = {"layer_name": layer_name} if METHODS[method].uses_layer else {}
        if method == "smooth_grad":
            settings["samples"] = SAMPLES
        return lambda: METHODS[method].explain(model, scan, CLASS, **settings)

    masking = ScanMasking(model, scan, np.zeros_like(scan))
    keep = np.ones((READS, side, side), np.float32)
    known = theirs(model, layer_name, scan)
    methods = [method.name for method in methods_for("scan")]
    ways = {f"ours {method}": ours(method) for method in methods}
    ways["reads"] = lambda: masking.logits(keep)
    seconds = in_turn({**ways, **{f"theirs {method}": way for method, way in known.items()}})
    reads = {m: seconds[f"ours {m}"] / seconds["reads"] * READS for m in methods}
    times = {m: seconds[f"theirs {m}"] / seconds[f"ours {m}"] for m in known}
    with capsys.disabled():
        print(f"\n{name}, {side} px, {model.count_params():,} weights, median of {ROUNDS}")
        print(f"one scan read, {READS} at a time: {1000 * seconds['reads'] / READS:.1f} ms")
        print(f"  {'':<22}{'ours':>10}{'in reads':>10}{'tf-keras-vis':>14}{'faster':>10}")
        for method in methods:
            line = f"  {METHODS[method].title:<22}{seconds[f'ours {method}']:>8.3f} s"
            line += f"{reads[method]:>10.0f}"
            if method in known:
                line += f"{seconds[f'theirs {method}']:>12.3f} s{times[method]:>8.1f} x"
            print(line)
    assert {m: times[m] for m, least in LEAST_TIMES_FASTER.items() if times[m] < least} == {}
    # A scan of 192 pixels may take 1,150 reads; of smaller ones LIME asks more often.
    most = MOST_READS | {"lime": 1150 * masks_for((side, side)) / masks_for((192, 192))}
    assert {m: reads[m] for m in methods if reads[m] > most[m]} == {}
