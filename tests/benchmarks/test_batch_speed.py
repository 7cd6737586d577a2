"""Many scans against the bare network, side by side, and 10,000 of them in bounded memory.

``make bench`` or ``pytest -m benchmark -s tests/benchmarks/test_batch_speed.py``.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator
from time import perf_counter

import numpy as np
import pytest

from medmodels.bundles import load_bundle
from medmodels.inputs.open_scan import open_scan
from medmodels.reading.read import scan_reader
from medmodels.samples import SAMPLES
from medmodels.worklist.run import BATCH, read_sources
from medmodels.worklist.sources import Source

pytestmark = pytest.mark.benchmark

ROUNDS, BATCHES = 5, 12
# Of the pace at which decoding and then the bare network would go, one after the other.
LEAST_SHARE = 0.9
MANY, MOST_MB = 10_000, 150


def sources(blobs: list[bytes], count: int) -> Iterator[Source]:
    return (Source(str(i), lambda i=i: {"file": blobs[i % len(blobs)]}) for i in range(count))


@pytest.mark.parametrize(
    ("task", "files"), [("chest-xray", "chest-*.png"), ("blood-cells", "cell-*.png")]
)
def test_throughput(task, files, capsys):
    bundle = load_bundle(task)
    reader = scan_reader(bundle)
    blobs = [path.read_bytes() for path in sorted(SAMPLES.glob(files))]
    ready = [reader.prepare(open_scan(blobs[i % len(blobs)])) for i in range(BATCH)]
    x = np.stack([one.seen for one in ready])
    count = BATCH * BATCHES

    def bare() -> None:
        for _ in range(BATCHES):
            reader._graph.without_maps(x)

    def decoded() -> None:
        for number in range(count):
            reader.prepare(open_scan(blobs[number % len(blobs)]))

    def together() -> None:
        assert len(list(read_sources(bundle, sources(blobs, count)))) == count

    ways = {"bare network": bare, "decoding alone": decoded, "files to lines": together}
    for way in ways.values():
        way()
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            start = perf_counter()
            way()
            taken[name].append((perf_counter() - start) / count)
    ms = {name: 1000 * float(np.median(times)) for name, times in taken.items()}
    share = (ms["bare network"] + ms["decoding alone"]) / ms["files to lines"]
    with capsys.disabled():
        print(f"\n{task}, {BATCH} at a time, ms a scan:", {k: round(v, 2) for k, v in ms.items()})
        print(f"  of the bare network's pace, files decoded before: {share:.2f}")
        print(f"  of its pace alone: {ms['bare network'] / ms['files to lines']:.2f}")
    assert share >= LEAST_SHARE


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
