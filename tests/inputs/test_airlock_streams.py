"""What hides in the coded frames, the tables and the footers of a file does not stay."""

from __future__ import annotations

import io
import struct

import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pydicom import uid
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence

from medmodels.inputs.airlock import admit
from medmodels.inputs.airlock_streams import blank_metadata
from medmodels.inputs.airlock_table import clean_table
from medmodels.inputs.csv_text import HEAD
from medmodels.inputs.identifying_photo import Notes
from medmodels.inputs.open_scan import open_scan
from medmodels.inputs.open_signal import open_signal
from tests.inputs.scan_files import dicom, picture, ramp, written

GREY8 = ramp()
MARK = b"PLANTED^NAME"


def coded(stream: bytes, syntax: str) -> bytes:
    """A DICOM file with one frame that was coded by somebody else."""
    dataset = pydicom.dcmread(io.BytesIO(dicom(GREY8)))
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.PixelData = encapsulate([stream])
    dataset["PixelData"].is_undefined_length = True
    return written(dataset)


def j2k(**options) -> bytes:
    return picture(GREY8, "JPEG2000", irreversible=False, **options)


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, name) + content


STREAMS = {
    "behind a JPEG": (picture(GREY8, "JPEG") + MARK * 3, uid.JPEGBaseline8Bit),
    "behind a progressive JPEG": (
        picture(GREY8, "JPEG", progressive=True) + b"\xff\xd8" + MARK, uid.JPEGBaseline8Bit
    ),
    "a comment between scans": (
        picture(GREY8, "JPEG", progressive=True).replace(
            b"\xff\xda", b"\xff\xfe" + struct.pack(">H", 2 + len(MARK)) + MARK + b"\xff\xda"
        ),
        uid.JPEGBaseline8Bit,
    ),
    "behind a codestream": (j2k(no_jp2=True) + MARK, uid.JPEG2000Lossless),
    "a comment in a JP2 file": (j2k(comment=MARK.decode()), uid.JPEG2000Lossless),
    "boxes of a JP2 file": (
        j2k() + box(b"xml ", b"<n>" + MARK + b"</n>") + box(b"uuid", bytes(16) + MARK),
        uid.JPEG2000Lossless,
    ),
    "a last box without a length": (
        j2k() + struct.pack(">I4s", 0, b"xml ") + MARK, uid.JPEG2000Lossless
    ),
}  # fmt: skip


@pytest.mark.parametrize("place", STREAMS)
def test_what_hides_in_a_coded_frame_is_blanked_and_the_picture_stays(place):
    data = coded(*STREAMS[place])
    assert MARK in data
    admitted = admit(data)
    assert MARK not in admitted.data
    before, after = open_scan(data), open_scan(admitted)
    np.testing.assert_array_equal(after.pixels, before.pixels)
    assert after.windows == before.windows


@pytest.mark.parametrize(
    "options", [("JPEG", {}), ("JPEG", {"progressive": True}), ("JPEG2000", {"no_jp2": True})]
)
def test_a_stream_with_nothing_to_hide_stays_byte_for_byte(options):
    kind, more = options
    stream = bytearray(picture(GREY8, kind, **more))
    # OpenJPEG signs its streams.
    blank_metadata(stream, 0, len(stream))
    for padding in (b"", b"\0", b"\xff"):
        data = bytearray(stream + padding)
        blank_metadata(data, 0, len(data))
        assert data == stream + padding
    assert bytes(stream) == picture(GREY8, kind, **more) or kind == "JPEG2000"


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([stream for stream, _ in STREAMS.values()]), st.data())
def test_a_damaged_stream_keeps_its_length_and_ends(stream, data):
    broken = bytearray(stream)
    for _ in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    start, end = data.draw(st.integers(0, 4)), data.draw(st.integers(0, len(broken)))
    before = bytes(broken)
    blank_metadata(broken, start, end)
    assert len(broken) == len(before)
    assert broken[:start] == before[:start]
    assert broken[max(start, end) :] == before[max(start, end) :]


def test_a_palette_stays_only_where_pixels_are_places_in_it():
    colours, table = {}, np.arange(256, dtype="<u2").tobytes()
    for colour in ("Red", "Green", "Blue"):
        colours[f"{colour}PaletteColorLookupTableDescriptor"] = [256, 0, 16]
        colours[f"{colour}PaletteColorLookupTableData"] = table[: -len(MARK)] + MARK
    grey = admit(dicom(GREY8, **colours))
    assert MARK not in grey.data
    assert "RedPaletteColorLookupTableData" not in pydicom.dcmread(io.BytesIO(grey.data))
    data = dicom(GREY8, photometric="PALETTE COLOR", **colours)
    admitted = admit(data)
    np.testing.assert_array_equal(open_scan(admitted).pixels, open_scan(data).pixels)


def test_of_a_display_table_the_entries_stay_that_it_says_it_has():
    item = Dataset()
    item.LUTDescriptor = [256, 0, 16]
    item.add_new("LUTData", "OW", np.arange(0, 2**16, 256, dtype="<u2").tobytes() + MARK)
    data = dicom(GREY8, VOILUTSequence=Sequence([item]))
    admitted = admit(data)
    assert MARK not in admitted.data
    assert open_scan(admitted).windows == open_scan(data).windows
    kept = pydicom.dcmread(io.BytesIO(admitted.data)).VOILUTSequence[0]
    assert len(kept["LUTData"].value) in (256, 512)


@pytest.mark.parametrize("mark", ["#", "%", "//"])
@pytest.mark.parametrize("rows", [2000, 40_000])
def test_remarks_below_and_far_down_in_a_table_go_too(mark, rows):
    lines = [f"{np.sin(i / 40):.4f},{np.cos(i / 40):.4f}" for i in range(rows)]
    lines.insert(450, f"{mark} Petra Planted came in")
    text = "\n".join(["MLII,V1", *lines, f"{mark}Patient: Petra Planted", ""]).encode()
    assert (len(text) > HEAD) is (rows > 2000)
    clean = clean_table(text, Notes())
    assert b"Planted" not in clean
    assert clean.count(b"\n") == text.count(b"\n")
    before, after = (open_signal({"a.csv": one}, rate=360) for one in (text, clean))
    np.testing.assert_array_equal(after.samples, before.samples)
    assert (after.leads, after.notes) == (before.leads, before.notes)


def test_the_end_of_a_picture_in_a_tiff_is_the_end():
    out = io.BytesIO()
    Image.fromarray(GREY8).save(out, "TIFF", compression="jpeg")
    admitted = admit(out.getvalue() + MARK)
    assert MARK not in admitted.data
    np.testing.assert_array_equal(open_scan(admitted).pixels, open_scan(out.getvalue()).pixels)
