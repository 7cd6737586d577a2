"""Bundles and a sample for panels that run without a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st

from medmodels import samples
from tests.bundles_fixture import SIGNAL_TASK, write_tiny_signal_bundle
from tests.ui.other_task_page import write_two_for_scans
from tests.ui.recurrence_page import ecg_csv, write_members_bundle


@pytest.fixture(scope="session")
def roots(tmp_path_factory) -> dict[str, Path]:
    tiny, members = (tmp_path_factory.mktemp(name) for name in ("tiny", "members"))
    write_tiny_signal_bundle(tiny)
    write_members_bundle(members)
    return {"tiny": tiny, "members": members, "none": tmp_path_factory.mktemp("none")}


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    (folder / "spikes.csv").write_bytes(ecg_csv())
    (folder / "ecg.toml").write_text(
        f'[[samples]]\ntask = "{SIGNAL_TASK}"\ntitle = "Spikes"\n'
        'description = "One a second."\nfile = "spikes.csv"\n'
    )
    return folder


@pytest.fixture
def use(roots, sample_folder, monkeypatch):
    def choose(which: str) -> None:
        monkeypatch.setenv("DIAPHANE_BUNDLES", str(roots[which]))
        monkeypatch.setenv("DIAPHANE_WARM", "0")
        monkeypatch.setattr(samples, "SAMPLES", sample_folder)

    return choose


@pytest.fixture(scope="session")
def two_scans(one_of_each, tmp_path_factory) -> Path:
    """A folder with two bundles for scans, one of which refuses everything, and one for signals."""
    made = tmp_path_factory.mktemp("two-scans")
    write_two_for_scans(one_of_each, made)
    return made


@pytest.fixture
def install(monkeypatch) -> Callable[[Path], None]:
    """Let the app use the bundles of a folder, and warm nothing behind the test's back."""

    def choose(folder: Path) -> None:
        monkeypatch.setenv("DIAPHANE_BUNDLES", str(folder))
        monkeypatch.setenv("DIAPHANE_WARM", "0")
        st.cache_resource.clear()

    return choose


@pytest.fixture
def went(monkeypatch) -> list[str]:
    """The pages that a button led to: a page that runs alone cannot switch to them."""
    pages: list[str] = []
    monkeypatch.setattr("medmodels.ui.other_task.st.switch_page", pages.append)
    return pages
