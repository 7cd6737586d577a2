"""Hidden for good: the same scan to the last pixel and word, and nothing of what lay under it."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from medmodels.inputs import burned_in_final
from medmodels.inputs.airlock import admit
from medmodels.inputs.burned_in import Box
from medmodels.inputs.burned_in_final import blanked
from medmodels.inputs.burned_in_mask import masked
from medmodels.inputs.errors import InputError
from medmodels.inputs.open_scan import open_scan
from tests.inputs.scan_files import dicom, picture, tiff
from tests.inputs.test_burned_in import drawn, ground

BOXES = (Box(5, 4, 25, 200), Box(100, 300, 140, 360))
EIGHT = drawn("DOE^JANE 1931").astype(np.uint8)
TWELVE = EIGHT.astype(np.uint16) * 15
FILES = {
    "PNG": picture(EIGHT, "PNG"),
    "JPEG, quality 60": picture(EIGHT, "JPEG", quality=60),
    "colour JPEG": picture(np.dstack([EIGHT, ground(), EIGHT // 2]), "JPEG"),
    "BMP": picture(EIGHT, "BMP"),
    "TIFF": tiff(TWELVE),
    "DICOM with a window": dicom(
        TWELVE, bits=12, WindowCenter=1700, WindowWidth=2200, BurnedInAnnotation="YES",
        RescaleSlope="1.5", RescaleIntercept="-1000", PixelSpacing=[0.2, 0.3],
    ),
    "DICOM without": dicom(TWELVE, bits=12),
    "MONOCHROME1": dicom(4095 - TWELVE, bits=12, PhotometricInterpretation="MONOCHROME1"),
}  # fmt: skip


def same(one, other) -> None:
    for name in (field.name for field in fields(one)):
        a, b = getattr(one, name), getattr(other, name)
        assert np.array_equal(a, b) if name == "pixels" else a == b, name


@pytest.mark.parametrize("name", FILES)
def test_the_scan_is_the_one_that_was_masked(name):
    file = admit(FILES[name])
    final = blanked(file, BOXES, frame=0)
    same(open_scan(final), masked(open_scan(file), BOXES))
    assert final.data == b""
    assert (final.digest, final.kind, final.found) == (file.digest, file.kind, file.found)
    for box in BOXES:
        under = final.final[0].pixels[box.top : box.bottom, box.left : box.right]
        assert under.min() == under.max()


def test_more_can_be_hidden_and_made_final_after_that():
    file = admit(FILES["PNG"])
    once = blanked(file, BOXES[:1], frame=0)
    twice = blanked(once, BOXES[1:], frame=0)
    under = masked(open_scan(file), BOXES).pixels
    np.testing.assert_array_equal(open_scan(twice).pixels, under)
    assert sum("hidden at the reader" in note for note in open_scan(twice).notes) == 2


def several(frames: int = 3) -> bytes:
    return dicom(np.stack([TWELVE + i for i in range(frames)]), bits=12, NumberOfFrames=frames)


def test_every_frame_is_black_there():
    file = admit(several())
    final = blanked(file, BOXES, frame=1)
    for frame in range(3):
        same(open_scan(final, frame=frame), masked(open_scan(file, frame=frame), BOXES))
    with pytest.raises(InputError):
        open_scan(final, frame=3)


def test_of_too_many_pixels_the_open_frame_is_held(monkeypatch):
    monkeypatch.setattr(burned_in_final, "MOST_PIXELS", 2 * EIGHT.size)
    file = admit(several())
    final = blanked(file, BOXES, frame=2)
    scan = open_scan(final)
    assert (scan.frame, scan.frames) == (0, 1)
    np.testing.assert_array_equal(scan.pixels, masked(open_scan(file, frame=2), BOXES).pixels)
