"""What the shipped ECG bundle says of recordings that are ECGs, and of what is none."""

from __future__ import annotations

import json

import numpy as np
import pytest

from medmodels.bundles import load_bundle
from medmodels.inputs.open_signal import open_signal
from medmodels.inputs.signal import Signal
from medmodels.reading import read, reading_json
from medmodels.reading.lights import BAD, DOUBT, GOOD, UNKNOWN, lights_of
from medmodels.samples import list_samples
from tests.inputs.ecg_drawing import draw


@pytest.fixture(scope="module")
def bundle():
    return load_bundle("ecg-beats")


@pytest.fixture(scope="module")
def drawn() -> Signal:
    rng = np.random.default_rng(0)
    times = 0.6 + np.cumsum(0.8 + 0.02 * rng.standard_normal(110))
    return _signal(draw(times, 360, 90.0, seed=0).samples)


def _signal(samples, rate=360.0, leads=("MLII", "V1")) -> Signal:
    return Signal(np.asarray(samples, np.float32), rate, leads, "made", "0" * 64)


@pytest.mark.parametrize("sample", list_samples("ecg-beats"), ids=lambda sample: sample.file)
def test_a_sample_is_read(bundle, sample):
    reading = read(bundle, open_signal({sample.file: sample.read_bytes()}))
    assert not reading.decision.abstains
    assert reading.trust.unlike.rank < 1


def test_noise_is_declined_and_no_class_is_told(bundle):
    noise = np.cumsum(np.random.default_rng(1).normal(size=(30_000, 2)), axis=0)
    reading = read(bundle, _signal(noise / noise.std()))
    assert reading.decision.abstains
    told = json.dumps(reading_json(reading))
    assert json.loads(told)["answer"] is None
    assert "probabilities" not in told
    assert '"V"' not in told
    lights = lights_of(reading, withheld=True)
    assert lights[0].state == BAD
    assert [light.state for light in lights[2:]] == [UNKNOWN] * 3


def test_every_beat_has_its_sets_and_its_interval(bundle, drawn):
    reading = read(bundle, drawn)
    trust, n = reading.trust, len(reading.labels)
    assert trust.sets[0.95].shape == trust.low.shape == (n, 4)
    assert (trust.sets[0.95] >= trust.sets[0.90]).all()
    assert (trust.low <= reading.probabilities + 1e-9).all()
    assert (reading.probabilities <= trust.high + 1e-9).all()
    beat = reading_json(reading)["beats"][0]
    assert set(beat["prediction_sets"]) == {"0.90", "0.95"}


def test_the_lights_of_a_recording_speak_of_its_beats(bundle, drawn):
    lights = lights_of(read(bundle, drawn), withheld=False)
    assert [light.state for light in lights[:2]] == [GOOD, GOOD]
    assert lights[2].word.startswith("9 in 10 from")
    assert lights[3].state in (GOOD, DOUBT)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda x: 0.001 * x, "amplitude_low"),
        (lambda x: 20 * x, "amplitude_high"),
        (lambda x: np.clip(x, -0.1, 0.15), "saturation"),
        (lambda x: x + np.random.default_rng(0).normal(0, 0.4, x.shape), "noise"),
    ],
)
def test_a_disturbed_recording_is_called_so(bundle, drawn, change, code):
    reading = read(bundle, _signal(change(drawn.samples)))
    assert code in [finding.code for finding in reading.trust.findings]


def test_one_lead_alone_warns(bundle, drawn):
    reading = read(bundle, _signal(drawn.samples[:, :1], leads=("MLII",)))
    assert "few_leads" in [reason.code for reason in reading.decision.reasons]


def test_gaps_cost_their_own_beats_and_no_others(bundle, drawn):
    holed = drawn.samples.copy()
    for start in range(3000, 30_000, 6000):
        holed[start : start + 700] = np.nan
    whole, read_again = read(bundle, drawn), read(bundle, _signal(holed))
    times = whole.beats.times_s
    gap = np.zeros(len(times), bool)
    for start in range(3000, 30_000, 6000):
        gap |= (times > start / 360 - 0.3) & (times < (start + 700) / 360 + 0.3)
    found = read_again.beats.times_s
    nearest = np.abs(found[None] - times[~gap][:, None]).min(axis=1)
    assert (nearest < 0.05).mean() > 0.97
    assert "gaps" in [finding.code for finding in read_again.trust.findings]
