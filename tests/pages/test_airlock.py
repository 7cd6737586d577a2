"""What the Scan page holds and shows of a file that names somebody."""

from __future__ import annotations

import gc
import hashlib
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFile
from streamlit.testing.v1 import AppTest

from medmodels.inputs.errors import InputError
from medmodels.inputs.open_scan import open_scan
from tests.inputs.scan_files import dicom, picture
from tests.inputs.test_burned_in import drawn, ground

PAGE = str(Path(__file__).resolve().parents[2] / "pages" / "scan.py")
NAME = "Planted^Petra"


@pytest.fixture
def page(tiny_bundles) -> AppTest:
    return AppTest.from_file(PAGE, default_timeout=120).run()


@pytest.fixture
def managers(monkeypatch) -> list[MemoryUploadedFileManager]:
    """Every store of uploads that Streamlit makes."""
    made: list[MemoryUploadedFileManager] = []
    begin = MemoryUploadedFileManager.__init__

    def remember(self, *args, **kwargs):
        begin(self, *args, **kwargs)
        made.append(self)

    monkeypatch.setattr(MemoryUploadedFileManager, "__init__", remember)
    return made


def named(**elements) -> bytes:
    elements = {"PatientName": NAME, "StudyInstanceUID": "1.2.3", **elements}
    return dicom(ground(60, 80).astype(np.uint16) * 16, bits=12, **elements)


def upload(app: AppTest, data: bytes, name: str = "Planted^Petra.dcm") -> AppTest:
    app.file_uploader[0].upload(name, data, "application/octet-stream").run()
    assert not app.exception
    return app


def text_of(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.subheader, app.warning, app.expander, app.error)
    shown = [getattr(one, "value", "") or getattr(one, "label", "") for k in kinds for one in k]
    return "\n".join(map(str, shown))


def button(app: AppTest, label: str):
    return next(one for one in app.button if one.label == label)


def test_the_panel_names_what_was_dropped_and_never_says_it(page):
    upload(page, named(PatientBirthDate="19310203"))
    text = text_of(page)
    assert "What this file said about a person: 5 attributes, dropped" in text
    assert "patient’s name, patient ID, patient’s birth date" in text
    assert "the pixels and how they are stored, modality" in text
    assert "Planted" not in text
    assert "1931" not in text


def test_a_clean_file_is_said_to_be_clean(page, grey_png):
    upload(page, grey_png)
    assert "said nothing about a person beside its pixels" in text_of(page)


def test_a_photograph_s_metadata_are_named(page):
    exif = Image.Exif()
    exif[0x013B] = NAME
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 8.0, 14.0)})
    data = picture(ground(60, 80), "JPEG", exif=exif)
    upload(page, data)
    assert "2 kinds, dropped" in text_of(page)
    assert "artist, GPS position" in text_of(page)
    case = page.session_state["scan-case"]
    assert NAME.encode() not in case.data
    assert case.reading.input_digest == hashlib.sha256(data).hexdigest()


def test_one_kind_of_metadata_is_one_kind(page):
    exif = Image.Exif()
    exif[0x013B] = NAME
    upload(page, picture(ground(60, 80), "JPEG", exif=exif))
    assert "1 kind, dropped" in text_of(page)


def test_nothing_of_what_came_is_held(page, managers):
    data = named()
    upload(page, data)
    case = page.session_state["scan-case"]
    assert case.reading.input_digest == hashlib.sha256(data).hexdigest()
    records = [rec for m in managers for files in m.file_storage.values() for rec in files.values()]
    assert records
    gc.collect()
    known = {record.file_id for record in records}
    files = [f for f in gc.get_objects() if isinstance(f, UploadedFile) and f.file_id in known]
    (held_here,) = page.session_state["scan-upload-held"].values()
    admitted = [held_here, case.source]
    held = {
        "records": [record.data for record in records],
        "files": [file.getvalue() for file in files],
        "admitted": [one.data for one in admitted],
        "case": [case.data],
    }
    for mark in (NAME.encode(), b"SECRET-ID", b"1.2.3\0"):
        assert not [place for place, many in held.items() if any(mark in one for one in many)]
    assert NAME not in repr(admitted)
    assert NAME not in repr(case.scan)


