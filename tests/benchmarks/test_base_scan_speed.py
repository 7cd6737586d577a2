"""A megabase read base by base, against the same network asked for each window.

Run with ``make bench``. The sequence is drawn at random, so that the numbers do not
depend on data that are not here.
"""

from __future__ import annotations

import resource
import time

import numpy as np
import pytest

from medmodels.bundles import load_bundle
from medmodels.inputs.bases import one_hot
from medmodels.inputs.open_sequences import open_sequences
from medmodels.reading import read, warm

pytestmark = pytest.mark.benchmark
LONG, SHORT = 1_000_000, 20_000
#: Bases a second that a megabase is to be read with, on two cores.
WANTED = 20_000


@pytest.fixture(scope="module")
def bundle():
    loaded = load_bundle("dna-splice")
    warm(loaded)
    return loaded


def _letters(count: int) -> str:
    return "".join(np.random.default_rng(7).choice(list("ACGT"), count))


def test_base_by_base_against_window_by_window(bundle):
    letters = _letters(SHORT)
    bases = one_hot(letters)
    windows = np.lib.stride_tricks.sliding_window_view(bases, 60, axis=0).transpose(0, 2, 1)
    windows = np.ascontiguousarray(windows)
    bundle.network.predict(windows[:1024], batch_size=1024, verbose=0)
    start = time.perf_counter()
    known = bundle.network.predict(windows, batch_size=1024, verbose=0)
    each = time.perf_counter() - start
    item = open_sequences(f">random\n{letters}\n".encode())
    start = time.perf_counter()
    reading = read(bundle, item)
    together = time.perf_counter() - start
    print(
        f"\n{SHORT:,} bases: window by window {each:.2f} s, base by base with the trust layer "
        f"{together:.2f} s, {each / together:.1f} times as fast"
    )
    np.testing.assert_allclose(reading.logits, known, atol=1e-3)
    assert together < each


def test_a_megabase_with_its_trust_layer_is_read_in_time_and_in_bounded_memory(bundle):
    item = open_sequences(f">random\n{_letters(LONG)}\n".encode())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    reading = read(bundle, item)
    seconds = time.perf_counter() - start
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    parts = ", ".join(f"{name} {value:.1f} s" for name, value in reading.timings.items())
    print(
        f"\n{LONG:,} bases in {seconds:.1f} s ({parts}): {LONG / seconds:,.0f} bases a second, "
        f"peak memory {grown:.0f} MB higher"
    )
    assert len(reading.labels) == LONG - 59
    assert LONG / seconds >= WANTED
    assert grown < 600
