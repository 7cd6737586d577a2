"""How fast files become lines, beside the bare network: ``... batch_pace TASK FILES [THREADS]``.

A process of its own, since the network's threads are set before it computes anything.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from time import perf_counter

import numpy as np

from medmodels.bundles import load_bundle
from medmodels.inputs.open_scan import open_scan
from medmodels.networks.threads import take_short_turns, use_threads
from medmodels.reading.read import scan_reader
from medmodels.samples import SAMPLES
from medmodels.worklist.run import BATCH, read_sources
from medmodels.worklist.sources import Source

# The first batch is decoded before the network has anything to do: over many, that is nothing.
ROUNDS, BATCHES = 7, 60


def sources(blobs: list[bytes], count: int) -> Iterator[Source]:
    """As many files as wanted, the same ones again and again."""
    return (Source(str(i), lambda i=i: {"file": blobs[i % len(blobs)]}) for i in range(count))


def pace(task: str, files: str) -> dict[str, float]:
    """Milliseconds a scan: median of rounds in which the ways take turns.

    ``share`` is the network's time as a share of the files', ``with decoding`` that of network
    and decoding: medians of each round's own, for the machine's speed drifts.

    Parameters
    ----------
    task : str
    files : str
        Which sample files, as a pattern.
    """
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
    network, decoding, files = (np.array(times) for times in taken.values())
    return {name: 1000 * float(np.median(times)) for name, times in taken.items()} | {
        "share": float(np.median(network / files)),
        "with decoding": float(np.median((network + decoding) / files)),
    }


if __name__ == "__main__":
    take_short_turns()  # as ``python -m medmodels batch`` does
    if len(sys.argv) > 3:
        use_threads(int(sys.argv[3]))
    print(json.dumps(pace(sys.argv[1], sys.argv[2])))
