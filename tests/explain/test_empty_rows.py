"""Rows without a beat, at the ends of a recording, are given to the network and left alone."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.bundles import load_bundle
from medmodels.explain.arguments import beats_among
from medmodels.explain.baselines import BEAT_BASELINES, beat_baseline
from medmodels.explain.contrast import usual_contrast
from medmodels.explain.masking import BeatMasking
from medmodels.explain.methods import methods_for
from medmodels.explain.subject import Subject
from tests.bundles_fixture import SIGNAL_TASK

HELD = np.array([False, False, True, True, True, False])


@pytest.fixture(scope="module")
def bundle(tiny_root):
    return load_bundle(SIGNAL_TASK, tiny_root)


@pytest.fixture(scope="module")
def given(bundle):
    """Three beats between empty rows, for the tiny bundle's network."""
    draw = np.random.default_rng(5)
    shapes = [tuple(tensor.shape[2:]) for tensor in bundle.network.inputs]
    full = [draw.standard_normal((6, *shape), dtype=np.float32) for shape in shapes]
    return tuple(np.where(HELD.reshape(-1, *[1] * (part.ndim - 1)), part, 0) for part in full)


def test_which_they_are(given):
    np.testing.assert_array_equal(beats_among(given), HELD)
    assert beats_among([np.zeros((3, 4, 2))]).all()


def test_the_usual_beat_does_not_count_them(given):
    usual = usual_contrast(given)
    np.testing.assert_array_equal(usual.window, np.median(given[0][HELD], axis=0))
    np.testing.assert_array_equal(usual.numbers, np.median(given[1][HELD], axis=0))


@pytest.mark.parametrize("name", BEAT_BASELINES)
def test_a_baseline_is_that_of_the_beats_alone(name, given):
    beats, _ = beat_baseline(given[0][HELD], name)
    among, _ = beat_baseline(given[0], name)
    if name == "noise":  # another draw, as large
        np.testing.assert_allclose(among.std(), beats.std(), rtol=0.3)
    else:
        np.testing.assert_array_equal(among[HELD], beats)


def test_replacing_them_changes_nothing(bundle, given):
    ones = [np.ones_like(part) for part in given]
    masking = BeatMasking(bundle.network, given, 3, *ones)
    keep = np.ones((2, *masking.shape), np.float32)
    rhythm = np.ones((2, *masking.rhythm_shape), np.float32)
    keep[1, ~HELD] = rhythm[1, ~HELD] = 0
    whole, without = masking.logits(keep, rhythm=rhythm)
    np.testing.assert_allclose(without, whole, atol=1e-5)


@pytest.mark.parametrize("method", methods_for("signal"), ids=lambda method: method.name)
def test_no_map_says_anything_of_them(method, bundle, given):
    found = Subject(bundle, given, 3, 0).explain(method)
    assert found.values.shape == given[0].shape
    assert not found.values[~HELD].any()
    if found.context is not None:
        assert not found.context[~HELD].any()
