"""Every bundle refuses what the other bundles read, and the app would offer the right task."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from medmodels.bundles import Bundle, list_tasks, load_bundle
from medmodels.inputs.errors import InputError
from medmodels.inputs.looks_like import looks_like
from medmodels.inputs.open_scan import open_scan
from medmodels.inputs.open_sequences import open_sequences
from medmodels.inputs.open_signal import open_signal
from medmodels.reading import read
from medmodels.training.ecg_data import DS2, read_record

COUNT = 100
REFUSED = 0.99
OPEN: dict[str, Callable] = {
    "scan": open_scan,
    "signal": lambda data: open_signal({"upload": data}),
    "sequence": open_sequences,
}


def rows(folder: Path) -> list[dict[str, str]]:
    """Rows of the test split, spread over the index."""
    with (folder / "index.csv").open(newline="") as file:
        found = [row for row in csv.DictReader(file) if row["split"] == "test"]
    return [found[i] for i in np.linspace(0, len(found) - 1, COUNT).astype(int)]


def pictures(folder: Path) -> list[bytes]:
    return [(folder / row["path"]).read_bytes() for row in rows(folder)]


def recordings(folder: Path) -> list[bytes]:
    """Ten seconds of test records as an ECG viewer exports them."""
    found = []
    for number in range(COUNT):
        signal, _, _ = read_record(folder / DS2[number % len(DS2)])
        start = round(signal.rate * (60 + 10 * (number // len(DS2))))
        part = signal.samples[start : start + round(10 * signal.rate)]
        lines = [",".join(f"{lead} (mV)" for lead in signal.leads)]
        lines += [",".join(f"{value:.3f}" for value in row) for row in part]
        found.append("\n".join([f"# {signal.rate:g} Hz", *lines, ""]).encode())
    return found


def sequences(folder: Path) -> list[bytes]:
    return [f">{row['name']}\n{row['sequence'].strip()}\n".encode() for row in rows(folder)]


SOURCES: dict[str, tuple[str, str, Callable[[Path], list[bytes]]]] = {
    "chest-xray": ("scan", "chest-xray", pictures),
    "blood-cells": ("scan", "blood-cells", pictures),
    "ecg-beats": ("signal", "ecg-mitdb", recordings),
    "dna-splice": ("sequence", "dna-splice", sequences),
}


def refuses(bundle: Bundle, data: bytes) -> bool:
    try:
        return read(bundle, OPEN[bundle.card.kind](data)).decision.abstains
    except InputError:
        return True


@pytest.fixture(scope="module")
def inputs(shared_data) -> dict[str, list[bytes]]:
    """Inputs of every task whose data are on this machine."""
    return {
        task: make(shared_data / folder)
        for task, (_, folder, make) in SOURCES.items()
        if (shared_data / folder).is_dir()
    }


@pytest.mark.parametrize("task", list_tasks())
@pytest.mark.timeout(300)
def test_what_other_bundles_read_is_refused(task, inputs):
    bundle = load_bundle(task)
    if "out_of_distribution" not in bundle.trust:
        pytest.skip("this bundle has no trust layer yet")
    for other, files in inputs.items():
        if other != task:
            refused = [refuses(bundle, data) for data in files]
            assert np.mean(refused) >= REFUSED, other


@pytest.mark.parametrize("task", SOURCES)
def test_the_kind_of_every_input_is_told(task, inputs):
    if task not in inputs:
        pytest.skip("these data are not on this machine")
    assert {looks_like(data) for data in inputs[task]} == {SOURCES[task][0]}
