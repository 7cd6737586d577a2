"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import settings

from tests.bundles_fixture import (
    SCAN_TASK,
    write_tiny_scan_bundle,
    write_tiny_sequence_bundle,
    write_tiny_signal_bundle,
    write_trusting_scan_bundle,
)

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

# How long an example takes says more about the machine than about the code.
settings.register_profile("whatever-machine", deadline=None)
settings.load_profile("whatever-machine")

ROOT = Path(__file__).resolve().parents[1]


_LONGEST_NAME = 16


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a file by its size: some hold the time at which they were made, and workers differ."""
    if isinstance(val, bytes) and len(val) > _LONGEST_NAME:
        return f"{len(val)} bytes"
    return None


@pytest.fixture(autouse=True)
def drawn_alike() -> None:
    """Let a test draw the same numbers whichever tests ran before it in its process.

    TensorFlow's own seed is set once only: whenever it is set, TensorFlow drops all that it has
    compiled, and each test would compile its networks again, for seconds. Nothing draws by it
    (see ``test_drawn_alike.py``), for all that is drawn in a graph is given its seed.
    """
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002
    if "keras" in sys.modules:
        seed_tensorflow()
        with mock.patch("tensorflow.random.set_seed"):
            sys.modules["keras"].utils.set_random_seed(0)


@cache
def seed_tensorflow() -> None:
    """Set the seed of TensorFlow's own draws, once in a process."""
    sys.modules["tensorflow"].random.set_seed(0)


@pytest.fixture(scope="session", autouse=True)
def installed_components() -> Iterator[None]:
    """Look for Streamlit's components among all that is installed once, as a server does.

    `AppTest` does for each run of a page, which takes a quarter of a second.
    """
    from streamlit.components.v2 import manifest_scanner

    known = cache(manifest_scanner.scan_component_manifests)
    with mock.patch.object(manifest_scanner, "scan_component_manifests", known):
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with the real data sets, or a skip that says so."""
    folder = Path(os.environ.get("DIAPHANE_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("the real data sets are not on this machine (set DIAPHANE_DATA)")
    return folder


@pytest.fixture(scope="session")
def tiny_root(tmp_path_factory) -> Path:
    """A folder with one tiny bundle of each kind."""
    root = tmp_path_factory.mktemp("tiny-bundles")
    write_tiny_scan_bundle(root)
    write_tiny_signal_bundle(root)
    return root


@pytest.fixture(scope="session")
def one_of_each(tmp_path_factory) -> Path:
    """A folder with one tiny bundle of each kind; that for scans knows ramps, refuses noise."""
    root = tmp_path_factory.mktemp("one-of-each")
    write_trusting_scan_bundle(root)
    write_tiny_signal_bundle(root)
    write_tiny_sequence_bundle(root)
    return root


@pytest.fixture(scope="session")
def knows_ramps(one_of_each):
    """The bundle for scans that knows ramps and refuses noise, loaded once."""
    from medmodels.bundles import load_bundle

    return load_bundle(SCAN_TASK, one_of_each)
