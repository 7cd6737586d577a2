"""What hiding samples, waves and beats takes from an answer, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.explain import occlusion_beats, occlusion_samples, occlusion_waves
from medmodels.explain.beat_waves import QRS, waves_of_beats
from medmodels.explain.contrast import Contrast
from medmodels.trust.calibration import log_odds

BEAT = 1
METHODS = (occlusion_samples, occlusion_waves, occlusion_beats)


def against_nothing(score):
    """Two logits, the score and 0: the score is the log-odds of the first class."""
    from keras import layers

    return layers.Concatenate()([score, layers.Rescaling(0.0)(score)])


def linear(samples: int, leads: int, weights):
    """A beat's score is the weighted sum over its own window."""
    import keras
    from keras import layers

    windows, rhythm = keras.Input((None, samples, leads)), keras.Input((None, 1))
    flat = layers.Reshape((-1, samples * leads))(windows)
    score = layers.Dense(1, use_bias=False)(flat)
    network = keras.Model([windows, rhythm], against_nothing(score))
    network.set_weights([np.reshape(weights, (-1, 1)).astype(np.float32)])
    return network


def product_of_leads():
    """A beat's score is the mean of its first lead times the mean of its second."""
    import keras
    from keras import layers

    windows, rhythm = keras.Input((None, 4, 2)), keras.Input((None, 1))
    flat = layers.Reshape((-1, 8))(windows)
    one, two = (layers.Dense(1, use_bias=False)(flat) for _ in range(2))
    network = keras.Model([windows, rhythm], against_nothing(layers.Multiply()([one, two])))
    mean = np.array([[1.0, 0.0]] * 4).reshape(-1, 1) / 4
    network.set_weights([mean, np.array([[0.0, 1.0]] * 4).reshape(-1, 1) / 4])
    return network


def adds_up():
    """A beat's score: the sum over it and all beats before of two samples and a number."""
    import keras
    from keras import layers

    windows, rhythm = keras.Input((None, 2, 1)), keras.Input((None, 1))
    both = layers.Concatenate()([layers.Reshape((-1, 2))(windows), rhythm])
    score = layers.SimpleRNN(1, activation=None, use_bias=False, return_sequences=True)(both)
    network = keras.Model([windows, rhythm], against_nothing(score))
    network.set_weights([np.ones((3, 1)), np.ones((1, 1))])
    return network


def stretch(windows, numbers=None):
    windows = np.asarray(windows, np.float32)
    return windows, np.zeros((len(windows), 1), np.float32) if numbers is None else numbers


def test_samples_by_hand():
    network = linear(4, 1, [1, 2, 3, 4])
    x = stretch(np.ones((3, 4, 1)))
    # Samples lie 240 ms apart; two at a time are hidden: 1 + 2, 2 + 3, 3 + 4.
    found = occlusion_samples.explain(
        network, x, 0, beat=BEAT, stretch_s=0.48, step_s=0.24, taper_s=0, baseline="flat"
    )
    np.testing.assert_allclose(
        found.values[BEAT, :, 0], [3, (3 + 5) / 2, (5 + 7) / 2, 7], rtol=1e-5
    )
    assert not found.values[[0, 2]].any()
    assert found.grid == (3, 3, 1)
    assert found.baseline == "a flat line"
    other = occlusion_samples.explain(
        network, x, 1, beat=BEAT, stretch_s=0.48, step_s=0.24, taper_s=0, baseline="flat"
    )
    np.testing.assert_allclose(other.values, -found.values, rtol=1e-5)


def test_a_step_that_does_not_divide_the_window_still_reaches_its_end():
    found = occlusion_samples.explain(
        linear(5, 1, [0, 0, 0, 0, 1]), stretch(np.ones((3, 5, 1))), 0,
        beat=BEAT, stretch_s=0.384, step_s=0.384, taper_s=0, baseline="flat",
    )  # fmt: skip
    # Samples 0 and 1, 2 and 3, and then 3 and 4.
    np.testing.assert_allclose(found.values[BEAT, :, 0], [0, 0, 0, 1 / 2, 1], atol=1e-6)


def test_what_leads_say_together_is_shared():
    """Hiding either lead of a product takes all of it, hiding both no more."""
    x = stretch(np.stack([np.zeros((4, 2)), np.full((4, 2), [2.0, 3.0]), np.zeros((4, 2))]))
    found = occlusion_samples.explain(
        product_of_leads(), x, 0, beat=BEAT, stretch_s=1, step_s=1, taper_s=0
    )
    np.testing.assert_allclose(found.values[BEAT], 3, rtol=1e-5)
    # From a product of 2 and 3 to one of 1 and 1: 2 * 3 - 1 * 3 and 2 * 3 - 2 * 1 alone,
    # 5 together: half of the missing 2 is taken from each.
    half = occlusion_samples.explain(
        product_of_leads(), x, 0, beat=BEAT, stretch_s=1, step_s=1, taper_s=0,
        contrast=Contrast(np.ones((4, 2), np.float32), np.zeros(1, np.float32), "ones"),
    )  # fmt: skip
    np.testing.assert_allclose(half.values[BEAT], np.full((4, 2), [3 - 1, 4 - 1]), rtol=1e-5)
    assert half.baseline == "ones"


