"""What is made of one frame of a multi-frame image says which frame that was."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO

import numpy as np
import pydicom
import pytest
from highdicom.sr import srread

from medmodels.inputs import burned_in_final
from medmodels.inputs.airlock import admit
from medmodels.inputs.burned_in import Box
from medmodels.inputs.burned_in_final import blanked
from medmodels.inputs.open_scan import open_scan
from medmodels.reading import read
from medmodels.reports.all_exports import EXPORTS
from medmodels.reports.dicom_capture import secondary_capture
from medmodels.reports.dicom_structured import structured_report
from tests.bundles_fixture import made_ramps
from tests.inputs.scan_files import dicom
from tests.reports.dicom_checks import check_standard, opened, texts
from tests.reports.made_readings import MADE, ORIGIN, ramp_reading

SECOND = "Frame 2 of 3 in the file."
# Multi-frame Grayscale Word Secondary Capture Image Storage.
WORDS = "1.2.840.10008.5.1.4.1.1.7.3"
FRAMES = np.rint(200 * made_ramps(3)[..., 0]).astype(np.uint8)
FILE = dicom(FRAMES)


@pytest.fixture(scope="module")
def second(knows_ramps):
    """The second of three frames, as it comes from a file."""
    return read(knows_ramps, open_scan(admit(FILE), frame=1))


@pytest.fixture(scope="module")
def framed(knows_ramps):
    """The same with UIDs that are known."""
    return ramp_reading(knows_ramps, origin=replace(ORIGIN, sop_class=WORDS, frame=2))


def test_the_overlay_is_tied_to_the_frame_and_to_the_instance_as_a_whole(framed):
    image = opened(secondary_capture(framed, made=MADE))
    (source,) = image.SourceImageSequence
    assert source.ReferencedFrameNumber == 2
    assert source.ReferencedSOPInstanceUID == ORIGIN.instance
    (series,) = image.ReferencedSeriesSequence
    assert "ReferencedFrameNumber" not in series.ReferencedInstanceSequence[0]


def test_every_group_of_the_report_is_about_the_frame(framed):
    groups = srread(BytesIO(structured_report(framed, made=MADE))).content
    for group in groups.get_image_measurement_groups():
        (image,) = group.source_images
        assert image.referenced_sop_instance_uid == ORIGIN.instance
        assert image.referenced_frame_numbers == [2]


def test_of_an_image_with_one_frame_no_frame_is_named(knows_ramps):
    single = ramp_reading(knows_ramps)
    for make in (secondary_capture, structured_report):
        named = [e for e in opened(make(single, made=MADE)).iterall()
                 if e.keyword == "ReferencedFrameNumber"]  # fmt: skip
        assert named == []
    assert read(knows_ramps, open_scan(admit(dicom(FRAMES[0])))).scan.origin.frame is None


def test_a_validator_finds_no_error(framed, tmp_path):
    for make in (secondary_capture, structured_report):
        check_standard(make(framed, made=MADE), tmp_path)


def test_frames_of_one_file_are_told_apart_in_every_kind_of_export(second, knows_ramps):
    third = read(knows_ramps, open_scan(admit(FILE), frame=2))
    assert second.input_digest == third.input_digest
    assert second.scan.origin.frame == 2
    assert third.scan.origin == replace(second.scan.origin, frame=3)
    for export in EXPORTS:
        if export.key.startswith("dicom"):
            assert SECOND in texts(pydicom.dcmread(BytesIO(export.make(second, made=MADE))))
    assert SECOND in json.loads(_made("json", second))["notes"]
    assert SECOND in _made("html", second)
    assert SECOND in _made("fhir", second)


def test_a_frame_whose_hiding_was_made_final_says_so_still(monkeypatch, knows_ramps):
    monkeypatch.setattr(burned_in_final, "MOST_PIXELS", FRAMES[0].size)
    final = blanked(admit(FILE), [Box(0, 0, 4, 4)], frame=1)
    reading = read(knows_ramps, open_scan(final))
    assert reading.notes.count(SECOND) == 1
    assert reading.scan.origin.frame == 2


def _made(key: str, reading) -> str:
    (export,) = (one for one in EXPORTS if one.key == key)
    return export.make(reading, made=MADE).decode()
