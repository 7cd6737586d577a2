"""TensorFlow is imported, and a network answers, where not one byte can be written."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from medmodels.networks.full_disk import settle_temporary_folder

ROOT = Path(__file__).resolve().parents[2]


def test_a_network_answers_though_nothing_can_be_written(tiny_root):
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "from pathlib import Path\n"
        "import numpy as np\n"
        "from medmodels.bundles import load_bundle\n"
        "from medmodels.networks.full_disk import settle_temporary_folder\n"
        "settle_temporary_folder()\n"
        f"bundle = load_bundle('tiny-scan', Path({str(tiny_root)!r}))\n"
        "print(bundle.network(np.zeros((1, 32, 32, 1), np.float32)).shape)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip().endswith("(1, 2)"), done.stderr[-500:]


def test_where_there_is_room_nothing_changes(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", None)
    settle_temporary_folder()
    assert tempfile.tempdir == tempfile.gettempdir()


def test_without_room_a_name_is_settled(monkeypatch):
    def full() -> str:
        raise FileNotFoundError("no usable temporary directory")

    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "gettempdir", full)
    monkeypatch.setenv("TMPDIR", "/somewhere")
    settle_temporary_folder()
    assert tempfile.tempdir == "/somewhere"


@pytest.fixture(autouse=True)
def _as_before():
    before = tempfile.tempdir
    yield
    tempfile.tempdir = before
