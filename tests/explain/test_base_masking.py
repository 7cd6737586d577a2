"""Bases replaced: the same answers as from the plain network."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.explain.base_masking import BaseMasking


@pytest.fixture
def masking(make_base_network, bases):
    return BaseMasking(make_base_network(), bases, np.full_like(bases, 0.25))


def test_as_the_network_says_of_inputs_mixed_by_hand(make_base_network, masking, bases, random):
    assert masking.shape == (60,)
    keep = random.random((5, 60)).astype(np.float32)
    keep[0], keep[1], keep[2, :30] = 1, 0, 0
    mixed = keep[..., None] * bases + (1 - keep[..., None]) * 0.25
    expected = make_base_network()(mixed, training=False).numpy()
    np.testing.assert_allclose(masking.logits(keep), expected, atol=1e-4)
    np.testing.assert_array_equal(
        masking.logits(keep[:3] > 0.5), masking.logits((keep[:3] > 0.5).astype(np.float32))
    )


def test_many_are_read_in_parts_and_told(masking, random):
    keep = random.random((600, 60)) > 0.5
    told = []
    found = masking.logits(keep, told.append)
    assert told == [0, 256 / 600, 512 / 600, 1.0]
    np.testing.assert_allclose(found[590:], masking.logits(keep[590:]), atol=1e-4)


def test_whatever_progress_raises_stops_it(masking):
    class EnoughError(Exception):
        pass

    def enough(share):
        if share > 0:
            raise EnoughError

    with pytest.raises(EnoughError):
        masking.logits(np.ones((600, 60), bool), enough)


def test_another_length_is_refused(make_base_network, bases):
    with pytest.raises(ValueError, match="expected one example"):
        BaseMasking(make_base_network(), bases[:59], bases[:59])
