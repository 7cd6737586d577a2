"""The nearest examples, by hand and by properties; and the features they are sought with."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medmodels.explain.neighbour_search import majorities, nearest_rows
from medmodels.explain.neighbours import Neighbours, has_neighbours

# Five examples on a line at 0, 1, 2, 10 and 11; the feature's mean is 100.
REFERENCE = {
    "neighbours/features": np.array([[0], [1], [2], [10], [11]], np.float16),
    "neighbours/labels": np.array([0, 0, 1, 1, 1], np.int8),
    "neighbours/names": np.array(["a1", "a2", "b1", "c1", "c2"]),
    "neighbours/groups": np.array(["a", "a", "b", "c", "c"]),
    "neighbours/cluster": np.array([0, 0, 0, 1, 1], np.int8),
    "neighbours/mean": np.array([100, 0], np.float32),
    "neighbours/components": np.array([[1, 0]], np.float32),
    "neighbours/distances": np.stack([np.linspace(0, 4, 101), np.linspace(1, 5, 101)]),
    "neighbours/composites": np.zeros((2, 4, 4), np.uint8),
    "unlike/means": np.zeros(3),
}
TRUST = {"neighbours": {"classes": 3}}


@pytest.fixture
def store() -> Neighbours:
    return Neighbours.from_reference(REFERENCE, TRUST)


def test_the_nearest_come_first_with_their_distances(store):
    # 101.9 lies at 1.9 on the line; the second feature is not looked at.
    found = store.nearest(np.array([101.9, 7.0]), k=3)
    assert found.names.tolist() == ["b1", "a2", "a1"]
    assert found.distances == pytest.approx([0.1, 0.9, 1.9], abs=1e-5)
    assert found.labels.tolist() == [1, 0, 0]
    assert found.clusters.tolist() == [0, 0, 0]
    assert found.shares == pytest.approx([2 / 3, 1 / 3, 0])
    assert (found.count(0), found.majority) == (2, 0)
    assert found.supports(0)
    assert not found.supports(1)


def test_a_distance_is_ranked_among_those_of_validation(store):
    # Validation inputs have their nearest at 0 to 4, evenly.
    assert store.nearest(np.array([103.0, 0.0])).usual == pytest.approx(0.25)
    assert store.nearest(np.array([200.0, 0.0])).usual == 1.0
    assert store.usual_range(0) == pytest.approx((0.2, 3.8))
    assert store.usual_range(1) == pytest.approx((1.2, 4.8))


def test_a_patient_can_be_left_out(store):
    found = store.nearest(np.array([100.0, 0.0]), k=2, leave_out="a")
    assert found.names.tolist() == ["b1", "c1"]
    # Only three examples are left: fewer than asked for come back, and none of the patient's.
    assert store.nearest(np.array([100.0, 0.0]), k=5, leave_out="a").names.tolist() == [
        "b1", "c1", "c2"
    ]  # fmt: skip


def test_half_is_no_support(store):
    found = store.nearest(np.array([101.0, 0.0]), k=4)
    assert found.labels.tolist() == [0, 0, 1, 1]
    assert not found.supports(0)
    assert not found.supports(1)
    assert found.majority == 0  # as many of each: the nearest decides


def test_shares_of_all_examples_are_those_of_the_labels(store):
    assert store.shares() == pytest.approx([0.4, 0.6, 0])


def test_features_of_another_network_are_refused(store):
    with pytest.raises(ValueError, match=r"\(3,\), expected \(2,\)"):
        store.nearest(np.zeros(3))


def test_a_bundle_says_whether_it_has_nearest_cases():
    assert has_neighbours(TRUST)
    assert not has_neighbours({"head": {}})


@given(
    st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 6), st.integers(1, 12),
    st.booleans(),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_the_search_finds_what_a_full_sort_finds(seed, count, width, k, owned):
    draw = np.random.default_rng(seed)
    points, others = draw.normal(size=(7, width)), draw.normal(size=(count, width))
    owners = draw.integers(0, 3, 7) if owned else None
    other_owners = draw.integers(0, 3, count) if owned else None
    rows, distances = nearest_rows(points, others, k, owners, other_owners)
    full = np.linalg.norm(points[:, None] - others[None], axis=2)
    if owned:
        full[owners[:, None] == other_owners[None]] = np.inf
    assert distances == pytest.approx(np.sort(full, axis=1)[:, :k])
    assert np.take_along_axis(full, rows, axis=1) == pytest.approx(distances)


def test_small_distances_are_not_lost_to_rounding():
    # Far from the origin the expanded square alone would give 0 or noise.
    others = np.array([[1e4, 1e4], [1e4, 1e4 + 1e-4]])
    _, distances = nearest_rows(others[:1], others, 2)
    assert distances[0, 1] == pytest.approx(1e-4, rel=1e-6)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=10))
@settings(max_examples=100, deadline=None)
def test_the_majority_is_a_class_that_no_other_outnumbers(labels):
    row = np.array([labels])
    most = int(majorities(row, 4)[0])
    counts = np.bincount(labels, minlength=4)
    assert counts[most] == counts.max()
    tied = [c for c in labels if counts[c] == counts.max()]
    assert most == tied[0]


class _Bundle:
    """As much of a bundle as the features need."""

    def __init__(self, network, trust):
        self.network, self.trust = network, trust


def test_scan_features_are_what_the_last_layer_reads(make_scan_network, scan):
    import keras

    from medmodels.explain.neighbours_features import scan_features

    network = make_scan_network()
    pool = next(x.name for x in network.layers if "pooling" in x.name)
    features = {"head": pool, "layers": ["first"], "layout": "explained", "grid": 1}
    bundle = _Bundle(network, {"features": features, "neighbours": {"features": [0, 8]}})
    found = scan_features(bundle, scan)
    expected = keras.Model(network.inputs, network.get_layer(pool).output)([scan[None]])
    assert found.shape == (8,)
    assert found == pytest.approx(np.asarray(expected)[0], abs=1e-5)


def test_beat_features_are_those_of_the_whole_recording(make_beat_network):
    from medmodels.explain.neighbours_features import BLOCK, beat_features
    from medmodels.networks.beat_graph import BeatGraph

    network = make_beat_network()
    bundle = _Bundle(network, {"neighbours": {"layers": ["judgement"]}})
    draw, n = np.random.default_rng(2), 2 * BLOCK + 30
    windows = draw.normal(size=(n, 30, 2)).astype(np.float32)
    rhythm = draw.normal(size=(n, 3)).astype(np.float32)
    _, every = BeatGraph(network, ("judgement",)).with_features(windows, rhythm)
    for beat in (0, BLOCK - 1, BLOCK, BLOCK + 79, 2 * BLOCK + 29):
        found = beat_features(bundle, windows, rhythm, beat)
        assert found == pytest.approx(every[beat], abs=1e-5)


def test_features_of_few_beats_and_of_beats_alone(make_beat_network, beats):
    from medmodels.explain.neighbours_features import beat_features
    from medmodels.networks.beat_graph import BeatGraph

    network = make_beat_network()
    bundle = _Bundle(network, {"neighbours": {"layers": ["judgement"]}})
    windows, rhythm = beats
    _, every = BeatGraph(network, ("judgement",)).with_features(windows, rhythm)
    for beat in (0, 2, 4):
        found = beat_features(bundle, windows, rhythm, beat)
        assert found == pytest.approx(every[beat], abs=1e-5)
    _, alone = BeatGraph(network, ("judgement",)).with_features(windows, rhythm, in_order=False)
    single = beat_features(bundle, windows, rhythm, 3, in_order=False)
    assert single == pytest.approx(alone[3], abs=1e-5)
    assert not np.allclose(alone[3], every[3], atol=1e-4)
