"""Hidden for good: no object of the session holds what lay under the rectangle."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.testing.v1 import AppTest

from medmodels.bundles import load_bundle
from medmodels.inputs.open_scan import open_scan
from medmodels.reading import read
from medmodels.ui.worklist_work import Work
from medmodels.worklist.line import Line
from medmodels.worklist.sources import Source
from tests.inputs.scan_files import dicom
from tests.inputs.test_burned_in import drawn, ground
from tests.pages.conftest import AtOnce
from tests.pages.test_airlock import managers  # noqa: F401 - a fixture
from tests.pages.test_airlock_worklist import KIND, archive, held_by

PAGES = Path(__file__).resolve().parents[2] / "pages"
WRITTEN = drawn("DOE^JANE 1931").astype(np.uint16) * 15
ROW, FIRST, COUNT = 20, 60, 16


def pattern() -> tuple[bytes, ...]:
    """Pixels in the middle of the text, as any array of the session would hold them."""
    row = WRITTEN[ROW, FIRST : FIRST + COUNT]
    assert len(set(row.tolist())) > COUNT // 2
    return tuple(row.astype(kind).tobytes() for kind in ("<u2", "<f4", "<f8"))


def holds(found: list[bytes]) -> bool:
    return any(mark in one for one in found for mark in pattern())


def button(app: AppTest, label: str):
    return next(one for one in app.button if one.label == label)


def press(app: AppTest, label: str) -> AppTest:
    button(app, label).click().run()
    assert not app.exception
    return app


def text_of(app: AppTest) -> str:
    return "\n".join(str(one.value) for kind in (app.markdown, app.warning) for one in kind)


@pytest.fixture
def page(tiny_bundles) -> AppTest:
    st.cache_resource.clear()
    return AppTest.from_file(str(PAGES / "scan.py"), default_timeout=120).run()


def records_of(made: list[MemoryUploadedFileManager]) -> list[bytes]:
    return [rec.data for m in made for files in m.file_storage.values() for rec in files.values()]


def test_what_was_hidden_can_be_brought_back_until_it_is_final(
    page,
    managers,  # noqa: F811
    tiny_bundles,
):
    page.file_uploader[0].upload("a.dcm", dicom(WRITTEN, bits=12), KIND).run()
    press(page, "Hide the text that was found")
    before = page.session_state["scan-case"]
    assert before.masks
    assert holds(held_by(page))
    assert holds(records_of(managers))
    press(page, "Forget what lies under it")
    case = page.session_state["scan-case"]
    assert not holds(held_by(page))
    # A run of the test has a store of its own; the server has one.
    assert records_of(managers[-1:]) == [b""]
    # Nothing that a person sees of it has changed, and nothing is read anew.
    assert case.reading.scan is before.reading.scan
    assert case.reading.probabilities is before.reading.probabilities
    assert case.key == before.key
    assert case.blanked == before.masks
    np.testing.assert_array_equal(case.scan.pixels, before.scan.pixels)
    assert "**One rectangle is hidden for good.**" in text_of(page)
    assert "Undo the last" not in [one.label for one in page.button]
    assert "seems to have" not in text_of(page)
    # Read anew it is read the same.
    bundle = load_bundle(case.reading.task, tiny_bundles)
    again = read(bundle, open_scan(case.source))
    np.testing.assert_array_equal(again.probabilities, before.reading.probabilities)
    np.testing.assert_array_equal(again.scan.network_input, before.reading.scan.network_input)
    np.testing.assert_array_equal(again.scan.shown, before.reading.scan.shown)
    assert again.notes == before.reading.notes
    assert again.input_digest == before.reading.input_digest
    assert again.source == before.reading.source


def test_more_is_hidden_undone_and_made_final_after_that(page):
    page.file_uploader[0].upload("a.dcm", dicom(WRITTEN, bits=12), KIND).run()
    press(page, "Hide the text that was found")
    press(page, "Forget what lies under it")
    next(one for one in page.toggle if one.label == "Hide a part of the scan").set_value(True).run()
    press(page, "Hide this rectangle")
    assert "One rectangle is hidden." in text_of(page)
    press(page, "Undo the last")
    case = page.session_state["scan-case"]
    assert (len(case.masks), len(case.blanked)) == (0, 1)
    press(page, "Hide this rectangle")
    press(page, "Forget what lies under it")
    assert "**2 rectangles are hidden for good.**" in text_of(page)
    assert len(page.session_state["scan-case"].blanked) == 2


def test_work_that_was_begun_with_the_scan_as_it_was_is_let_go_of(page):
    page.file_uploader[0].upload("a.dcm", dicom(WRITTEN, bits=12), KIND).run()
    page.session_state["some-method-work"] = ("work", open_scan(dicom(WRITTEN, bits=12)).pixels)
    press(page, "Hide the text that was found")
    press(page, "Forget what lies under it")
    assert not holds(held_by(page))


@pytest.mark.parametrize("packed", [False, True])
def test_a_worklist_it_came_from_holds_it_no_more(tiny_bundles, monkeypatch, packed):
    monkeypatch.setattr("medmodels.ui.worklist_work.Job", AtOnce)
    monkeypatch.setattr("streamlit.switch_page", lambda place: None)  # noqa: ARG005
    st.cache_resource.clear()
    listed = AppTest.from_file(str(PAGES / "worklist.py"), default_timeout=180)
    listed.session_state["worklist-task"] = "tiny-scan"
    listed.run()
    named, other = dicom(WRITTEN, bits=12), dicom(ground().astype(np.uint16) * 15, bits=12)
    files = [("a.dcm", named, KIND), ("b.dcm", other, KIND)]
    if packed:
        files = [("a.zip", archive(**{"a.dcm": named, "b.dcm": other}), KIND)]
    listed.file_uploader[0].set_value(files).run()
    lines = listed.session_state["worklist-work"].lines
    number = next(i for i, line in enumerate(lines) if line.burned_in)
    press(listed, f"Case {number + 1}")
    press(listed, "Open it whole, and hide its text")
    page = AppTest.from_file(str(PAGES / "scan.py"), default_timeout=120)
    for key in map(str, listed.session_state._state.filtered_state):
        if key in ("scan-case", "worklist-work") or key.endswith(("-held", "-archives")):
            page.session_state[key] = listed.session_state[key]
        elif key.startswith("mask-"):
            page.session_state[key] = True
    page.run()
    assert "Drag over a part of the scan to hide it" in "".join(c.value for c in page.caption)
    assert holds(held_by(page))
    press(page, "Hide the text that was found")
    press(page, "Forget what lies under it")
    assert not holds(held_by(page))
    work = page.session_state["worklist-work"]
    assert [bool(line.burned_in) for line in work.lines] == [False, False]
    (file,) = work.sources[number].load().values()
    np.testing.assert_array_equal(
        open_scan(file).pixels, page.session_state["scan-case"].scan.pixels
    )
    (untouched,) = work.sources[1 - number].load().values()
    assert not untouched.final


def test_a_file_in_an_archive_too_large_to_be_taken_apart_is_said_to_be_held(page):
    page.file_uploader[0].upload("a.dcm", dicom(WRITTEN, bits=12), KIND).run()
    case = page.session_state["scan-case"]
    line = Line("x.zip/a", "answer", input_digest=case.scan.digest, burned_in=("seen",))
    source = Source("x.zip/a", {"file": case.source}.copy)
    page.session_state["worklist-work"] = Work("other", [source], [line])
    press(page, "Hide the text that was found")
    press(page, "Forget what lies under it")
    assert "still holds it" in text_of(page)
    assert page.session_state["worklist-work"].lines[0].burned_in == ()
