"""Parts of an input replaced: the same answers as from the plain network, only sooner."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from medmodels.bundles import list_tasks, load_bundle
from medmodels.explain.beat_stages import BeatStages, stages_of
from medmodels.explain.masking import BeatMasking, ScanMasking
from tests.explain.conftest import beat_network

BEATS, SAMPLES, LEADS, NUMBERS = 5, 30, 2, 3
BEAT = 3


def plainly(network, x, beat, baseline, rhythm_baseline, keep, rhythm):
    """What the network itself says of inputs that are mixed here, every beat of each encoded."""
    windows, numbers = x
    mixed = keep * windows + (1 - keep) * baseline
    beside = rhythm * numbers + (1 - rhythm) * rhythm_baseline
    return network([mixed, beside], training=False).numpy()[:, beat]


def masks(random, n, shape):
    """Beats that stay, that go, and that are mixed, in every combination."""
    kinds = random.integers(0, 3, (n, shape[0], 1, 1))
    return np.choose(kinds, [np.zeros(shape), np.ones(shape), random.random((n, *shape))])


def network_with(look):
    """Windows that ``look`` turns into one vector a beat, then a GRU across beats."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(4)
    windows, rhythm = keras.Input((None, SAMPLES, LEADS)), keras.Input((None, NUMBERS))
    x = look(windows, rhythm)
    x = layers.GRU(4, return_sequences=True)(layers.Concatenate()([x, rhythm]))
    return keras.Model([windows, rhythm], layers.Dense(4)(x))


def _without_unfolding(windows, rhythm):
    from keras import layers

    return layers.Reshape((-1, SAMPLES * LEADS))(windows)


def _across_beats(windows, rhythm):
    from keras import layers

    from medmodels.networks.rnn import FoldBeats, UnfoldBeats

    x = layers.Conv2D(3, (3, 5), padding="same", activation="relu")(windows)
    x = layers.GRU(4)(FoldBeats()(x))
    return UnfoldBeats()([x, rhythm])


def _with_rhythm(windows, rhythm):
    from keras import layers

    from medmodels.networks.rnn import FoldBeats, UnfoldBeats

    beside = layers.Reshape((-1, 1, LEADS))(layers.Dense(LEADS)(rhythm))
    x = layers.GRU(4)(FoldBeats()(layers.Add()([windows, beside])))
    return UnfoldBeats()([x, rhythm])


def _members(count):
    import keras

    from medmodels.networks.rnn import beat_rnn

    keras.utils.set_random_seed(8)
    return beat_rnn(SAMPLES, LEADS, NUMBERS, 4, width=4, members=count)


def _plain_lstm():
    from medmodels.networks.rnn import plain_lstm

    return plain_lstm(SAMPLES, LEADS, NUMBERS, 4, width=4)


