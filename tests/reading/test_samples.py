"""The sample ECGs are read as they were made: from the file to every beat's letter."""

from __future__ import annotations

import tomllib

import numpy as np
import pytest

from medmodels.bundles import load_bundle
from medmodels.inputs.open_signal import open_signal
from medmodels.reading import read
from medmodels.samples import SAMPLES

CATALOGUE = tomllib.loads((SAMPLES / "ecg.toml").read_text())["samples"]


@pytest.fixture(scope="module")
def bundle():
    return load_bundle("ecg-beats")


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry["file"])
def test_beats_are_found_and_named_as_they_were_made(bundle, entry):
    signal = open_signal({entry["file"]: (SAMPLES / entry["file"]).read_bytes()})
    reading = read(bundle, signal)
    rows = [row.split(",") for row in (SAMPLES / entry["beats"]).read_text().split()[1:]]
    made_at = np.array([int(row[0]) for row in rows]) / signal.rate
    distance = np.abs(made_at[:, None] - reading.beats.times_s)
    assert len(reading.labels) == len(rows)
    assert distance.min(axis=1).max() < 0.15
    letters = [reading.card.classes[label].letter for label in reading.labels]
    named = [letters[nearest] for nearest in distance.argmin(axis=1)]
    right = [name == row[1] for name, row in zip(named, rows, strict=True)]
    assert np.mean(right) >= 0.95
    for letter in {row[1] for row in rows}:
        found = [ok for ok, row in zip(right, rows, strict=True) if row[1] == letter]
        assert np.mean(found) >= 0.75, letter
