"""What the worklist holds of files and archives that name somebody."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from medmodels.ui.airlock_archive import clean_archive
from tests.inputs.scan_files import dicom, picture
from tests.inputs.test_burned_in import ground
from tests.pages.conftest import AtOnce

PAGE = str(Path(__file__).resolve().parents[2] / "pages" / "worklist.py")
NAME = b"Planted^Petra"
KIND = "application/octet-stream"


@pytest.fixture
def page(tiny_bundles, monkeypatch) -> AppTest:
    monkeypatch.setattr("medmodels.ui.worklist_work.Job", AtOnce)
    st.cache_resource.clear()
    app = AppTest.from_file(PAGE, default_timeout=180)
    app.session_state["worklist-task"] = "tiny-scan"
    return app.run()


def named(seed: int = 0) -> bytes:
    pixels = ground(60, 80).astype("uint16") * 16 + seed
    return dicom(pixels, PatientName=NAME.decode(), SeriesInstanceUID="1.2.3")


def archive(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return out.getvalue()


def test_files_and_archives_are_read_and_hold_no_name(page):
    one, two = named(1), named(2)
    photo = picture(ground(60, 80), "JPEG", comment=NAME)
    packed = archive(a=two, b=photo, c=b"nonsense", d=one[:700])
    files = [("Petra.dcm", one, KIND), ("Petra.zip", packed, KIND)]
    page.file_uploader[0].set_value(files).run()
    assert not page.exception
    work = page.session_state["worklist-work"]
    digests = [hashlib.sha256(data).hexdigest() for data in (one, two, photo)]
    assert [line.input_digest for line in work.lines[:3]] == digests
    assert [line.state == "unreadable" for line in work.lines] == [False] * 3 + [True] * 2
    assert work.series[0] == work.series[1]
    for source in work.sources[:3]:
        (held,) = source.load().values()
        assert NAME not in held.data
    assert not any("etra" in element.value for element in [*page.markdown, *page.caption])
    (sources,) = page.session_state["worklist-upload-tiny-scan-archives"].values()
    assert len(sources) == 4


def test_another_file_beside_an_archive_reads_both_again(page):
    first, second = named(1), named(2)
    packed = archive(a=first)
    page.file_uploader[0].set_value([("x.zip", packed, KIND)]).run()
    assert len(page.session_state["worklist-work"].lines) == 1
    page.file_uploader[0].set_value([("x.zip", packed, KIND), ("y.dcm", second, KIND)]).run()
    assert not page.exception
    digests = [line.input_digest for line in page.session_state["worklist-work"].lines]
    assert digests == [hashlib.sha256(data).hexdigest() for data in (first, second)]


def test_an_archive_that_cannot_be_opened_is_left_to_the_reader_of_cases():
    assert clean_archive("x.zip", b"PK\x03\x04 broken") is None
    assert clean_archive("x.zip", archive()) == ()


def test_what_an_archive_holds_is_packed_and_unpacks_clean():
    data = named(5)
    (source,) = clean_archive("x.zip", archive(a=data))
    assert source.name == "x.zip/a"
    (held,) = source.load().values()
    assert held.digest == hashlib.sha256(data).hexdigest()
    assert NAME not in held.data
    assert held.origin is not None
