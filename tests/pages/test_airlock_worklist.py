"""What the worklist holds of files and archives that name somebody."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.uploaded_file_manager import UploadedFile
from streamlit.testing.v1 import AppTest

from medmodels.inputs.errors import InputError
from medmodels.inputs.open_signal import digest_of
from medmodels.ui.airlock_archive import clean_archive
from medmodels.worklist.sources import Source
from tests.bundles_fixture import SEQUENCE_TASK, SIGNAL_TASK
from tests.inputs.scan_files import dicom, picture
from tests.inputs.test_burned_in import drawn, ground
from tests.pages.conftest import AtOnce
from tests.pages.test_airlock_recording import ABOVE, record
from tests.ui.recurrence_page import ecg_csv

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
    assert [one.name for one in work.sources[1:]] == [f"Petra.zip/{name}" for name in "abcd"]
    # The worklist holds them, and nothing else does.
    kept = page.session_state._state.filtered_state
    assert not [key for key in kept if key.endswith(("-held", "-archives"))]
    assert not kept[f"{page.file_uploader[0].key}"]


def text_of(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.expander)
    shown = [getattr(one, "value", "") or getattr(one, "label", "") for k in kinds for one in k]
    return "\n".join(map(str, shown))


def held(value: object, seen: dict[int, object] | None = None) -> Iterator[bytes]:
    """All bytes that can be reached from a value, closures of cases among them."""
    seen = {} if seen is None else seen
    if id(value) in seen:
        return
    # Kept alive: of two that live one after the other, both can have the same number.
    seen[id(value)] = value
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, str):
        yield value.encode(errors="replace")
    elif isinstance(value, np.ndarray):
        yield value.tobytes()
    elif isinstance(value, UploadedFile):
        yield value.getvalue()
    elif isinstance(value, FunctionType):
        yield from held([cell.cell_contents for cell in value.__closure__ or ()], seen)
    elif isinstance(value, WidgetMetadata):
        yield from held((value.callback, value.callback_args, value.callback_kwargs), seen)
    elif isinstance(value, partial):
        yield from held((value.func, value.args, value.keywords), seen)
    elif isinstance(value, Mapping):
        yield from held([*value.keys(), *value.values()], seen)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from held(one, seen)
    elif isinstance(value, Source):
        yield from held([value.name, value.said], seen)
        with suppress(InputError):
            yield from held(value.load(), seen)
    elif type(value).__module__.startswith("medmodels.") and hasattr(value, "__dict__"):
        yield from held(vars(value), seen)


def held_by(app: AppTest, key: str | None = None) -> list[bytes]:
    """All that a session holds, or one entry of it.

    What was chosen in uploaders is among it, and what controls call when they are used.
    """
    state: Any = app.session_state
    while not isinstance(state, SessionState):
        state = object.__getattribute__(state, "_state")
    if key is not None:
        return list(held(state.filtered_state[key]))
    controls = list(state._new_widget_state.widget_metadata.values())
    return list(held([state.filtered_state, controls]))


def test_what_the_files_said_is_summed_up_and_named_by_case(page):
    page.file_uploader[0].set_value([("a.dcm", named(1), KIND), ("b.dcm", named(2), KIND)]).run()
    text = text_of(page)
    assert "What these files said about people: 2 of 2 cases, dropped" in text
    assert "patient’s name (2), patient ID (2)" in text
    next(one for one in page.button if one.label == "First").click().run()
    assert "Dropped when it arrived: patient’s name, patient ID" in text_of(page)
    assert "Petra" not in text_of(page)


def test_files_that_say_nothing_are_said_to(page):
    page.file_uploader[0].set_value([("a.png", picture(ground(60, 80), "PNG"), KIND)]).run()
    assert "said nothing about a person" in text_of(page)


def of_task(bundles: Path, monkeypatch, task: str) -> AppTest:
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(bundles))
    monkeypatch.setenv("DIAPHANE_WARM", "0")
    monkeypatch.setattr("medmodels.ui.worklist_work.Job", AtOnce)
    st.cache_resource.clear()
    app = AppTest.from_file(PAGE, default_timeout=180)
    app.session_state["worklist-task"] = task
    return app.run()


def test_recordings_come_without_who_was_recorded(one_of_each, monkeypatch):
    page = of_task(one_of_each, monkeypatch, SIGNAL_TASK)
    table = ABOVE + ecg_csv()
    parts = record()
    letter = b"Dear colleague, Petra Planted, born 1931, came to see me.\n"
    packed = archive(**{"in/t.csv": table, "in/q.hea": parts["r.hea"], "in/r.dat": parts["r.dat"]})
    renamed = parts["r.hea"].replace(b"r.dat", b"q.dat")
    second = archive(**{"q.hea": renamed, "q.dat": parts["r.dat"]})
    files = [
        ("Petra.csv", table, KIND), ("r.hea", parts["r.hea"], KIND),
        ("r.dat", parts["r.dat"], KIND), ("letter.txt", letter, KIND),
        ("a.zip", packed, KIND), ("b.zip", second, KIND),
    ]  # fmt: skip
    page.file_uploader[0].set_value(files).run()
    assert not page.exception
    work = page.session_state["worklist-work"]
    names = [source.name for source in work.sources]
    assert names[:3] == ["Petra.csv", "r.hea", "letter.txt"]
    assert names[-1] == "b.zip/q.hea"
    came = {
        "Petra.csv": digest_of({"a.csv": table}), "r.hea": digest_of(parts),
        "letter.txt": hashlib.sha256(letter).hexdigest(),
        "a.zip/in/t.csv": digest_of({"a.csv": table}),
        "b.zip/q.hea": digest_of({"q.hea": renamed, "q.dat": parts["r.dat"]}),
    }  # fmt: skip
    lines = {line.file: line for line in work.lines}
    assert {name: lines[name].input_digest for name in came} == came
    for name in ("Petra.csv", "r.hea", "a.zip/in/t.csv", "b.zip/q.hea"):
        assert lines[name].state != "unreadable"
    assert lines["letter.txt"].state == "unreadable"
    everything = held_by(page)
    for mark in (b"Planted", b"planted", b"1931", b"Diagnosis"):
        assert not [one[:80] for one in everything if mark in one]
    text = text_of(page)
    assert "lines above the table (name, date, remarks) (2)" in text
    assert "comment (age, sex, diagnoses, remarks) (3)" in text
    assert "Planted" not in text


def test_a_recording_is_opened_whole_with_the_digest_of_what_came(one_of_each, monkeypatch, went):
    page = of_task(one_of_each, monkeypatch, SIGNAL_TASK)
    parts = record()
    page.file_uploader[0].set_value([(name, data, KIND) for name, data in parts.items()]).run()
    next(one for one in page.button if one.label == "First").click().run()
    next(one for one in page.button if one.label.startswith("Open it whole")).click().run()
    assert not page.exception
    assert went == ["pages/sequence.py"]
    source = page.session_state["ecg_source"]
    assert source.digest == digest_of(parts)
    assert "comment (age, sex, diagnoses, remarks)" in source.dropped
    assert b"lanted" not in source.files["r.hea"]


def test_sequences_come_without_the_words_around_them(one_of_each, monkeypatch):
    page = of_task(one_of_each, monkeypatch, SEQUENCE_TASK)
    bases = "ACGTTGCAAC" * 9
    fasta = f">Petra_Planted born 1931\n{bases}\n>NM_000546.6 of Petra\n{bases}\n".encode()
    entry = (
        f"LOCUS       PLANTED   90 bp\nDEFINITION  Petra, 1931\nORIGIN\n        1 {bases}\n//\n"
    ).encode()
    bad = b">Planted\nMKVLPETRA\n"
    packed = archive(**{"Petra.gb": entry, "x.fa": bad})
    files = [("Petra.fa", fasta, KIND), ("bad.fa", bad, KIND), ("z.zip", packed, KIND)]
    page.file_uploader[0].set_value(files).run()
    assert not page.exception
    work = page.session_state["worklist-work"]
    assert [line.input_digest for line in work.lines] == [
        hashlib.sha256(data).hexdigest() for data in (fasta, bad, entry, bad)
    ]
    assert [line.state == "unreadable" for line in work.lines] == [False, True, False, True]
    assert "protein" in work.lines[1].reasons[0]
    everything = held_by(page)
    for mark in (b"Planted", b"PLANTED", b"1931", b"PETRA", b"of Petra"):
        assert not [one[:80] for one in everything if mark in one]
    assert any(b"NM_000546.6" in one for one in everything)
    text = text_of(page)
    assert "names of sequences that are no accession number (2)" in text
    assert "Planted" not in text


def written(**elements: str) -> bytes:
    pixels = drawn("DOE^JANE 1931").astype("uint16") * 16
    return dicom(pixels, bits=12, **elements)


def rows_of(app: AppTest) -> str:
    return "\n".join(str(one.proto.body) for one in app.get("html"))


def test_text_in_the_pixels_is_a_flag_a_filter_and_the_way_to_the_mask_tool(page, went):
    clean = picture(ground(60, 80), "PNG")
    files = [
        ("a.png", clean, KIND), ("b.dcm", written(), KIND),
        ("c.dcm", dicom(ground(60, 80).astype("uint16") * 16, BurnedInAnnotation="YES"), KIND),
    ]  # fmt: skip
    page.file_uploader[0].set_value(files).run()
    rows = rows_of(page)
    assert rows.count("Something in the picture looks like text") == 1
    assert rows.count("Text in the picture: the file says so") == 1
    page.segmented_control(key="worklist-shown").set_value("Text in the picture").run()
    assert not page.exception
    assert {one.label for one in page.button if one.label.startswith("Case ")} == {
        "Case 2", "Case 3",
    }  # fmt: skip
    next(one for one in page.button if one.label == "Case 2").click().run()
    assert any("the tool for that will be ready" in one.value for one in page.warning)
    next(one for one in page.button if one.label == "Open it whole, and hide its text").click()
    page.run()
    assert went == ["pages/scan.py"]
    case = page.session_state["scan-case"]
    assert case.texts
    assert page.session_state[f"mask-{case.scan.digest[:12]}"] is True


def test_a_case_without_text_is_opened_with_the_tool_closed(page, went):
    page.file_uploader[0].set_value([("a.png", picture(ground(60, 80), "PNG"), KIND)]).run()
    assert "looks like text" not in rows_of(page)
    next(one for one in page.button if one.label == "First").click().run()
    next(one for one in page.button if one.label == "Open it whole, with its map").click().run()
    digest = page.session_state["scan-case"].scan.digest
    assert f"mask-{digest[:12]}" not in page.session_state
    assert went == ["pages/scan.py"]


def test_only_scans_can_be_listed_by_their_text(one_of_each, monkeypatch):
    page = of_task(one_of_each, monkeypatch, SIGNAL_TASK)
    page.file_uploader[0].set_value([("a.csv", ecg_csv(), KIND)]).run()
    assert "Text in the picture" not in page.segmented_control(key="worklist-shown").options


@pytest.fixture
def went(monkeypatch) -> list[str]:
    """Pages that were switched to."""
    pages: list[str] = []
    monkeypatch.setattr("streamlit.switch_page", pages.append)
    return pages


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
    (nothing,) = clean_archive("x.zip", archive())
    with pytest.raises(InputError, match="no file in it"):
        nothing.load()


def test_what_an_archive_holds_is_packed_and_unpacks_clean():
    data = named(5)
    (source,) = clean_archive("x.zip", archive(a=data))
    assert source.name == "x.zip/a"
    (held,) = source.load().values()
    assert held.digest == hashlib.sha256(data).hexdigest()
    assert NAME not in held.data
    assert held.origin is not None
