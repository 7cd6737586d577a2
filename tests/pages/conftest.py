"""Pages run without a browser, on tiny bundles."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from PIL import Image


@pytest.fixture
def tiny_bundles(tiny_root, monkeypatch) -> Path:
    """The app uses the tiny bundles, and warms nothing behind the test's back."""
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(tiny_root))
    monkeypatch.setenv("DIAPHANE_WARM", "0")
    st.cache_resource.clear()
    return tiny_root


@pytest.fixture(scope="session")
def grey_png() -> bytes:
    """A 60 x 40 picture with a ramp from black to white."""
    ramp = np.linspace(0, 255, 60).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(np.tile(ramp, (40, 1))).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture(scope="session")
def grey_tiff_of_three() -> bytes:
    """Three pages of different grey."""
    pages = [Image.fromarray(np.full((32, 32), 40 * i, np.uint8)) for i in range(1, 4)]
    for page in pages:
        page.paste(255, (4, 4, 12, 12))
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    return buffer.getvalue()


class AtOnce:
    """A job that is done before anybody looks, so that one run shows its result."""

    running = stopped = failed = waits = False
    share, seconds_left = 1.0, None

    def __init__(self, work, turn=None):  # noqa: ARG002
        self.result = work(lambda share: None)  # noqa: ARG005

    def stop(self):
        """Too late."""

    def wait(self, seconds=None):
        """There is nothing to wait for."""


@pytest.fixture(autouse=True)
def jobs_at_once(monkeypatch):
    """What goes on behind a page is done at once."""
    monkeypatch.setattr("medmodels.ui.verdict.Job", AtOnce)
