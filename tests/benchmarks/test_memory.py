"""Resident memory with every bundle loaded, and after many uploads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.benchmark
ROOT = Path(__file__).resolve().parents[2]

_SESSION = """
import gc, json, os, psutil
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import streamlit
from medmodels.bundles import list_tasks, load_bundle
from medmodels.inputs.open_scan import open_scan
from medmodels.inputs.open_sequences import open_sequences
from medmodels.inputs.open_signal import open_signal
from medmodels.reading import read, warm
from medmodels.samples import list_samples

bundles = {task: load_bundle(task) for task in list_tasks()}
for bundle in bundles.values():
    warm(bundle)

def upload(sample):
    content = sample.read_bytes()
    opened = {
        "scan": open_scan, "sequence": open_sequences,
        "signal": lambda data: open_signal({sample.file: data}),
    }[bundles[sample.task].card.kind]
    read(bundles[sample.task], opened(content))

def resident():
    gc.collect()
    return psutil.Process().memory_info().rss / 2**20

samples = list_samples()
for sample in samples * 2:
    upload(sample)
loaded = resident()
marks = []
for i in range(200):
    upload(samples[i % len(samples)])
    if i % 50 == 49:
        marks.append(resident())
print(json.dumps({"loaded": loaded, "marks": marks}))
"""


def test_all_bundles_fit_and_two_hundred_uploads_leave_nothing_behind():
    run = subprocess.run(
        [sys.executable, "-c", _SESSION], cwd=ROOT, capture_output=True, text=True, check=True
    )
    memory = json.loads(run.stdout.splitlines()[-1])
    print(f"\nall bundles warm: {memory['loaded']:.0f} MiB; after 50, 100, 150, 200 uploads: "
          + ", ".join(f"{mark:.0f}" for mark in memory["marks"]) + " MiB")  # fmt: skip
    assert memory["loaded"] <= 1.2 * 1024
    # The allocator may keep a little; a leak of one upload each would be far more.
    assert memory["marks"][-1] - memory["marks"][0] <= 20
