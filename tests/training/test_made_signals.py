from itertools import pairwise

import numpy as np
import pytest

from medmodels.training.made_signals import RATES, SPAN_MV, TEST, TRAINING, make
from medmodels.training.made_waves import brown, dna, pink, white

KINDS = [*TRAINING, *TEST]


@pytest.mark.parametrize("kind", KINDS)
def test_a_made_signal_is_the_same_every_time_and_as_tall_as_an_ecg(kind):
    made, again, other = make(kind, 3, 20.0), make(kind, 3, 20.0), make(kind, 4, 20.0)
    np.testing.assert_array_equal(made.samples, again.samples)
    assert other.samples.shape != made.samples.shape or not np.array_equal(
        other.samples, made.samples
    )
    assert made.rate in RATES
    assert len(made.samples) == round(20 * made.rate)
    assert made.samples.dtype == np.float32
    assert np.isfinite(made.samples).all()
    low, high = np.quantile(made.samples[:, 0], [0.001, 0.999])
    assert high - low == pytest.approx(SPAN_MV, rel=0.01)


def test_no_generator_serves_both_families():
    assert not set(TRAINING) & set(TEST)
    assert not set(TRAINING.values()) & set(TEST.values())
    assert len(set((TRAINING | TEST).values())) == len(KINDS)


def test_some_have_one_lead_and_most_have_two():
    leads = [make("white noise", seed, 5.0).samples.shape[1] for seed in range(40)]
    assert 0.6 < leads.count(2) / 40 < 0.95
    assert set(leads) == {1, 2}


@pytest.mark.parametrize(("maker", "power"), [(white, 0), (pink, 1), (brown, 2)])
def test_the_colour_of_noise_is_the_slope_of_its_spectrum(maker, power):
    rate, n = 250.0, 2**17
    spectrum = np.abs(np.fft.rfft(maker(n, rate, np.random.default_rng(0)))) ** 2
    f = np.fft.rfftfreq(n, 1 / rate)
    edges = np.geomspace(0.5, 60, 12)
    level = [spectrum[(f >= a) & (f < b)].mean() for a, b in pairwise(edges)]
    slope = np.polyfit(np.log(np.sqrt(edges[:-1] * edges[1:])), np.log(level), 1)[0]
    assert slope == pytest.approx(-power, abs=0.15)


def test_bases_are_four_numbers():
    assert set(dna(5000, 250.0, np.random.default_rng(0))) == {0.0, 1.0, 2.0, 3.0}


def test_a_kind_that_is_not_there():
    with pytest.raises(KeyError):
        make("ballistocardiogram", 0)