NETWORKS = {
    "one": (beat_network, True),
    "three members": (lambda: _members(3), True),
    "no recurrence across beats": (_plain_lstm, True),
    "no unfolding": (lambda: network_with(_without_unfolding), False),
    "beats encoded together": (lambda: network_with(_across_beats), False),
    "encoded with its numbers": (lambda: network_with(_with_rhythm), False),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_any_mask_gives_what_the_plain_network_gives(name, random, beats):
    make, quick = NETWORKS[name]
    network = make()
    baseline = random.standard_normal(beats[0].shape).astype(np.float32)
    instead = random.standard_normal(beats[1].shape).astype(np.float32)
    keep, rhythm = masks(random, 20, beats[0].shape), random.random((20, *beats[1].shape))
    masking = BeatMasking(network, beats, BEAT, baseline, instead)
    assert (masking._encoded is not None) is quick
    expected = plainly(network, beats, BEAT, baseline, instead, keep, rhythm)
    assert np.ptp(expected, axis=0).max() > 0.01
    np.testing.assert_allclose(masking.logits(keep, rhythm=rhythm), expected, atol=1e-4)
    stays = np.ones_like(rhythm)
    expected = plainly(network, beats, BEAT, baseline, instead, keep, stays)
    np.testing.assert_allclose(masking.logits(keep), expected, atol=1e-4)


@settings(deadline=None, max_examples=30)
@given(
    keep=arrays(np.float32, (2, BEATS, SAMPLES, LEADS), elements=st.sampled_from([0, 1, 0.25])),
    beat=st.integers(0, BEATS - 1),
    alike=st.booleans(),
)
def test_any_mask_of_a_small_network(keep, beat, alike):
    generator = np.random.default_rng(0)
    windows = generator.standard_normal((BEATS, SAMPLES, LEADS), dtype=np.float32)
    numbers = generator.standard_normal((BEATS, NUMBERS), dtype=np.float32)
    baseline = np.zeros_like(windows)
    if alike:  # a missing lead is the same in both
        windows[..., 1] = 0
    network = beat_network()
    found = BeatMasking(network, (windows, numbers), beat, baseline).logits(keep)
    rows = np.ones((len(keep), *numbers.shape))
    expected = plainly(network, (windows, numbers), beat, baseline, numbers, keep, rows)
    np.testing.assert_allclose(found, expected, atol=1e-4)


@pytest.mark.skipif("ecg-beats" not in list_tasks(), reason="no bundle for ecg-beats here")
def test_any_mask_of_the_bundled_network(random):
    network = load_bundle("ecg-beats").network
    samples, leads = network.inputs[0].shape[2:]
    windows = random.standard_normal((9, samples, leads)).astype(np.float32)
    numbers = random.standard_normal((9, network.inputs[1].shape[2])).astype(np.float32)
    baseline, instead = np.median(windows, axis=0)[None].repeat(9, 0), np.zeros_like(numbers)
    keep, rhythm = masks(random, 12, windows.shape), random.random((12, *numbers.shape))
    masking = BeatMasking(network, (windows, numbers), 4, baseline, instead)
    assert masking._encoded is not None
    expected = plainly(network, (windows, numbers), 4, baseline, instead, keep, rhythm)
    assert np.ptp(expected, axis=0).max() > 0.1
    np.testing.assert_allclose(masking.logits(keep, rhythm=rhythm), expected, atol=1e-4)


def test_only_beats_that_change_are_encoded(beats, monkeypatch):
    masking = BeatMasking(beat_network(), beats, BEAT, np.zeros_like(beats[0]))
    keep = np.ones((3, *masking.shape), np.float32)
    masking.logits(keep)
    encoded = []
    encode = BeatStages.encode

    def counted(self, windows):
        encoded.append(len(windows))
        return encode(self, windows)

    monkeypatch.setattr(BeatStages, "encode", counted)
    masking.logits(keep)
    keep[1, 2] = 0
    masking.logits(keep)
    assert encoded == []
    keep[1, 4, 3], keep[2, 0] = 0.5, 0.5
    masking.logits(keep)
    assert encoded == [2]


def test_weights_changed_in_place_change_the_answers(beats):
    """Weights are randomised in place to see whether a map notices."""
    network = _members(2)
    keep = np.ones((1, *beats[0].shape), np.float32)
    before = BeatMasking(network, beats, BEAT, np.zeros_like(beats[0])).logits(keep)
    layer = network.get_layer("within_beat_2")
    layer.set_weights([2 * weights for weights in layer.get_weights()])
    after = BeatMasking(network, beats, BEAT, np.zeros_like(beats[0])).logits(keep)
    assert np.abs(after - before).max() > 1e-3
    expected = network([part[None] for part in beats], training=False).numpy()[0, BEAT]
    np.testing.assert_allclose(after[0], expected, atol=1e-4)


def test_the_network_can_still_be_saved(tmp_path, beats):
    """Taking a Keras graph apart can leave the network unable to say what it is."""
    import keras

    network = _members(2)
    plan = network.get_config()
    assert stages_of(network) is not None
    assert network.get_config() == plan
    network.save(tmp_path / "network.keras")
    again = keras.saving.load_model(tmp_path / "network.keras")
    given = [part[None] for part in beats]
    np.testing.assert_allclose(again(given), network(given), atol=1e-6)


def test_a_scan_is_mixed_as_the_mask_says(make_scan_network, scan):
    # Of its own: what others drew before depends on which tests share a process.
    random = np.random.default_rng(3)
    network, baseline = make_scan_network(), random.random(scan.shape, dtype=np.float32)
    keep = random.random((3, 24, 20)).astype(np.float32)
    keep[0], keep[1] = 1, 0
    mixed = keep[..., None] * scan + (1 - keep[..., None]) * baseline
    found = ScanMasking(network, scan, baseline).logits(keep)
    np.testing.assert_allclose(found, network(mixed, training=False), atol=1e-4)
    np.testing.assert_allclose(found[0], network(scan[None], training=False)[0], atol=1e-4)
    assert np.abs(found[0] - found[1]).max() > 0.1


def _scan_masking(make_scan_network, scan, beats):
    return ScanMasking(make_scan_network(), scan, np.zeros_like(scan))


def _beat_masking(make_scan_network, scan, beats):
    return BeatMasking(beat_network(), beats, BEAT, np.zeros_like(beats[0]))


@pytest.mark.parametrize("make", [_scan_masking, _beat_masking])
def test_progress_rises_to_one_and_can_stop_the_work(make, make_scan_network, scan, beats):
    masking = make(make_scan_network, scan, beats)
    keep = np.ones((600, *masking.shape), bool)
    told: list[float] = []
    assert len(masking.logits(keep, told.append)) == 600
    assert told[0] == 0
    assert told[-1] == 1
    assert len(told) > 3
    assert told == sorted(told)

    def stop(share):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        masking.logits(keep, stop)
