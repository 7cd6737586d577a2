"""The Sequence page for bases, opened on made bundles, and what a person does on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import AtOnce

PAGE = Path(__file__).resolve().parents[2] / "pages" / "sequence.py"


def opened(root: Path, monkeypatch) -> AppTest:
    """The page with the bundles of a folder; work behind it is done at once."""
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(root))
    monkeypatch.setenv("DIAPHANE_WARM", "0")
    monkeypatch.setattr("medmodels.ui.bases_case.Job", AtOnce)
    monkeypatch.setattr("medmodels.ui.verdict.Job", AtOnce)
    st.cache_resource.clear()
    app = AppTest.from_file(str(PAGE), default_timeout=180).run()
    assert not app.exception
    return app


def bases(n: int, seed: int = 0) -> str:
    """Letters drawn evenly, the same for the same seed."""
    return "".join(np.random.default_rng(seed).choice(list("ACGT"), n))


def paste(app: AppTest, text: str) -> AppTest:
    """Paste text and have it read."""
    app.text_area[0].set_value(text)
    next(one for one in app.button if one.label == "Read").click().run()
    assert not app.exception
    return app
