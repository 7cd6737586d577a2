"""How a sequence is cut for the audit."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.explain.base_masking import BaseMasking
from medmodels.explain.base_parts import BaseParts
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.inputs.bases import one_hot


@pytest.fixture
def parts(make_base_network, bases):
    network = make_base_network()
    instead = (np.full_like(bases, 0.25), bases[::-1])
    return BaseParts([BaseMasking(network, bases, other) for other in instead], bases)


def test_a_part_is_a_base(parts, random):
    assert parts.count == 60
    values = random.standard_normal(60).astype(np.float32)
    found = parts.importance(SaliencyMap(values, (60,), True, "", 0, ""))
    np.testing.assert_array_equal(found, values)
    assert found.dtype == np.float64


def test_keeping_all_is_the_input_and_keeping_nothing_each_baseline(
    parts, make_base_network, bases
):
    told = []
    found = parts.logits(np.array([[True] * 60, [False] * 60]), told.append)
    given = np.stack([bases, np.full_like(bases, 0.25), bases[::-1]])
    expected = make_base_network()(given, training=False).numpy()
    assert found.shape == (2, 2, 3)
    np.testing.assert_allclose(found[:, 0], expected[[0, 0]], atol=1e-4)
    np.testing.assert_allclose(found[:, 1], expected[1:], atol=1e-4)
    assert told == sorted(told)
    assert told[-1] == 1


def test_edges_are_where_letters_differ_from_their_neighbours():
    assert BaseParts([], one_hot("AACGGN")).edges().tolist() == [0, 1, 2, 1, 1, 1]
    assert not BaseParts([], one_hot("A" * 60)).edges().any()


def test_the_blob_lies_around_the_junction(parts):
    blob = parts.blob()
    np.testing.assert_allclose(blob, blob[::-1])
    assert blob[29] == blob[30] == blob.max()
    # One standard deviation, a quarter of the length, away from the middle.
    assert np.interp(29.5 - 15, np.arange(60), blob) == pytest.approx(np.exp(-0.5), abs=1e-3)


def test_random_maps_are_smooth_along_the_sequence(parts):
    found = parts.random(np.random.default_rng(1), 400)
    assert found.shape == (400, 60)
    near = np.corrcoef(found[:, 30], found[:, 31])[0, 1]
    far = np.corrcoef(found[:, 30], found[:, 40])[0, 1]
    # White noise smoothed by 1.5: neighbours correlate with exp(-1 / (4 * 1.5 ** 2)).
    assert near == pytest.approx(np.exp(-1 / 9), abs=0.05)
    assert abs(far) < 0.2
