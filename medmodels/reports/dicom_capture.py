"""A reading's overlay as DICOM Secondary Capture (PS3.3 A.8), for a viewer beside the scan."""

from __future__ import annotations

from datetime import datetime

from highdicom.sc import SCImage
from highdicom.sc.enum import ConversionTypeValues
from highdicom.sr import CodedConcept
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.valuerep import DA, TM

from medmodels import NOTICE
from medmodels.figures.saliency_words import scale_sentence
from medmodels.reading import Reading
from medmodels.reports.conclusion import answered
from medmodels.reports.dicom_codes import own_code, scheme
from medmodels.reports.dicom_object import dates, equipment, uid_of, written
from medmodels.reports.dicom_picture import capture_picture
from medmodels.reports.dicom_source import referenced_frames, source_dataset
from medmodels.reports.fingerprint import fingerprint
from medmodels.reports.reading_map import ShownMap, shown_map, verdict_paragraphs

# Far from the numbers that scanners give.
_SERIES_NUMBER = 9001
# VR ST.
_LONGEST = 1024


def secondary_capture(reading: Reading, *, made: datetime, insist: bool = False) -> bytes:
    """Make the file; see `medmodels.reports.exports.Make`.

    Parameters
    ----------
    reading : Reading
        Of a DICOM image.
    made : datetime
        With a time zone.
    insist : bool
        Show the answer of a reading that would be withheld.
    """
    source, printed = source_dataset(reading), fingerprint(reading, insist=insist, made=made)
    image = SCImage(
        pixel_array=capture_picture(reading, insist=insist),
        photometric_interpretation="RGB",
        bits_allocated=8,
        coordinate_system="PATIENT",
        # highdicom asks for one; emptied below.
        patient_orientation=("L", "F"),
        study_instance_uid=source.StudyInstanceUID,
        series_instance_uid=uid_of(printed, "capture series"),
        series_number=_SERIES_NUMBER,
        sop_instance_uid=uid_of(printed, "capture"),
        instance_number=1,
        coding_schemes=[scheme()],
        **equipment(reading),
        **dates(made),
    )
    # Type 2: neither which way the patient lay is known here, nor which side it is.
    image.PatientOrientation = []
    image.Laterality = ""
    image.ConversionType = ConversionTypeValues.WSD.value
    image.DateOfSecondaryCapture = DA(made.date())
    image.TimeOfSecondaryCapture = TM(made.time().replace(microsecond=0))
    # The words below the picture are burned in, and so is what the source had burned in.
    image.BurnedInAnnotation = "YES"
    image.ImageComments = NOTICE
    shown = shown_map(reading, 0) if answered(reading, insist=insist) else None
    _derive(
        image, source, _described(reading, shown), referenced_frames(reading),
        overlaid=shown is not None,
    )  # fmt: skip
    return written(image, reading, made)


def _derive(
    image: SCImage, source: Dataset, described: str, frames: list[int] | None, *, overlaid: bool
) -> None:
    """Say what it was made of and how (PS3.3 C.7.6.1.1.3, C.12.2)."""
    image.DerivationDescription = described
    image.DerivationCodeSequence = [CodedConcept.from_code(codes.DCM.SpatialResampling)]
    if overlaid:
        image.DerivationCodeSequence.append(
            own_code("saliency-overlay", "Saliency map laid over the image")
        )
    reference = Dataset()
    reference.ReferencedSOPClassUID = source.SOPClassUID
    reference.ReferencedSOPInstanceUID = source.SOPInstanceUID
    purposed = Dataset()
    purposed.update(reference)
    if frames is not None:
        # Not in the series' reference below: that is to the instance as a whole.
        purposed.ReferencedFrameNumber = frames
    purposed.SpatialLocationsPreserved = "NO"
    purposed.PurposeOfReferenceCodeSequence = [
        CodedConcept.from_code(codes.DCM.SourceImageForImageProcessingOperation)
    ]
    image.SourceImageSequence = [purposed]
    series = Dataset()
    series.SeriesInstanceUID = source.SeriesInstanceUID
    series.ReferencedInstanceSequence = [reference]
    image.ReferencedSeriesSequence = [series]


def _described(reading: Reading, shown: ShownMap | None) -> str:
    """What was done, the notice last whatever must be cut for it."""
    steps = "The source through its default window, averaged to at most 1024 pixels a side"
    # A picture that was turned or inverted at the reader's request says so here.
    done = "".join(f" {note}" for note in reading.notes)
    if shown is None:
        told = f"{steps}; no map is laid over it; words below.{done}"
    else:
        rows, columns = shown.map.grid[:2]
        verdict = " ".join(part.text for part in verdict_paragraphs(shown))
        told = (
            f"{steps}; laid over it the {shown.map.method} map ({shown.map.unit}) of {columns} x "
            f"{rows} cells; colour bar and words below. {verdict} "
            f"{scale_sentence(shown.map, shown.scale)} Not for measuring.{done}"
        )
    return f"{told[: _LONGEST - len(NOTICE) - 1]} {NOTICE}"