def test_the_same_file_can_be_uploaded_again(page):
    data = named()
    first = upload(page, data).session_state["scan-case"]
    second = upload(page, data).session_state["scan-case"]
    assert second is not first
    assert second.scan.origin == first.scan.origin
    np.testing.assert_array_equal(second.scan.pixels, first.scan.pixels)


def test_uids_are_kept_from_the_next_upload_on_when_asked_for(page):
    upload(page, named())
    assert page.session_state["scan-case"].scan.origin.study != "1.2.3"
    toggle = next(one for one in page.toggle if one.label.startswith("Keep the file’s UIDs"))
    assert not toggle.value
    toggle.set_value(True).run()
    assert "upload the file again" in text_of(page)
    upload(page, named())
    origin = page.session_state["scan-case"].scan.origin
    assert (origin.study, origin.kept) == ("1.2.3", True)
    assert "Its UIDs are its own" in text_of(page)


def test_of_a_dicom_file_that_cannot_be_read_nothing_is_held(page, managers):
    data = named()[:900]
    with pytest.raises(InputError):
        open_scan(data)
    upload(page, data)
    assert "complete image" in text_of(page)
    assert NAME.encode() not in (page.session_state["scan-error"].data or b"")
    records = [rec for m in managers for files in m.file_storage.values() for rec in files.values()]
    assert all(NAME.encode() not in record.data for record in records)


def test_text_in_the_pixels_is_pointed_out_hidden_and_shown_again(page):
    pixels = drawn("DOE^JANE 1931").astype(np.uint8)
    upload(page, picture(pixels, "PNG"))
    before = page.session_state["scan-case"]
    assert "seems to have a line of text in its pixels" in text_of(page)
    button(page, "Hide the text that was found").click().run()
    assert not page.exception
    case = page.session_state["scan-case"]
    (box,) = case.masks
    assert (case.scan.pixels[box.top : box.bottom, box.left : box.right] == 0).all()
    assert "seems to have" not in text_of(page)
    assert "One rectangle is hidden." in text_of(page)
    assert any("hidden at the reader’s request" in note for note in case.reading.notes)
    assert case.reading.scan.shown[box.top : box.bottom, box.left : box.right].max() == 0
    assert case.reading.input_digest == before.reading.input_digest
    button(page, "Undo the last").click().run()
    again = page.session_state["scan-case"]
    np.testing.assert_array_equal(again.scan.pixels, before.scan.pixels)
    assert "seems to have a line of text" in text_of(page)


def test_a_rectangle_is_hidden_by_its_edges(page):
    upload(page, picture(ground(200, 300), "PNG"))
    assert "Hide this rectangle" not in [one.label for one in page.button]
    next(one for one in page.toggle if one.label == "Hide a part of the scan").set_value(True).run()
    for name, value in (("Left", 10), ("Right", 20), ("Upper", 50), ("Lower", 60)):
        edge = next(one for one in page.number_input if one.label.startswith(f"{name} edge"))
        edge.set_value(float(value))
    button(page, "Hide this rectangle").click().run()
    assert not page.exception
    case = page.session_state["scan-case"]
    assert [(b.top, b.left, b.bottom, b.right) for b in case.masks] == [(100, 30, 120, 60)]
    assert "One rectangle is hidden." in text_of(page)


def test_what_the_file_says_of_its_text_is_passed_on(page):
    upload(page, named(BurnedInAnnotation="YES"))
    assert "The file says that text is burned into it" in text_of(page)


@pytest.fixture(autouse=True)
def _fresh():
    st.cache_resource.clear()
