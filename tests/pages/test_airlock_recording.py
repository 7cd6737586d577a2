"""What the Sequence page holds of a recording that names somebody."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from medmodels.inputs.open_signal import open_signal
from tests.ui.recurrence_page import ecg_csv

PAGE = str(Path(__file__).resolve().parents[2] / "pages" / "sequence.py")
ABOVE = b"Name,Petra Planted\nDate of Birth,1931-02-03\n\n"
KIND = "application/octet-stream"


@pytest.fixture
def page(tiny_bundles) -> AppTest:
    st.cache_resource.clear()
    return AppTest.from_file(PAGE, default_timeout=120).run()


def record() -> dict[str, bytes]:
    """A record in format 16, made by hand."""
    wave = (200 * np.sin(np.arange(7200) / 40)).astype("<i2")
    checksum = int(wave.astype(np.int64).sum()) & 0xFFFF
    header = (
        "# Petra Planted, 77\nplanted 1 360 7200 12:00:00 03/02/1931\n"
        f"r.dat 16 200/mV 16 0 0 {checksum - 65536 if checksum > 32767 else checksum} 0 MLII\n"
        "#Diagnosis: none\n"
    )
    out = io.BytesIO(wave.tobytes())
    return {"r.hea": header.encode(), "r.dat": out.getvalue()}


def test_a_table_is_read_as_before_and_names_nobody(page):
    data = ABOVE + ecg_csv()
    page.file_uploader[0].set_value([("Petra.csv", data, KIND)]).run()
    assert not page.exception
    source = page.session_state["ecg_source"]
    assert all(b"Planted" not in held and b"1931" not in held for held in source.files.values())
    assert any("Dropped when it arrived" in caption.value for caption in page.caption)
    assert not any("Planted" in element.value for element in [*page.markdown, *page.caption])
    reading = page.session_state["ecg_case"].reading
    assert reading.input_digest == open_signal({"Petra.csv": data}).digest
    assert len(reading.labels) == 41


def test_the_files_of_a_record_may_come_one_by_one(page):
    files = record()
    listed = []
    for name in ("r.hea", "r.dat"):
        listed.append((name, files[name], KIND))
        page.file_uploader[0].set_value(list(listed)).run()
        assert not page.exception
    source = page.session_state["ecg_source"]
    assert set(source.files) == set(files)
    assert b"lanted" not in source.files["r.hea"]
    assert source.digest == open_signal(files).digest
    assert "comment (age, sex, diagnoses, remarks)" in source.dropped
