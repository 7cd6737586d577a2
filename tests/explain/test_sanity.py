"""Sanity checks: a network that forgets, and methods that notice or do not."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import gaussian_gradient_magnitude

from medmodels.bundles import list_tasks, load_bundle
from medmodels.explain.methods import METHODS
from medmodels.explain.randomised import RandomisedCopy
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.explain.sanity import Sanity, judge, measure
from medmodels.explain.similarity import Likeness

CASES = [(name, kind) for name, method in METHODS.items() for kind in method.kinds]
BEAT = 2
SAMPLES = Path(__file__).resolve().parents[2] / "assets" / "samples"


@pytest.fixture(scope="module")
def scan_copy(make_scan_network):
    network = make_scan_network()
    return network, RandomisedCopy(network)


@pytest.fixture(scope="module")
def beat_copy(make_beat_network):
    network = make_beat_network()
    return network, RandomisedCopy(network)


@pytest.fixture(scope="module")
def base_copy(make_base_network):
    network = make_base_network()
    return network, RandomisedCopy(network)


def weights(model):
    return {
        layer.name: np.concatenate([w.ravel() for w in layer.get_weights()])
        for layer in model.layers
        if layer.weights
    }


def a_map(values, signed=False) -> SaliencyMap:
    return SaliencyMap(values.astype(np.float32), values.shape, signed, "made", 0, "logit")


def test_a_fresh_copy_answers_like_the_network(scan_copy, scan):
    network, _ = scan_copy
    copy = RandomisedCopy(network)
    np.testing.assert_allclose(copy.network(scan[None]), network(scan[None]), rtol=1e-5)
    assert copy.network is not network


def test_layers_forget_from_the_answer_to_the_input(scan_copy):
    network, copy = scan_copy
    before = weights(network)
    # Batch normalisation has no place in a list of convolutions, but it forgets, too.
    assert copy.depths == (
        "the last layer", "the last two layers", "two thirds of the layers", "all layers"
    )  # fmt: skip
    changed = []
    for stop in range(len(copy.depths)):
        copy.forget(stop, seed=1)
        now = weights(copy.network)
        changed.append({name for name in now if not np.array_equal(now[name], before[name])})
        for name, values in now.items():
            np.testing.assert_array_equal(np.sort(values), np.sort(before[name]))
    assert changed[0] == {"logits"}
    assert changed[1] == {"logits", "explained"}
    assert "first" not in changed[2]
    assert "first" in changed[3]
    for shallow, deep in pairwise(changed):
        assert shallow < deep
    np.testing.assert_equal(weights(network), before)


def test_members_of_an_average_forget_together():
    import keras
    from keras import layers

    x = keras.Input((6,))
    parts = [
        layers.Dense(2, name=f"end_{k}")(layers.Dense(5, name=f"start_{k}")(x)) for k in range(3)
    ]
    network = keras.Model(x, layers.Average()(parts))
    copy = RandomisedCopy(network)
    assert copy.depths == ("the last layer", "all layers")
    copy.forget(0, seed=0)
    before, now = weights(network), weights(copy.network)
    changed = {name for name in now if not np.array_equal(now[name], before[name])}
    assert changed == {"end_0", "end_1", "end_2"}


def test_a_seed_is_one_draw_and_deeper_stops_keep_it(scan_copy):
    _, copy = scan_copy
    copy.forget(1, seed=4)
    some = weights(copy.network)
    copy.forget(len(copy.depths) - 1, seed=4)
    all_of_them = weights(copy.network)
    for name in ("logits", "explained"):
        np.testing.assert_array_equal(some[name], all_of_them[name])
    copy.forget(1, seed=5)
    assert not np.array_equal(weights(copy.network)["explained"], some["explained"])


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_every_methods_map_follows_weights_changed_in_place(
    name, kind, scan_copy, beat_copy, base_copy, scan, beats, bases
):
    # Whatever a method keeps of a network between calls must not be its answers.
    (_, copy), x, settings = {
        "scan": (scan_copy, scan, {}),
        "signal": (beat_copy, beats, {"beat": BEAT}),
        "sequence": (base_copy, bases, {}),
    }[kind]
    last = len(copy.depths) - 1
    maps = []
    for seed in (0, 1, 0):
        copy.forget(last, seed)
        maps.append(METHODS[name].explain(copy.network, x, 0, **settings).values)
    np.testing.assert_allclose(maps[0], maps[2], rtol=1e-5, atol=1e-6)
    assert not np.allclose(maps[0], maps[1], atol=1e-3 * max(np.abs(maps[0]).max(), 1e-6))


def test_an_edge_detector_fails(scan_copy, random):
    # It makes a plausible map, and never asks the network anything.
    network, copy = scan_copy
    scans = random.random((4, 24, 20))
    found = measure(
        "edges", lambda _, k: a_map(gaussian_gradient_magnitude(scans[k], 1)),
        network, copy, [None] * 4,
    )  # fmt: skip
    assert found.rank == pytest.approx((1.0,) * 4)
    assert found.ssim == pytest.approx((1.0,) * 4)
    assert not found.passed
    assert found.places_remain


def test_guided_backpropagation_fails():
    # Adebayo et al. found that it does; a check that lets it pass checks nothing.
    import keras
    import tensorflow as tf

    if "chest-xray" not in list_tasks():
        pytest.skip("there is no chest-xray bundle")
    network = load_bundle("chest-xray").network
    size = network.input_shape[1:3]
    scans = []
    for path in sorted(SAMPLES.glob("chest-pneumonia-[123].png")):
        with Image.open(path) as file:
            scans.append(np.asarray(file.convert("L").resize(size), np.float32)[..., None] / 255)

    def guided(layer):
        own = layer.__class__.from_config(layer.get_config())
        activation = getattr(own, "activation", None)
        if activation is not None and activation.__name__.startswith("relu"):

            @tf.custom_gradient
            def rectify(x):
                y = activation(x)
                return y, lambda up: tf.where((y > 0) & (y < 6) & (up > 0), up, 0.0)

            own.activation = rectify
        return own

    twin = keras.models.clone_model(network, clone_function=guided)

    @tf.function
    def gradient(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            logit = twin(x, training=False)[:, 1]
        return tape.gradient(logit, x)

    def explain(model, k):
        twin.set_weights(model.get_weights())
        return a_map(gradient(tf.constant(scans[k][None])).numpy()[0, ..., 0], signed=True)

    copy = RandomisedCopy(network)
    beats = [None] * len(scans)
    found = measure("guided", explain, network, copy, beats)
    assert found.rank[0] > 0.9
    assert not found.passed
    layer = {"layer_name": "explained_conv"}
    kept = measure(
        "grad_cam", lambda model, k: METHODS["grad_cam"].explain(model, scans[k], 1, **layer),
        network, copy, beats,
    )  # fmt: skip
    assert max(kept.rank[copy.decisive :]) < 0.5 < min(found.rank[copy.decisive : -1])


def test_a_map_of_the_weights_passes(random):
    # Of a single layer the gradient is its weights: permuted, it is unrelated.
    import keras

    x = keras.Input((12, 10, 1))
    flat = keras.layers.Flatten()(x)
    network = keras.Model(x, keras.layers.Dense(2, name="logits")(flat))
    network.get_layer("logits").set_weights([random.standard_normal((120, 2)), np.zeros(2)])
    copy = RandomisedCopy(network)

    def explain(model, k):
        return a_map(model.get_layer("logits").get_weights()[0][:, 0].reshape(12, 10), signed=True)

    found = measure("weights", explain, network, copy, [None] * 8)
    assert found.depths == ("all layers",)
    assert abs(found.rank[0]) < 0.1
    # The map of every input is the same, so that unrelated maps are all alike.
    assert found.chance == pytest.approx(1)
    assert found.passed
    assert not found.places_remain


def test_progress_is_told_and_can_stop_the_work(scan_copy, random):
    network, copy = scan_copy
    told = []

    def tell(share):
        told.append(share)
        if share >= 0.5:
            raise KeyboardInterrupt

    values = random.random((24, 20))
    with pytest.raises(KeyboardInterrupt):
        measure("made", lambda *_: a_map(values), network, copy, [None] * 2, tell)
    assert told == [0, 0.125, 0.25, 0.375, 0.5]


def alike(signed, rank=0.0, ssim=0.0):
    return Likeness(rank, ssim, signed)


def test_the_verdict_by_hand():
    depths = ("the last layer", "all layers")
    found = judge(
        "made", depths, [[alike(0.8, 0.9), alike(0.6, 0.7)], [alike(0.5, 0.4), alike(0.0, 0.2)]],
        [alike(0.1, 0.2)], 1,
    )  # fmt: skip
    assert found.rank == pytest.approx((0.7, 0.25))
    assert found.places == pytest.approx((0.8, 0.3))
    assert (found.limit, found.passed, found.n) == (0.3, True, 2)
    # (0.3 - 0.2) / (1 - 0.2) of the way from unrelated maps to the map itself.
    assert not found.places_remain


@pytest.mark.parametrize(
    ("last", "chance", "passed", "limit"),
    [
        (0.29, 0.0, True, 0.3),
        (0.31, 0.0, False, 0.3),
        (0.39, 0.4, True, 0.4),
        (0.41, 0.4, False, 0.4),
        (0.51, 0.9, False, 0.5),
        (-0.9, 0.0, True, 0.3),
    ],
)
def test_the_limit_follows_unrelated_maps_up_to_a_half(last, chance, passed, limit):
    found = judge("made", ("all layers",), [[alike(last)]], [alike(chance)])
    assert (found.passed, found.limit) == (passed, pytest.approx(limit))


def test_empty_maps_do_not_count_but_a_quarter_of_the_maps_must():
    some = [None, None, alike(0.1), alike(0.3)]
    found = judge("made", ("all layers",), [some], [])
    assert (found.rank, found.empty, found.n) == (pytest.approx((0.2,)), 2, 4)
    assert found.passed
    assert judge("made", ("all layers",), [[None, None, None, alike(0.0)]], []).passed
    assert not judge("made", ("all layers",), [[None, None, None, alike(0.9)]], []).passed
    assert not judge("made", ("all layers",), [[None, None, alike(0.4), alike(0.4)]], []).passed
    assert not judge("made", ("all layers",), [[None] * 4], []).passed
    assert not judge("made", ("all layers",), [[*[None] * 4, alike(0.0)]], []).passed


def test_a_method_that_notices_only_at_the_very_end_fails():
    rows = [[alike(0.9)], [alike(0.8)], [alike(0.0)]]
    depths = ("the last layer", "two thirds of the layers", "all layers")
    assert not judge("made", depths, rows, [], decisive=1).passed
    assert judge("made", depths, rows, [], decisive=2).passed


def test_places_remain_where_only_signs_change():
    found = judge("made", ("all layers",), [[alike(0.0, rank=0.6)]], [alike(0.0, rank=0.2)])
    assert found.passed
    assert found.places_remain
    assert "not the place alone" in found.caution
    other = judge("made", ("all layers",), [[alike(0.0, rank=0.4)]], [alike(0.0, rank=0.2)])
    assert other.caution is None


def test_the_result_survives_json():
    found = judge("made", ("a", "b"), [[alike(0.5)], [None]], [alike(0.2)], 1)
    assert Sanity.from_dict(json.loads(json.dumps(found.to_dict()))) == found


def test_unrelated_maps_of_beats_are_laid_beat_on_beat(scan_copy):
    # One value for each beat, the largest at the explained one: alike once aligned.
    network, copy = scan_copy
    beats = [1, 3]

    def explain(_, k):
        distance = np.abs(np.arange(6) - beats[k])
        return a_map((10.0 - distance)[:, None, None] * np.ones((6, 30, 2)))

    assert measure("beats", explain, network, copy, beats).chance == pytest.approx(1)
