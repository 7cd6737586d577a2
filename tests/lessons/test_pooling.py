"""Pooling as TensorFlow does it, and what it loses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from medmodels.lessons.pooling import busiest_block, pool

MAPS = arrays(
    np.float32,
    st.tuples(st.integers(4, 11), st.integers(4, 11)),
    elements=st.floats(-8, 8, width=16),
)
MAP = np.float32([[1, 2, 0, 0], [3, 9, 0, 4], [5, 5, 1, 1], [5, 5, 1, 1]])


def test_a_map_by_hand():
    found = pool(MAP, 2, "max")
    assert found.output.tolist() == [[9, 4], [5, 1]]
    assert pool(MAP, 2, "average").output.tolist() == [[3.75, 1], [5, 1]]
    block = found.block(0, 1)
    assert (block.top, block.left, block.result, block.largest) == (0, 2, 4, (1, 3))
    assert block.values.tolist() == [[0, 0], [0, 4]]
    assert found.restored[0].tolist() == [9, 9, 4, 4]
    assert found.lost[0].tolist() == [-8, -7, -4, -4]
    assert busiest_block(found) == (0, 0)


def test_what_does_not_fill_a_block_is_left_out():
    found = pool(MAP, 3, "max")
    assert found.map.shape == (3, 3)
    assert found.output.tolist() == [[9]]


@settings(max_examples=40, deadline=None)
@given(MAPS, st.integers(1, 4))
def test_every_block_is_what_tensorflow_gives(values, size):
    import tensorflow as tf

    batch = values[None, ..., None]
    for way, layer in (("max", tf.nn.max_pool2d), ("average", tf.nn.avg_pool2d)):
        expected = layer(batch, size, size, "VALID").numpy()[0, ..., 0]
        assert pool(values, size, way).output == pytest.approx(expected, abs=1e-5)


@settings(deadline=None)
@given(MAPS, st.integers(1, 4))
def test_the_lost_share_is_that_of_the_variance_within_blocks(values, size):
    average = pool(values, size, "average")
    whole = average.map.astype(np.float64).var()
    kept = average.restored.astype(np.float64).var()
    # The law of total variance: what is between blocks and what is within them.
    assert average.lost_share * whole == pytest.approx(whole - kept, abs=1e-3)
    assert 0 <= average.lost_share <= 1 + 1e-9
    assert pool(values, size, "max").lost_share == average.lost_share


@given(MAPS, st.integers(2, 4))
def test_each_block_has_one_source_that_holds_its_maximum(values, size):
    found = pool(values, size, "max")
    assert found.sources.sum() == found.output.size
    assert sorted(found.map[found.sources].tolist()) == sorted(found.output.ravel().tolist())


def test_nothing_is_lost_of_what_is_the_same_everywhere():
    found = pool(np.full((4, 4), 2, np.float32), 2, "max")
    assert found.lost_share == 0
    assert not found.lost.any()


@pytest.mark.parametrize(("size", "way"), [(2, "median"), (0, "max"), (5, "max")])
def test_what_makes_no_sense_is_refused(size, way):
    with pytest.raises(ValueError, match=r"pooling takes|does not fit"):
        pool(MAP, size, way)
