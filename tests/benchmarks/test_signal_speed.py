"""From the bytes of a recording to all its beats read.

Run with ``make bench``. The recording is drawn from the dynamical model of the
sample cases, so that the numbers do not depend on data that are not here.
"""

from __future__ import annotations

import io
import time

import numpy as np
import pytest

from medmodels.bundles import load_bundle
from medmodels.inputs.open_signal import open_signal
from medmodels.inputs.signal import Signal
from medmodels.reading import read, warm
from medmodels.samples import list_samples

pytestmark = pytest.mark.benchmark
RATE = 360


@pytest.fixture(scope="module")
def bundle():
    loaded = load_bundle("ecg-beats")
    warm(loaded)
    return loaded


@pytest.fixture(scope="module")
def minute() -> np.ndarray:
    """One minute of a sample case at 360 Hz, two leads, shape (21600, 2)."""
    sample = next(iter(list_samples("ecg-beats")))
    signal = open_signal({sample.file: sample.read_bytes()})
    at = np.arange(RATE * 60) / RATE
    source = np.arange(len(signal.samples)) / signal.rate
    columns = [np.interp(at, source, column) for column in signal.samples.T]
    return np.stack(columns, axis=1).astype(np.float32)


def _recording(minute: np.ndarray, minutes: int) -> np.ndarray:
    wave = np.tile(minute, (minutes, 1))
    noise = np.random.default_rng(1).normal(0, 0.005, wave.shape)
    return (wave + noise).astype(np.float32)


def _csv(wave: np.ndarray, rate: int) -> bytes:
    table = np.column_stack([np.arange(len(wave)) / rate, wave])
    text = io.StringIO()
    np.savetxt(text, table, fmt=["%.6f", "%.3f", "%.3f"], delimiter=",",
               header="time (s),MLII (mV),V5 (mV)", comments="")  # fmt: skip
    return text.getvalue().encode()


def test_thirty_minutes_from_csv_to_beats_within_six_seconds_and_linear(bundle, minute):
    rows = {}
    for minutes in (1, 5, 30):
        content = _csv(_recording(minute, minutes), RATE)
        start = time.perf_counter()
        signal = open_signal({"recording.csv": content})
        parsed = time.perf_counter()
        reading = read(bundle, signal)
        total = time.perf_counter() - start
        rows[minutes] = total
        print(
            f"\n{minutes:>3} min, {len(content) / 1e6:5.1f} MB, {len(reading.labels):>5} beats: "
            f"CSV {parsed - start:.2f} s, "
            + ", ".join(f"{name} {value:.2f} s" for name, value in reading.timings.items())
            + f"; total {total:.2f} s",
            end="",
        )
    print()
    assert rows[30] <= 6
    assert reading.timings["network"] <= 2
    # Six times the length costs at most seven times as much.
    assert rows[30] / rows[5] <= 7


def test_a_day_costs_no_more_per_minute_than_half_an_hour(bundle, minute):
    keep = np.linspace(0, len(minute) - 1, 60 * 128).astype(int)
    slow = minute[keep]
    seconds = {}
    for minutes in (30, 24 * 60):
        wave = _recording(slow, minutes)
        signal = Signal(wave, 128.0, ("MLII", "V5"), "made here", "0" * 64)
        start = time.perf_counter()
        reading = read(bundle, signal)
        seconds[minutes] = time.perf_counter() - start
        print(f"\n{minutes / 60:g} h at 128 Hz, {len(reading.labels):,} beats: "
              f"{seconds[minutes]:.2f} s", end="")  # fmt: skip
    print()
    assert seconds[24 * 60] / seconds[30] <= 1.25 * 48
