from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medmodels.trust.stretches import judge_stretches, pool, stretch_bounds


class FirstMean:
    """Scores a stretch by the mean of its first feature."""

    name: ClassVar[str] = "first mean"

    def score(self, features):
        return features[:, 0]

    def arrays(self):
        return {}


@given(st.integers(1, 5000))
def test_every_beat_is_in_one_stretch_of_about_thirty(beats):
    bounds = stretch_bounds(beats)
    sizes = np.diff(bounds)
    assert bounds[0] == 0
    assert bounds[-1] == beats
    assert sizes.max() - sizes.min() <= 1
    assert beats < 45 or (sizes.min() >= 20 and sizes.max() <= 45)


def test_pooling_gives_means_and_then_spreads():
    features = np.array([[1.0, 10.0], [3.0, 10.0], [5.0, 0.0], [5.0, 4.0]])
    pooled = pool(features, np.array([0, 2, 4]))
    assert pooled.tolist() == [[2.0, 10.0, 1.0, 0.0], [5.0, 2.0, 0.0, 2.0]]


def _verdict(strange, beats=120):
    """A verdict on four stretches of thirty beats, a beat a second."""
    features = np.repeat(np.asarray(strange, dtype=float), beats // len(strange))[:, None]
    return judge_stretches(features, np.arange(beats) + 0.5, FirstMean(), 1.0)


def test_a_recording_is_refused_when_most_of_its_beats_are():
    assert not _verdict([0, 0, 0, 0]).refused
    half = _verdict([0, 2, 2, 0])
    assert half.unlike == 0.5
    assert half.middle == 1.0
    assert not half.refused
    most = _verdict([0, 2, 2, 2])
    assert most.unlike == 0.75
    assert most.refused


def test_stretches_side_by_side_are_named_as_one():
    assert _verdict([2, 2, 0, 2]).where == ((0.5, 59.5), (90.5, 119.5))
    assert _verdict([0, 0, 0, 0]).where == ()
    assert _verdict([1, 0, 0, 0]).where == ((0.5, 29.5),)  # at the threshold is beyond it


def test_a_short_recording_is_one_stretch():
    verdict = judge_stretches(np.full((3, 1), 2.0), np.array([1.0, 2.0, 3.0]), FirstMean(), 1.0)
    assert verdict.scores == pytest.approx([2.0])
    assert verdict.refused
    assert verdict.where == ((1.0, 3.0),)
