"""The front door: by content, lazily, and quietly."""

from __future__ import annotations

import subprocess
import sys
import threading

import numpy as np

from medmodels.inputs.open_scan import open_scan
from tests.inputs.scan_files import dicom, picture, ramp

GREY8 = ramp()


def test_the_content_decides() -> None:
    assert open_scan(picture(GREY8, "PNG")).source == "PNG, 8-bit grey"
    assert open_scan(picture(GREY8, "JPEG")).source == "JPEG, 8-bit grey"
    assert open_scan(dicom(GREY8)).source == "DICOM, uncompressed, 8-bit grey"


def test_a_dicom_behind_another_files_magic_is_a_dicom() -> None:
    # The preamble may be made to look like a TIFF or a program (PS3.10, 7.1).
    for magic in (b"II*\0\x08\0\0\0", b"MZ\x90\0", b"\x89PNG\r\n\x1a\n"):
        data = dicom(GREY8)
        np.testing.assert_array_equal(open_scan(magic + data[len(magic) :]).pixels, GREY8)


def test_decoders_are_imported_when_needed() -> None:
    code = (
        "import sys, medmodels.inputs.open_scan;"
        "sys.exit(any(m in sys.modules for m in ('pydicom', 'tifffile', 'gdcm', 'PIL.Image')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_many_at_once() -> None:
    files = [dicom(GREY8, RescaleSlope=1, RescaleIntercept=i) for i in range(8)]
    found = [0.0] * 8

    def read(index: int) -> None:
        for _ in range(5):
            found[index] = float(open_scan(files[index]).pixels.min())

    threads = [threading.Thread(target=read, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == list(range(8))
