"""The contract that every explanation method keeps."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from medmodels.explain.methods import METHODS, methods_for
from medmodels.explain.saliency_map import SaliencyMap

BEAT = 2
CASES = [(name, kind) for name, method in METHODS.items() for kind in method.kinds]
# Score-CAM and RISE weigh by probabilities; what is measured in log-odds weighs the class
# against all others together: neither is linear in the logits.
NOT_LINEAR = {
    "score_cam", "rise", "hires_cam", "occlusion", "lime",
    "occlusion_samples", "occlusion_waves", "occlusion_beats", "past_steps", "mutagenesis",
}  # fmt: skip
LINEAR = [case for case in CASES if case[0] not in NOT_LINEAR]
# Of methods that hide whole parts: eight cells along each side of a scan, halved once more
# for occlusion; of the five beats three windows of thirty stretches or four waves, in each
# lead; or one value for each beat.
COARSE = {
    "occlusion": (16, 16), "rise": (8, 8), "lime": (10, 10),
    "occlusion_samples": (3, 30, 2), "occlusion_waves": (3, 4, 2),
    "occlusion_beats": (5,), "past_steps": (5,),
}  # fmt: skip


@pytest.fixture(scope="module", params=CASES, ids="-".join)
def case(request, make_scan_network, make_beat_network, make_base_network, scan, beats, bases):
    """A method, a maker of networks of its kind, an input and its settings."""
    name, kind = request.param
    if kind == "scan":
        return METHODS[name], make_scan_network, scan, {}
    if kind == "sequence":
        return METHODS[name], make_base_network, bases, {}
    return METHODS[name], make_beat_network, beats, {"beat": BEAT}


def run(case, class_index=0, **network_settings) -> SaliencyMap:
    method, make, x, settings = case
    return method.explain(make(**network_settings), x, class_index, **settings)


def test_shape_grid_and_numbers(case):
    method, _, x, settings = case
    saliency = run(case, class_index=1)
    size = x[0].shape if settings else x.shape[:-1]
    assert saliency.values.shape == size
    assert saliency.values.dtype == np.float32
    assert np.isfinite(saliency.values).all()
    assert saliency.grid == ((6, 5) if method.uses_layer else COARSE.get(method.name, size))
    assert saliency.method == method.title
    assert saliency.class_index == 1
    assert saliency.unit
    assert saliency.signed or saliency.values.min() >= 0


def test_some_class_has_something_to_show(case):
    assert max(np.abs(run(case, class_index=k).values).max() for k in range(3)) > 1e-3


def test_signed_maps_have_both_signs(case):
    saliency = run(case)
    if saliency.signed:
        assert saliency.values.min() < 0 < saliency.values.max()


@pytest.mark.parametrize("case", LINEAR, ids="-".join, indirect=True)
def test_logits_twice_as_large_make_a_map_twice_as_large(case):
    for k in range(3):
        once, twice = (run(case, class_index=k, scale=s).values for s in (1.0, 2.0))
        np.testing.assert_allclose(twice, 2 * once, rtol=1e-3, atol=1e-5 * np.abs(once).max())


def test_a_network_that_hardly_looks_makes_a_map_that_hardly_shows(case):
    for k in range(3):
        assert np.abs(run(case, class_index=k, scale=1e-5).values).max() < 1e-3


def test_each_class_has_its_own_map(case):
    maps = [run(case, class_index=k).values for k in range(3)]
    assert not np.allclose(maps[0], maps[1], atol=1e-4)
    assert not np.allclose(maps[1], maps[2], atol=1e-4)


def test_the_same_again_and_the_weights_untouched(case):
    method, make, x, settings = case
    network = make()
    before = network.get_weights()
    first = method.explain(network, x, 0, **settings)
    second = method.explain(network, x, 0, **settings)
    np.testing.assert_array_equal(first.values, second.values)
    for old, new in zip(before, network.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_a_batch_axis_of_one_makes_no_difference(case):
    method, make, x, settings = case
    network = make()
    batch = tuple(part[np.newaxis] for part in x) if settings else x[np.newaxis]
    np.testing.assert_array_equal(
        method.explain(network, x, 0, **settings).values,
        method.explain(network, batch, 0, **settings).values,
    )


def test_a_class_that_does_not_exist_is_refused(case):
    with pytest.raises(ValueError, match="class_index"):
        run(case, class_index=4)


@pytest.mark.parametrize("name", [method.name for method in methods_for("scan")])
def test_a_colour_scan_has_one_map(name, make_scan_network, random):
    scan = random.random((24, 20, 3), dtype=np.float32)
    saliency = METHODS[name].explain(make_scan_network(channels=3), scan, 0)
    assert saliency.values.shape == (24, 20)


@pytest.mark.parametrize("name", [m.name for m in METHODS.values() if m.uses_layer])
def test_the_layer_explained_can_be_chosen(name, make_scan_network, scan):
    saliency = METHODS[name].explain(make_scan_network(), scan, 0, layer_name="first")
    assert saliency.grid == (12, 10)


@pytest.mark.parametrize("name", [m.name for m in METHODS.values() if m.per_beat])
def test_a_map_of_beats_is_the_same_all_over_a_beat(name, make_beat_network, beats):
    values = METHODS[name].explain(make_beat_network(), beats, 0, beat=BEAT).values
    np.testing.assert_array_equal(values, np.broadcast_to(values[:, :1, :1], values.shape))
    assert len(np.unique(values)) == len(values)


@pytest.mark.parametrize("name", [method.name for method in methods_for("signal")])
def test_another_beat_has_another_map(name, make_beat_network, beats):
    network = make_beat_network()
    maps = [METHODS[name].explain(network, beats, 0, beat=beat).values for beat in (0, 3)]
    assert not np.allclose(*maps)


def test_every_method_says_what_it_is_for():
    for name, method in METHODS.items():
        assert method.name == name
        assert set(method.kinds) <= {"scan", "signal", "sequence"}
        for words in (method.shows, method.hides, method.cost):
            assert words.endswith(".")
    assert len({replace(m, name="") for m in METHODS.values()}) == len(METHODS)


def test_of_sequences_every_single_change_comes_first():
    assert [method.name for method in methods_for("sequence")] == [
        "mutagenesis", "gradient_saliency", "integrated_gradients",
    ]  # fmt: skip


def test_guided_backpropagation_is_not_among_them():
    assert not [name for name in METHODS if "guided" in name]


def test_the_list_of_methods_does_not_import_tensorflow():
    code = "import sys, medmodels.explain.methods; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
