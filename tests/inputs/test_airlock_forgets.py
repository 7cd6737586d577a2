"""Of a file that was let go of, nothing but what was kept of it is anywhere in the process."""

from __future__ import annotations

import gc
import io
import re
import zipfile
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image, PngImagePlugin
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from medmodels.inputs.airlock import admit
from medmodels.inputs.airlock_recording import admit_part
from medmodels.inputs.dicom_quiet import quiet
from medmodels.inputs.errors import InputError
from medmodels.inputs.open_scan import open_scan
from medmodels.ui.airlock_archive import clean_archive
from tests.inputs.scan_files import dicom, picture, ramp

GREY8 = ramp()


def marks() -> tuple[str, str]:
    """A name and a number that no code holds: they are put together here."""
    return "_".join(("QPL", "ANTED", "7Z")), "".join(map(str, (98, 76, 54, 32, 10, 98, 76)))


def named() -> bytes:
    """Words in places that readers look at before anybody can drop them."""
    name, number = marks()
    item = Dataset()
    item.PersonName, item.TextValue = name, name
    return dicom(
        GREY8, SpecificCharacterSet=name, PatientName=name, PatientID=number, ImageComments=name,
        SOPInstanceUID=f"1.2.{number}.1", StudyInstanceUID=f"1.2.{number}.2",
        SeriesInstanceUID=f"1.2.{number}.3", SOPClassUID=f"1.2.{number}.4", ViewPosition=name,
        BodyPartExamined=name, RescaleType=name, WindowCenter=100, WindowWidth=200,
        WindowCenterWidthExplanation=name, ContentSequence=Sequence([item]), StudyDate=number[:8],
    )  # fmt: skip


def noted() -> bytes:
    name, _ = marks()
    notes = PngImagePlugin.PngInfo()
    for add in (notes.add_text, notes.add_itxt):
        add(name, name)
    exif = Image.Exif()
    exif[0x013B] = name
    return picture(GREY8, "PNG", pnginfo=notes, exif=exif)


def broken() -> bytes:
    return named()[:-900]


def texts() -> Iterator[str]:
    """Whatever containers hold as text or as bytes."""
    for one in gc.get_objects():
        if isinstance(one, dict):
            held = [*one.keys(), *one.values()]
        elif isinstance(one, (list, tuple, set, frozenset)):
            held = list(one)
        else:
            continue
        for value in held:
            if isinstance(value, str):
                yield value
            elif isinstance(value, (bytes, bytearray)):
                yield value.decode("latin-1")


@pytest.mark.parametrize("make", [named, noted, broken])
def test_nothing_of_what_was_dropped_is_held_anywhere(make):
    def come_and_go() -> None:
        with quiet():  # what is written badly on purpose is complained of, too
            data = make()
        admitted = admit(data)
        try:
            assert np.array_equal(open_scan(admitted).pixels, GREY8)
        except InputError:
            assert make is broken

    come_and_go()
    gc.collect()
    wanted = [mark.lower() for mark in marks()]
    # Written backwards, or the list of what is found would itself be found.
    found = [text[:80][::-1] for text in texts() if any(mark in text.lower() for mark in wanted)]
    assert found == [mark[::-1] for mark in wanted]  # those of this test itself


@pytest.mark.parametrize("expected", ["scan", "sequence", ""])
@pytest.mark.parametrize("make", [broken, lambda: f"Dear {marks()[0]}, no data here.".encode()])
def test_a_refusal_that_is_held_holds_no_file(make, expected):
    """A traceback keeps every call alive that it went through, with what was in it."""
    with quiet():
        admitted = admit(make(), expected=expected)
    if admitted.refused is not None:
        for _ in range(2):
            with pytest.raises(InputError, match=re.escape(str(admitted.refused))):
                open_scan(admitted)
        assert admitted.refused.__traceback__ is None
        assert admitted.refused.__context__ is None


def test_a_refusal_in_a_recording_or_an_archive_holds_no_file():
    letter = f"Dear {marks()[0]}, no recording here.".encode()
    part = admit_part("a.csv", letter)
    assert part.refused.__traceback__ is None
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("letter.txt", letter)
        archive.writestr("scan.png", picture(GREY8, "PNG"))
    sources = clean_archive("a.zip", out.getvalue())
    for source in sources:
        for one in source.load().values():
            assert one.refused is None or one.refused.__traceback__ is None
    del out, archive, one, source
    gc.collect()
    held = [one for one in gc.get_objects() if isinstance(one, zipfile.ZipFile)]
    assert held == []
    assert len(sources) == 2
