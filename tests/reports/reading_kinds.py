"""Readings of every kind that a report is made from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from medmodels.bundles import load_bundle
from medmodels.inputs.open_sequences import open_sequences
from medmodels.inputs.open_signal import open_signal
from medmodels.inputs.signal import BeatTable
from medmodels.reading import Reading, Trust, read
from medmodels.reading.explained import explain_row, with_explained
from tests.bundles_fixture import SCAN_TASK, SEQUENCE_TASK, SIGNAL_TASK
from tests.reports.made_readings import WITHHELD, ramp_reading, withheld

# What a visitor may call a lead or a sequence.
WILD = "<script>alert(1)</script>&`=1"
KINDS = (
    "scan", "scan explained", "scan withheld", "signal", "signal explained", "beat table",
    "window explained", "windows", "sites",
)  # fmt: skip


def every_kind(root: Path) -> dict[str, Reading]:
    """Read something of every kind with the tiny bundles of a folder."""
    scans = load_bundle(SCAN_TASK, root)
    signals, sequences = load_bundle(SIGNAL_TASK, root), load_bundle(SEQUENCE_TASK, root)
    scan = ramp_reading(scans)
    signal = read(signals, open_signal({"made.csv": made_csv()}))
    window = read(sequences, open_sequences(f">{WILD}\n{_bases(60)}\n"))
    rows = np.random.default_rng(2).normal(size=(4, 187)).astype(np.float32)
    return {
        "scan": scan,
        "scan explained": with_explained(scan, explain_row(scans, scan)),
        "scan withheld": withheld(scan),
        "signal": signal,
        "signal explained": with_explained(signal, explain_row(signals, signal, 3)),
        "beat table": read(signals, BeatTable(rows, 125.0, None, "e" * 64)),
        "window explained": with_explained(window, explain_row(sequences, window)),
        "windows": read(sequences, open_sequences(f">one\n{_bases(60)}\n>{WILD}\n{_bases(60)}\n")),
        "sites": read(sequences, open_sequences(f">{WILD}\n{_bases(150)}\n>two\n{_bases(90)}\n")),
    }


def made_csv(rate: int = 250, seconds: int = 30) -> bytes:
    """A beat every 0.8 s on two leads, one of them with a name that is markup."""
    times = np.arange(rate * seconds) / rate
    since = times % 0.8
    beat = np.exp(-(((since - 0.4) / 0.012) ** 2)) + 0.2 * np.exp(-(((since - 0.62) / 0.05) ** 2))
    rows = [f"{t:.4f},{v:.4f},{-0.5 * v:.4f}" for t, v in zip(times, beat, strict=True)]
    return ("time (s),II (mV),<b>V5</b> (mV)\n" + "\n".join(rows) + "\n").encode()


def declined(reading: Reading) -> Reading:
    """The same with its answer withheld, whether or not the bundle has a trust layer."""
    if reading.trust is not None:
        return withheld(reading)
    unknown = np.full(reading.logits.shape, np.nan)
    sets = {level: np.ones(reading.logits.shape, np.bool_) for level in (0.9, 0.95)}
    return withheld(replace(reading, trust=Trust(WITHHELD, (), None, sets, unknown, unknown)))


def _bases(count: int) -> str:
    drawn = np.random.default_rng(count).choice(list("ACGT"), count)
    return "".join(drawn)
