"""What trust costs beside the answer: one scan, and half an hour of ECG."""

from __future__ import annotations

import time

import numpy as np
import pytest

from medmodels.bundles import load_bundle
from medmodels.explain.grad_cam import AnswerWithGradCam
from medmodels.inputs.open_scan import open_scan
from medmodels.inputs.signal import Signal
from medmodels.networks.taps import TapSpec
from medmodels.reading import read, warm
from medmodels.samples import SAMPLES
from tests.inputs.ecg_drawing import draw

pytestmark = pytest.mark.benchmark


def _median_ms(bundle, item, times: int) -> dict[str, float]:
    found = [read(bundle, item).timings for _ in range(times)]
    return {name: 1000 * float(np.median([one[name] for one in found])) for name in found[0]}


def test_a_scan():
    bundle = load_bundle("chest-xray")
    warm(bundle)
    scan = open_scan((SAMPLES / "chest-pneumonia-1.png").read_bytes())
    read(bundle, scan)
    spent = _median_ms(bundle, scan, 60)
    # The features that trust reads come out of the same pass: what do they add to it?
    alone = AnswerWithGradCam(bundle.network, bundle.card.network["explained_layer"])
    taps = TapSpec.from_trust(bundle.trust["features"])
    both = AnswerWithGradCam(bundle.network, bundle.card.network["explained_layer"], taps)
    seen = read(bundle, scan).scan.network_input[None]
    times = {"alone": [], "both": []}
    for _ in range(80):
        for name, graph in (("alone", alone), ("both", both)):
            start = time.perf_counter()
            graph(seen)
            times[name].append(1000 * (time.perf_counter() - start))
    plain, tapped = (float(np.median(times[name][5:])) for name in ("alone", "both"))
    print("\nscan, ms:", {name: round(value, 2) for name, value in spent.items()},
          f"pass without features {plain:.2f}, with them {tapped:.2f}")  # fmt: skip
    assert spent["trust"] + tapped - plain <= 10


def test_half_an_hour_of_ecg():
    bundle = load_bundle("ecg-beats")
    warm(bundle)
    rng = np.random.default_rng(0)
    times = 0.6 + np.cumsum(0.8 + 0.03 * rng.standard_normal(2240))
    drawn = draw(times, 360, 1800.0, seed=0)
    signal = Signal(drawn.samples, 360.0, ("MLII", "V1"), "drawn", "0" * 64)
    read(bundle, signal)
    spent = _median_ms(bundle, signal, 7)
    rest = sum(value for name, value in spent.items() if name != "trust")
    print("\n30 min of ECG, ms:", {name: round(value) for name, value in spent.items()},
          f"trust / rest = {spent['trust'] / rest:.1%}")  # fmt: skip
    assert spent["trust"] <= 0.15 * rest
