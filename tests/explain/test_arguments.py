"""What explanation methods accept."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.explain.arguments import as_inputs, as_map_values, check_target, is_bases
from medmodels.explain.gradients import gradients_at_once
from medmodels.explain.layers import last_convolution


def test_a_batch_axis_is_added_where_there_is_none(make_scan_network, scan):
    network = make_scan_network()
    assert as_inputs(network, scan)[0].shape == (1, 24, 20, 1)
    assert as_inputs(network, scan[np.newaxis])[0].shape == (1, 24, 20, 1)


def test_a_signals_number_of_beats_is_free(make_beat_network, beats):
    windows, rhythm = as_inputs(make_beat_network(), beats)
    assert windows.shape == (1, 5, 30, 2)
    assert rhythm.shape == (1, 5, 3)


@pytest.mark.parametrize("shape", [(24, 20), (20, 24, 1), (24, 20, 3), (2, 24, 20, 1)])
def test_another_shape_is_refused(make_scan_network, shape):
    with pytest.raises(ValueError, match="expected one example"):
        as_inputs(make_scan_network(), np.zeros(shape, dtype=np.float32))


def test_a_missing_input_is_refused(make_beat_network, beats):
    with pytest.raises(ValueError, match="2 inputs, got 1"):
        as_inputs(make_beat_network(), beats[0])


def test_a_class_or_beat_that_does_not_exist_is_refused(make_scan_network, make_beat_network):
    with pytest.raises(ValueError, match="3 classes"):
        check_target(make_scan_network(), 3, None, 0)
    with pytest.raises(ValueError, match="needs the beat"):
        check_target(make_beat_network(), 0, None, 5)
    with pytest.raises(ValueError, match="a scan has none"):
        check_target(make_scan_network(), 0, 0, 5)
    with pytest.raises(ValueError, match="there are 5 beats"):
        check_target(make_beat_network(), 0, 5, 5)


def test_channels_of_a_scan_are_summed_with_their_signs():
    per_value = np.array([[[1.0, -3.0, 0.5]]])
    np.testing.assert_array_equal(as_map_values(per_value, None), [[-1.5]])


def test_a_sequence_is_told_from_a_scan_and_a_signal(scan, beats, bases):
    assert is_bases(bases)
    assert not is_bases(scan)
    assert not is_bases(beats)
    assert not is_bases(beats[0])
    np.testing.assert_array_equal(as_map_values(np.array([[1.0, 2, 3, -9]]), None), [-3])


def test_the_last_convolution_is_found(make_scan_network, make_beat_network):
    import keras

    assert last_convolution(make_scan_network()) == "explained"
    point = keras.Input((3,))
    with pytest.raises(ValueError, match="no two-dimensional convolution"):
        last_convolution(keras.Model(point, keras.layers.Dense(2)(point)))


@pytest.mark.parametrize(
    ("shape", "n"), [((1, 640, 640, 1), 1), ((1, 192, 192, 1), 7), ((1, 128, 96, 2), 8)]
)
def test_large_inputs_are_differentiated_one_by_one(shape, n):
    assert gradients_at_once(np.zeros(shape, dtype=np.float32)) == n
