"""The sample ECGs: remade byte for byte, physiological, and read by the app."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from medmodels.inputs.open_signal import open_signal, understand
from medmodels.inputs.signal import Signal
from medmodels.training.dynamical_ecg import PUBLISHED, Beat, cycle_lengths, draw
from medmodels.training.sample_ecg import SAMPLES, main, make
from tests.conftest import ROOT

SHIPPED = ROOT / "assets" / "samples"
CATALOGUE = tomllib.loads((SHIPPED / "ecg.toml").read_text())["samples"]


def true_beats(entry: dict[str, str]) -> tuple[np.ndarray, str]:
    rows = (SHIPPED / entry["beats"]).read_text().split()[1:]
    return np.array([int(row.split(",")[0]) for row in rows]), "".join(row[-1] for row in rows)


def test_samples_are_remade_byte_for_byte(tmp_path: Path) -> None:
    main([str(tmp_path)])
    made = sorted(path.name for path in tmp_path.iterdir())
    assert len(made) == 1 + 2 * len(SAMPLES)
    for name in made:
        assert (tmp_path / name).read_bytes() == (SHIPPED / name).read_bytes(), name


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry["file"])
def test_samples_are_read_without_a_question(entry: dict[str, str]) -> None:
    data = (SHIPPED / entry["file"]).read_bytes()
    assert b"Synthetic" in data[:100]
    assert len(data) < 1_000_000
    understanding = understand({entry["file"]: data})
    assert understanding.questions == ()
    assert understanding.leads == ("MLII", "V5")
    signal = open_signal({entry["file"]: data})
    assert isinstance(signal, Signal)
    sample = next(s for s in SAMPLES if s.name == Path(entry["file"]).stem)
    np.testing.assert_allclose(signal.samples, make(sample)[0], atol=6e-4)
    at, _ = true_beats(entry)
    assert (np.diff(at) > 0).all()
    assert at[-1] < len(signal.samples)


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry["file"])
def test_true_beats_lie_on_peaks(entry: dict[str, str]) -> None:
    sample = next(s for s in SAMPLES if s.name == Path(entry["file"]).stem)
    lead = make(sample)[0][:, 0]
    reach = round(0.25 * sample.rate)
    for at in true_beats(entry)[0]:
        around = lead[max(0, at - reach) : at + reach]
        assert lead[at] > np.median(around) + 0.6


def test_ectopic_beats_are_what_they_are_called() -> None:
    by_name = {Path(entry["file"]).stem: entry for entry in CATALOGUE}
    assert set(true_beats(by_name["sinus-rhythm"])[1]) == {"N"}
    at, letters = true_beats(by_name["ventricular-ectopics"])
    interval = np.diff(at) / 360
    single = [i for i in range(2, len(letters) - 2) if letters[i - 1 : i + 2] == "NVN"]
    assert len(single) >= 8
    for i in single:
        # Early, and the two intervals around it make two sinus cycles.
        assert interval[i - 1] < 0.75 * 0.82
        assert interval[i - 1] + interval[i] == pytest.approx(2 * 0.82, abs=0.15)
    at, letters = true_beats(by_name["supraventricular-run"])
    assert "S" * 9 in letters
    run = letters.index("S" * 9)
    assert 60 / (np.diff(at[run : run + 9]).mean() / 360) > 100
    at, letters = true_beats(by_name["irregular-rhythm"])
    interval = np.diff(at) / 250
    assert interval.std() / interval.mean() > 0.15


def test_width_of_the_ventricular_complex() -> None:
    sample = next(s for s in SAMPLES if s.name == "ventricular-ectopics")
    signal, beats = make(sample)

    def width(at: int) -> int:
        """Samples for which the complex stands above half its height."""
        around = signal[at - 60 : at + 60, 0] - np.median(signal[:, 0])
        return int(np.count_nonzero(around > 0.5 * around[60]))

    widths = {
        letter: np.median([width(a) for a, b in beats[2:-2] if b == letter]) for letter in "NV"
    }
    assert widths["V"] > 2 * widths["N"]


def test_published_waves_give_the_published_shape() -> None:
    """R dominates, Q and S are negative, P and T positive (figure 3 of the paper)."""
    beats = [Beat(0.5 + i, 1.0, "N", (PUBLISHED,)) for i in range(10)]
    z = draw(beats, seconds=10, rate=500, breathing=0)[:, 0]
    beat = z[2000:2500] - np.median(z)
    r = int(beat.argmax())
    assert r == pytest.approx(250, abs=3)
    assert 0.9 < beat[r] < 1.6
    ms = 500 / 1000
    p = beat[r - int(220 * ms) : r - int(110 * ms)].max()
    q = beat[r - int(70 * ms) : r].min()
    s = beat[r : r + int(70 * ms)].min()
    t = beat[r + int(150 * ms) : r + int(400 * ms)].max()
    assert 0.05 < p < 0.4
    assert 0.1 < t < 0.7
    assert q < 0
    assert s < q


def test_intervals_have_the_published_spectrum() -> None:
    mean = 0.8
    series = cycle_lengths(1024, np.random.default_rng(0), mean=mean, deviation=0.04)
    assert series.mean() == pytest.approx(mean, abs=1e-3)
    assert series.std() == pytest.approx(0.04, rel=1e-6)
    power = np.abs(np.fft.rfft(series - mean)) ** 2
    frequency = np.fft.rfftfreq(1024, mean)
    low = power[(frequency > 0.05) & (frequency < 0.15)].sum()
    high = power[(frequency > 0.2) & (frequency < 0.3)].sum()
    assert low / high == pytest.approx(0.5, rel=0.05)
    assert (low + high) / power.sum() > 0.99
