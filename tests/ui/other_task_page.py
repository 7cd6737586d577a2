"""Bundles of every kind, uploads, and a page that could not read one of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
from streamlit.testing.v1 import AppTest

from medmodels.training.bundle_writer import seal
from tests.bundles_fixture import (
    SCAN_TASK,
    SIGNAL_TASK,
    made_ramps,
)
from tests.worklist.made_files import png

PAGES = Path(__file__).resolve().parents[2] / "pages"
# What a page finds in the session when another one leads to it.
KEPT = (
    "scan-task", "sequence-task", "scan-case", "ecg_source", "ecg_upload-seen", "bases-source",
)  # fmt: skip
FASTA = ">gene\n" + "ACGTTGCA" * 10 + "\n"


RAMP = png(made_ramps(1)[0, ..., 0])
NOISE = png(np.random.default_rng(3).random((32, 32)))


def renamed(root: Path, task: str, new: str, changes: dict[str, str]) -> None:
    """Copy a bundle under another name, with other words on its card."""
    shutil.copytree(root / task, root / new)
    card = root / new / "card.toml"
    text = card.read_text().replace(f'task = "{task}"', f'task = "{new}"')
    for old, words in changes.items():
        assert old in text
        text = text.replace(old, words)
    card.write_text(text)
    (root / new / "manifest.json").unlink()
    seal(root / new)


def write_two_for_scans(one_of_each: Path, root: Path) -> None:
    """Besides the bundle that knows ramps, one of the same kind that refuses everything."""
    for task in (SCAN_TASK, SIGNAL_TASK):
        shutil.copytree(one_of_each / task, root / task)
    renamed(root, SCAN_TASK, "strict", {'title = "Tiny scan"': 'title = "Strict"'})
    trust = root / "strict" / "trust.json"
    table = json.loads(trust.read_text())
    table["out_of_distribution"] |= {"warn": -1.0, "refuse": -1.0}
    trust.write_text(json.dumps(table))
    (root / "strict" / "manifest.json").unlink()
    seal(root / "strict")


def page_of(task: str, data: bytes | str) -> AppTest:
    """A page of one task that could not read some data."""

    def page() -> None:
        import streamlit as st

        from medmodels.bundles import load_bundle
        from medmodels.ui.other_task import offer_other_task

        bundle = load_bundle(st.session_state["task"])
        st.caption(f"offered: {offer_other_task(bundle, st.session_state['data'])}")

    app = AppTest.from_function(page, default_timeout=120)
    app.session_state["task"], app.session_state["data"] = task, data
    app.run()
    assert not app.exception
    return app


def open_page(name: str, app: AppTest) -> AppTest:
    """Open the page that the button led to, with what the session then holds."""
    page = AppTest.from_file(str(PAGES / name), default_timeout=180)
    for key in KEPT:
        if key in app.session_state:
            page.session_state[key] = app.session_state[key]
    page.run()
    assert not page.exception
    return page
