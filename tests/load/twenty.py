"""Twenty people at once: how long each waits for an answer, and what the server keeps.

``python -m tests.load.twenty --people 20 --seconds 180 --out load.json`` starts the
app, lets people upload scans, recordings and bases, look at the answers and move
sliders, then leave, and says what was measured. The app and they share the cores.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from medmodels.samples import SAMPLES
from tests.load.visitor import WAY, Timings, Visitor

ROOT = Path(__file__).resolve().parents[2]
#: Page, and the files of its kind, by what a person came with.
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "scan": ("scan", ("chest-normal-1.png", "chest-pneumonia-1.png", "chest-pneumonia-2.dcm")),
    "recording": ("sequence", ("ventricular-ectopics.csv", "sinus-rhythm.csv")),
    "bases": ("sequence", ("dna-donor.fa", "dna-acceptor.fa", "dna-two-introns.fa")),
}
#: Seconds that a person looks at an answer, and between two moves of a slider.
LOOKS, MOVES = (8.0, 16.0), (1.0, 3.0)
_MOVES_EACH = 4
# Seconds to wait for the first answer of a server that has just been started.
_FIRST = 180.0


@contextmanager
def app(
    ttl: int, environment: dict[str, str] | None = None
) -> Iterator[tuple[str, psutil.Process]]:
    """Start the app on a free port.

    Parameters
    ----------
    ttl : int
        Seconds for which a closed page can come back.
    environment : dict of str to str, optional
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port),
         "--server.disconnectedSessionTTL", str(ttl)],
        cwd=ROOT, env=os.environ | (environment or {}),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{url}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield url, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


async def person(
    url: str, kind: str, number: int, until: float, seen: Timings, patience: float = 60.0
) -> None:
    """Come, upload, look, move sliders and upload again, until it is time to leave."""
    rng = random.Random(number)
    page, names = KINDS[kind]
    await asyncio.sleep(rng.uniform(0, min(5.0, (until - time.monotonic()) / 3)))
    try:
        async with Visitor(url, patience) as visitor:
            await _find_page(visitor, page, kind)
            for turn in range(10_000):
                name = names[(number + turn) % len(names)]
                waited = await visitor.upload(name, (SAMPLES / name).read_bytes())
                seen.answers.setdefault(kind, []).append(waited)
                for _ in range(_MOVES_EACH):
                    await asyncio.sleep(rng.uniform(*MOVES))
                    seen.moves.append(await visitor.move(next(WAY)))
                    if time.monotonic() > until:
                        return
                await asyncio.sleep(min(rng.uniform(*LOOKS), max(0, until - time.monotonic())))
                if time.monotonic() > until:
                    return
    except Exception as fault:
        seen.faults.append(f"{kind}: {type(fault).__name__}: {fault}")


async def _find_page(visitor: Visitor, page: str, kind: str) -> None:
    await visitor.open(page)
    if kind == "bases":
        await visitor.choose("Question", "Splice sites")


async def crowd(
    url: str, people: int, seconds: float, patience: float = 60.0, seen: Timings | None = None
) -> Timings:
    """Let people of all kinds come and go."""
    seen = seen or Timings()
    until = time.monotonic() + seconds
    kinds = list(KINDS)
    await asyncio.gather(
        *(person(url, kinds[i % len(kinds)], i, until, seen, patience) for i in range(people))
    )
    return seen


def summary(values: list[float]) -> dict[str, float]:
    """Count, median, 95th percentile and longest."""
    if not values:
        return {"n": 0}
    p50, p95 = np.percentile(values, [50, 95])
    return {
        "n": len(values), "p50": round(float(p50), 3), "p95": round(float(p95), 3),
        "longest": round(max(values), 3),
    }  # fmt: skip


def wait_until_idle(process: psutil.Process, seconds: float = 120.0) -> None:
    """Wait until the server has no work left behind its pages."""
    until = time.monotonic() + seconds
    quiet = 0
    while quiet < 3 and time.monotonic() < until:
        quiet = quiet + 1 if process.cpu_percent(interval=1.0) < 10 else 0


def settled_mb(process: psutil.Process, ttl: int) -> float:
    """Memory of the server once it has let go of closed sessions, MB."""
    time.sleep(ttl + 12)
    return process.memory_info().rss / 2**20


def measure(people: int, seconds: float, ttl: int, rounds: int = 1) -> dict[str, Any]:
    """Start the app, warm it up, let people in, and measure.

    Parameters
    ----------
    people : int
    seconds : float
        For which they stay.
    ttl : int
        Seconds for which a closed page can come back.
    rounds : int
        How often as many come and leave: what a leak takes, each round takes again.

    Returns
    -------
    dict
        ``answers`` by kind and together, ``moves``, in seconds; ``faults``; ``rss_mb`` at
        the start, at most, and each time that all have left.
    """
    warm = Timings()
    with app(ttl) as (url, process):
        # The first of each kind waits for its network; what is measured is a server in use.
        for kind in KINDS:
            asyncio.run(person(url, kind, 0, time.monotonic() + 1, warm, _FIRST))
        wait_until_idle(process)
        asyncio.run(crowd(url, 2 * len(KINDS), min(30.0, seconds), _FIRST))
        start = settled_mb(process, ttl)
        most, ends, busy = start, [], 0.0
        seen = Timings()

        async def watched() -> None:
            nonlocal most
            coming = asyncio.create_task(crowd(url, people, seconds, seen=seen))
            while not coming.done():
                most = max(most, process.memory_info().rss / 2**20)
                await asyncio.sleep(0.5)
            await coming

        for _ in range(rounds):
            cpu, begun = sum(process.cpu_times()[:2]), time.monotonic()
            asyncio.run(watched())
            busy += (sum(process.cpu_times()[:2]) - cpu) / (time.monotonic() - begun) / rounds
            ends.append(settled_mb(process, ttl))
    return {
        "people": people, "seconds": seconds, "rounds": rounds, "cores": os.cpu_count(),
        "cores_used_by_the_server": round(busy, 2),
        "answers": {kind: summary(found) for kind, found in sorted(seen.answers.items())}
        | {"all": summary([one for found in seen.answers.values() for one in found])},
        "moves": summary(seen.moves),
        "faults": [*warm.faults, *seen.faults],
        "rss_mb": {
            "start": round(start), "most": round(most), "after": [round(end) for end in ends],
        },
    }  # fmt: skip


def main() -> None:
    """Measure, print, and write where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=180.0)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--ttl", type=int, default=10, help="seconds a closed session is kept")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    found = measure(asked.people, asked.seconds, asked.ttl, asked.rounds)
    text = json.dumps(found, indent=1)
    print(text)
    if asked.out:
        asked.out.write_text(text + "\n")


if __name__ == "__main__":
    main()
