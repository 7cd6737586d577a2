"""The overlay as DICOM: tied to the scan, of nobody, the same whenever it is made."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from medmodels import NOTICE
from medmodels.figures.thumbnail import bar_colours
from medmodels.inputs.airlock import admit
from medmodels.inputs.open_scan import open_scan
from medmodels.reading import read
from medmodels.reading.explained import explain_row, with_explained
from medmodels.reports.dicom_capture import secondary_capture
from medmodels.reports.dicom_exports import DICOM_EXPORTS
from medmodels.reports.dicom_picture import capture_picture
from medmodels.reports.fhir_exports import FHIR_EXPORTS
from tests.bundles_fixture import made_ramps
from tests.inputs.scan_files import dicom
from tests.reports.dicom_checks import check_standard, opened, texts
from tests.reports.made_readings import LATER, MADE, ORIGIN, ramp_reading, withheld

ROOT = Path(__file__).resolve().parents[2]
WIDTH, HEIGHT = 720, 360


@pytest.fixture(scope="module")
def reading(knows_ramps):
    return ramp_reading(knows_ramps)


@pytest.fixture(scope="module")
def explained(knows_ramps, reading):
    return with_explained(reading, explain_row(knows_ramps, reading))


def test_it_is_a_new_image_tied_to_its_source(reading):
    image = opened(secondary_capture(reading, made=MADE))
    assert image.SOPClassUID == "1.2.840.10008.5.1.4.1.1.7"
    assert image.ImageType[:2] == ["DERIVED", "SECONDARY"]
    (source,) = image.SourceImageSequence
    assert source.ReferencedSOPInstanceUID == ORIGIN.instance
    assert source.ReferencedSOPClassUID == ORIGIN.sop_class
    assert source.PurposeOfReferenceCodeSequence[0].CodeValue == "121322"
    (series,) = image.ReferencedSeriesSequence
    assert series.SeriesInstanceUID == ORIGIN.series
    assert series.ReferencedInstanceSequence[0].ReferencedSOPInstanceUID == ORIGIN.instance
    assert image.DeviceSerialNumber == reading.bundle_digest
    assert f"tensorflow {reading.versions['tensorflow']}" in image.SoftwareVersions


def test_it_says_when_and_where_on_earth_it_was_made(reading):
    image = opened(secondary_capture(reading, made=MADE))
    dates = {e.value for e in image.iterall() if e.VR == "DA" and e.value}
    times = {e.value for e in image.iterall() if e.VR == "TM" and e.value}
    assert (dates, times) == ({"20261130"}, {"090807"})
    assert image.TimezoneOffsetFromUTC == "+0100"


def test_it_shows_the_scan_in_its_proportions_with_the_map_and_the_words_below(reading):
    shown = opened(secondary_capture(reading, made=MADE)).pixel_array
    assert np.array_equal(shown, capture_picture(reading, insist=False))
    assert shown.dtype == np.uint8
    assert shown.shape[1:] == (WIDTH, 3)
    assert shown.shape[0] > HEIGHT + 100
    map_ = reading.scan.maps["hires_cam"][int(reading.labels[0])]
    large = np.asarray(
        Image.fromarray(map_.values).resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)
    )
    plain = Image.fromarray(reading.scan.shown).resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)
    # By hand, where it is weak: colours fade in over 0.35 of the scale, to an opacity of 0.6.
    share = large / reading.map_scales["HiResCAM"]
    at = np.unravel_index(np.abs(np.abs(share) - 0.1).argmin(), share.shape)
    assert 0.05 < abs(share[at]) < 0.2
    colour = bar_colours(map_)[round((share[at] + 1) / 2 * 64)]
    assert map_.signed
    alpha = 0.6 * abs(share[at]) / 0.35
    expected = (1 - alpha) * np.asarray(plain)[at] + 255 * alpha * colour
    assert shown[at] == pytest.approx(expected, abs=1)


def test_the_colour_bar_has_the_colours_of_the_map_from_end_to_end(reading):
    shown = capture_picture(reading, insist=False)
    colours = np.rint(255 * bar_colours(reading.scan.maps["hires_cam"][0])).astype(np.uint8)
    bar = shown[HEIGHT + 20]
    lit = np.flatnonzero(bar.any(axis=1))
    assert np.array_equal(bar[lit[0]], colours[0])
    assert np.array_equal(bar[lit[-1]], colours[-1])


def test_a_map_that_came_with_the_answer_is_said_to_be_untested(reading):
    image = opened(secondary_capture(reading, made=MADE))
    assert "not tested" in image.DerivationDescription
    assert "HiResCAM" in image.DerivationDescription
    assert image.DerivationDescription.endswith(NOTICE)


@pytest.mark.parametrize("passed", [True, False])
def test_an_audited_map_is_said_to_be_evidence_or_not(explained, passed):
    (one,) = explained.explained
    judged = replace(one.audit.faithfulness, level=1.0 if passed else -1.0, margin=-99.0)
    audit = replace(one.audit, faithfulness=judged, sanity=None)
    reading = replace(explained, explained=(replace(one, audit=audit),))
    described = opened(secondary_capture(reading, made=MADE)).DerivationDescription
    assert audit.sentence in described
    assert ("Evidence." in described) is passed
    assert ("Not reliable here" in described) is not passed


def test_a_picture_that_was_turned_says_so(reading):
    turned = replace(reading, notes=("Turned by half at the reader’s request.", "x" * 2000))
    described = opened(secondary_capture(turned, made=MADE)).DerivationDescription
    assert "Turned by half at the reader’s request." in described
    assert len(described) <= 1024
    assert described.endswith(NOTICE)
    plain = capture_picture(reading, insist=False)
    assert capture_picture(turned, insist=False).shape[0] > plain.shape[0]


def test_what_is_burned_in_is_owned_up_to(reading):
    image = opened(secondary_capture(reading, made=MADE))
    assert image.BurnedInAnnotation == "YES"
    assert image.ImageComments == NOTICE


def test_a_withheld_answer_is_neither_written_nor_pointed_at(reading):
    kept = withheld(reading)
    image = opened(secondary_capture(kept, made=MADE))
    assert "no map" in image.DerivationDescription
    for entry in kept.card.classes:
        assert entry.title not in texts(image)
    plain = Image.fromarray(kept.scan.shown).resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)
    grey = image.pixel_array[:HEIGHT]
    assert np.array_equal(grey, np.repeat(np.asarray(plain)[..., None], 3, axis=2))
    asked = opened(secondary_capture(kept, made=MADE, insist=True))
    assert "HiResCAM" in asked.DerivationDescription
    assert asked.SOPInstanceUID != image.SOPInstanceUID


def test_the_same_reading_gives_the_same_bytes(reading):
    file = secondary_capture(reading, made=MADE)
    slower = replace(reading, timings={"network": 99.0})
    assert secondary_capture(slower, made=MADE) == file
    other = opened(secondary_capture(reading, made=LATER))
    assert other.SOPInstanceUID != opened(file).SOPInstanceUID


def test_it_is_the_same_in_another_process(reading, tmp_path):
    (tmp_path / "reading").write_bytes(pickle.dumps(reading))
    code = (
        "import pickle, sys; from pathlib import Path;"
        "from tests.reports.made_readings import MADE;"
        "from medmodels.reports.dicom_exports import DICOM_EXPORTS;"
        "from medmodels.reports.fhir_exports import FHIR_EXPORTS;"
        "reading = pickle.loads(Path(sys.argv[1], 'reading').read_bytes());"
        "[Path(sys.argv[1], e.key).write_bytes(e.make(reading, made=MADE))"
        " for e in (*DICOM_EXPORTS, *FHIR_EXPORTS)]"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path], cwd=ROOT, check=True, timeout=120)
    for export in (*DICOM_EXPORTS, *FHIR_EXPORTS):
        again = export.make(reading, made=MADE)
        assert (tmp_path / export.key).read_bytes() == again


def test_the_source_keeps_its_uids_only_where_the_user_kept_them(reading):
    kept = replace(reading, scan=replace(reading.scan, origin=replace(ORIGIN, kept=True)))
    without, with_them = (opened(secondary_capture(one, made=MADE)) for one in (reading, kept))
    assert "UIDs replaced" in without.DeidentificationMethod
    assert "its UIDs" in with_them.DeidentificationMethod
    told = [
        [code.CodeValue for code in one.DeidentificationMethodCodeSequence]
        for one in (without, with_them)
    ]
    assert told == [["113100"], ["113100", "113110"]]


def test_a_name_that_came_with_the_scan_is_in_no_file_that_is_made_of_it(knows_ramps):
    person = {"ReferringPhysicianName": "Planted^Doctor", "AccessionNumber": "PLANTED-1"}
    study = {"StudyInstanceUID": "1.2.3.4", "SeriesInstanceUID": "1.2.3.5"}
    pixels = np.rint(200 * made_ramps(1)[0, ..., 0]).astype(np.uint8)
    file = dicom(pixels, StudyDescription="Planted study", **person, **study)
    scan = open_scan(admit(file))
    reading = read(knows_ramps, scan)
    assert reading.scan.origin == scan.origin
    assert not scan.origin.kept
    for export in (*DICOM_EXPORTS, *FHIR_EXPORTS):
        made = export.make(reading, made=MADE, insist=True)
        for planted in (b"lanted", b"PLANTED", b"Secret", b"SECRET", b"1.2.3.4", b"1.2.3.5"):
            assert planted not in made
        assert scan.origin.study.encode() in made


def test_a_validator_finds_no_error(reading, tmp_path):
    for insist in (False, True):
        for one in (reading, withheld(reading)):
            check_standard(secondary_capture(one, made=MADE, insist=insist), tmp_path)


def test_writing_waits_for_no_network():
    code = (
        "import sys, medmodels.reports.dicom_exports as e; "
        "assert not {'highdicom', 'pydicom'} & set(sys.modules), 'before it is asked for'; "
        "import medmodels.reports.dicom_capture, medmodels.reports.dicom_structured; "
        "assert not {'tensorflow', 'keras', 'streamlit'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)


def test_only_what_came_as_dicom_goes_back_as_dicom(reading, knows_ramps):
    plain = ramp_reading(knows_ramps, origin=None)
    assert [e.fits(reading) for e in DICOM_EXPORTS] == [True, True]
    assert [e.fits(plain) for e in DICOM_EXPORTS] == [False, False]


def test_a_moment_without_a_zone_is_refused(reading):
    with pytest.raises(ValueError, match="time zone"):
        secondary_capture(reading, made=MADE.replace(tzinfo=None))
