"""Many scans against the bare network, side by side, and 10,000 of them in bounded memory.

``make bench`` or ``pytest -m benchmark -s tests/benchmarks/test_batch_speed.py``.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from medmodels.bundles import load_bundle
from medmodels.samples import SAMPLES
from medmodels.worklist.run import BATCH, read_sources
from tests.benchmarks.batch_pace import sources

pytestmark = pytest.mark.benchmark

ROOT = Path(__file__).resolve().parents[2]
LEAST_SHARE = 0.9
MANY, MOST_MB = 10_000, 150
SCANS = [("chest-xray", "chest-*.png"), ("blood-cells", "cell-*.png")]


def pace(task: str, files: str, *threads: str) -> dict[str, float]:
    said = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.batch_pace", task, files, *threads],
        cwd=ROOT, env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}, text=True, check=True,
        capture_output=True,
    ).stdout  # fmt: skip
    return json.loads(said.splitlines()[-1])


def tell(task: str, ms: dict[str, float], how: str, capsys) -> None:
    with capsys.disabled():
        print(f"\n{task}, {BATCH} at a time, {how}, ms a scan:",
              {name: round(value, 2) for name, value in ms.items()})  # fmt: skip
        print(f"  of the bare network's pace: {ms['share']:.2f}")


@pytest.mark.parametrize(("task", "files"), SCANS)
def test_a_network_on_one_core_is_kept_busy_by_another_that_decodes(task, files, capsys):
    ms = pace(task, files, "1")
    tell(task, ms, "the network on one core of two", capsys)
    assert ms["share"] >= LEAST_SHARE


@pytest.mark.parametrize(("task", "files"), SCANS)
def test_where_the_network_takes_all_cores_nothing_but_decoding_is_added(task, files, capsys):
    ms = pace(task, files)
    tell(task, ms, "the network on all cores", capsys)
    assert ms["with decoding"] >= LEAST_SHARE


def test_ten_thousand_files_in_bounded_memory(capsys):
    bundle = load_bundle("blood-cells")
    blobs = [path.read_bytes() for path in sorted(SAMPLES.glob("cell-*.png"))]
    peaks = []
    for number, _ in enumerate(read_sources(bundle, sources(blobs, MANY))):
        if number in (MANY // 10, MANY - 1):
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    with capsys.disabled():
        print(
            f"\npeak after {MANY // 10:,} and {MANY:,} files: {peaks[0]:,.0f}, {peaks[1]:,.0f} MB"
        )
    assert peaks[1] - peaks[0] <= MOST_MB
