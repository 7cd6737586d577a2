"""All single changes of a base, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.explain.mutagenesis import explain, mutations
from medmodels.inputs.bases import one_hot


@pytest.fixture(scope="module")
def linear():
    """Logit 0 of three bases: 1, 2, 4 and 8 for A, C, G and T in place one, nothing elsewhere."""
    import keras
    from keras import layers

    bases = keras.Input((3, 4))
    network = keras.Model(bases, layers.Dense(2, use_bias=False)(layers.Flatten()(bases)))
    weights = np.zeros((12, 2))
    weights[4:8, 0] = 1, 2, 4, 8
    network.set_weights([weights])
    return network


def test_every_change_by_hand(linear):
    found = mutations(linear, one_hot("ACG"))
    np.testing.assert_allclose(found.whole, [2, 0], atol=1e-6)
    assert found.logits.shape == (3, 4, 2)
    # With two classes the log-odds are the difference of the logits.
    np.testing.assert_allclose(found.changes(0)[1], [-1, 0, 2, 6], atol=1e-5)
    assert not found.changes(0)[[0, 2]].any()
    np.testing.assert_allclose(found.changes(1), -found.changes(0), atol=1e-5)


def test_the_map_is_the_mean_fall_over_the_other_three(linear):
    found = explain(linear, one_hot("ACG"), 0)
    np.testing.assert_allclose(found.values, [0, -(-1 + 2 + 6) / 3, 0], atol=1e-5)
    assert found.grid == (3,)
    assert found.signed


def test_an_unknown_base_is_compared_with_all_four(linear):
    found = mutations(linear, one_hot("ANG"))
    np.testing.assert_allclose(found.whole, [3.75, 0], atol=1e-6)
    np.testing.assert_allclose(found.changes(0)[1], np.array([1, 2, 4, 8]) - 3.75, atol=1e-5)
    np.testing.assert_allclose(explain(linear, one_hot("ANG"), 0).values[1], 0, atol=1e-5)


def test_a_class_that_is_not_there_is_refused(linear):
    with pytest.raises(ValueError, match="class_index"):
        explain(linear, one_hot("ACG"), 2)