def made_beats():
    """Three beats of 100 samples a second, the middle one twice as high and with a tail."""
    trace = np.interp(np.arange(-42, 54), [-5, 0, 5], [0.0, 1.0, 0.0])
    middle = 2 * trace
    middle[-40:] += 0.5
    return np.stack([trace, middle, trace])[..., None].repeat(2, axis=2).astype(np.float32)


def test_waves_by_hand():
    windows = made_beats()
    weights = np.array([[1.0, -2.0]] * 96)
    rr = np.array([np.nan, 0.8, 0.8])
    found = occlusion_waves.explain(
        linear(96, 2, weights), stretch(windows), 0, beat=BEAT, rr_s=rr, taper_s=0
    )
    lost = weights * (windows[BEAT] - windows[0])
    expected = np.zeros_like(windows)
    waves = waves_of_beats(windows, None, rr)[BEAT]
    assert [wave.name for wave in waves][1] == QRS
    for wave in waves:
        expected[BEAT, wave.first : wave.last] = lost[wave.first : wave.last].sum(axis=0)
    np.testing.assert_allclose(found.values, expected, atol=1e-4)
    assert found.values.min() < -1
    assert found.values.max() > 1
    assert found.grid == (3, 4, 2)


def test_soft_ends_take_no_more_and_no_less():
    """Where the trace is even, what one wave gains at an end its neighbour loses."""
    windows = np.zeros((3, 96, 1), np.float32)
    windows[BEAT] = 1
    network = linear(96, 1, np.ones(96))
    hard, soft = (
        occlusion_waves.explain(network, stretch(windows), 0, beat=BEAT, taper_s=width)
        for width in (0, 0.03)
    )
    np.testing.assert_allclose(soft.values, hard.values, atol=1e-4)


def test_beats_by_hand():
    windows = np.arange(10, dtype=np.float32).reshape(5, 2, 1)
    numbers = np.array([[3.0], [-1.0], [4.0], [1.0], [-5.0]], np.float32)
    network, x = adds_up(), stretch(windows, numbers)
    found = occlusion_beats.explain(network, x, 0, beat=3)
    # The usual beat is (4, 5) with the number 1; what comes after beat 3 says nothing.
    expected = [0 + 1 - 9 + 2, 2 + 3 - 9 - 2, 4 + 5 - 9 + 3, 6 + 7 - 9 + 0, 0]
    np.testing.assert_allclose(found.values[:, 0, 0], expected, atol=1e-5)
    assert found.grid == (5,)
    with_contrast = occlusion_beats.explain(
        network, x, 0, beat=3,
        contrast=Contrast(np.zeros((2, 1), np.float32), np.ones(1, np.float32), "nothing"),
    )  # fmt: skip
    expected[3] = 6 + 7
    np.testing.assert_allclose(with_contrast.values[:, 0, 0], expected, atol=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_a_beat_that_stands_alone_is_hidden_by_a_flat_line(method, make_beat_network, beats):
    alone = [part[:1] for part in beats]
    found = method.explain(make_beat_network(), alone, 0, beat=0)
    assert found.baseline == "a flat line"
    assert np.abs(found.values).max() > 1e-3


@pytest.mark.parametrize("method", METHODS)
def test_a_missing_lead_matters_nothing(method, make_beat_network, beats):
    windows = beats[0].copy()
    windows[..., 1] = 0
    found = method.explain(make_beat_network(), (windows, beats[1]), 0, beat=2).values
    assert np.abs(found[..., 0]).max() > 1e-3
    if method is not occlusion_beats:
        assert not found[..., 1].any()


def test_leads_add_up_to_what_all_of_them_take(make_beat_network, beats):
    network, (windows, numbers) = make_beat_network(), beats
    found = occlusion_samples.explain(
        network, beats, 2, beat=2, stretch_s=1, step_s=1, taper_s=0, baseline="flat"
    )
    for place in (1, 2, 3):
        hidden = windows.copy()
        hidden[place] = 0
        whole, without = (
            log_odds(network([w[None], numbers[None]], training=False).numpy())[0, 2, 2]
            for w in (windows, hidden)
        )
        assert abs(whole - without) > 1e-3
        np.testing.assert_allclose(found.values[place].sum(axis=1), whole - without, atol=1e-4)


def test_the_first_beat_has_one_neighbour(make_beat_network, beats):
    found = occlusion_waves.explain(make_beat_network(), beats, 0, beat=0)
    assert found.grid == (2, 4, 2)
    assert found.values[1].any()
    assert not found.values[2:].any()


@pytest.mark.parametrize("method", METHODS)
def test_progress_can_stop_the_work(method, make_beat_network, beats):
    def stop(share):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        method.explain(make_beat_network(), beats, 0, beat=2, progress=stop)


def test_nonsense_is_refused(make_beat_network, beats):
    with pytest.raises(ValueError, match="longer than nothing"):
        occlusion_samples.explain(make_beat_network(), beats, 0, beat=2, stretch_s=0)
    for method in METHODS:
        with pytest.raises(ValueError, match='baseline is "black"'):
            method.explain(make_beat_network(), beats, 0, beat=2, baseline="black")
        with pytest.raises(ValueError, match="there are 5 beats"):
            method.explain(make_beat_network(), beats, 0, beat=5)
