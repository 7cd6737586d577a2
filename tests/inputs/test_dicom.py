"""DICOM pixels against hand-computed arrays."""

from __future__ import annotations

import io
import logging
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom import uid
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence

from medmodels.inputs.open_scan import open_scan
from medmodels.inputs.scan import Window, apply_window
from tests.inputs.scan_files import dicom, picture, ramp, written

GREY8 = ramp()
GREY12 = ramp(top=4095)
GREY16 = ramp(top=65535)
RGB8 = np.random.default_rng(1).integers(0, 256, (40, 50, 3), dtype=np.uint8)


def _shipped(name: str) -> bytes:
    path = get_testdata_file(name, download=False)
    assert path is not None
    return Path(str(path)).read_bytes()


def _edited(data: bytes, **elements: object) -> bytes:
    dataset = pydicom.dcmread(io.BytesIO(data))
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return written(dataset)


@pytest.mark.parametrize(
    "syntax",
    [
        uid.ImplicitVRLittleEndian,
        uid.ExplicitVRLittleEndian,
        uid.ExplicitVRBigEndian,
        uid.DeflatedExplicitVRLittleEndian,
    ],
)
@pytest.mark.parametrize("pixels", [GREY12, GREY16])
def test_uncompressed(pixels: np.ndarray, syntax: uid.UID) -> None:
    scan = open_scan(dicom(pixels, syntax=syntax))
    np.testing.assert_array_equal(scan.pixels, pixels)
    assert scan.value_range == (0, pixels.max())


@pytest.mark.parametrize(
    ("compress", "words"),
    [
        (uid.RLELossless, "RLE"),
        (uid.JPEGLSLossless, "JPEG-LS lossless"),
        (uid.JPEG2000Lossless, "JPEG 2000 lossless"),
    ],
)
@pytest.mark.parametrize(
    ("pixels", "photometric", "bits"),
    [
        (GREY8, "MONOCHROME2", 8),
        (GREY12, "MONOCHROME2", 12),
        (GREY16, "MONOCHROME2", 16),
        ((GREY12.astype(np.int32) - 2048).astype(np.int16), "MONOCHROME2", 12),
        (RGB8, "RGB", 8),
    ],
)
def test_lossless(
    compress: uid.UID, words: str, pixels: np.ndarray, photometric: str, bits: int
) -> None:
    scan = open_scan(dicom(pixels, photometric=photometric, bits=bits, compress=compress))
    np.testing.assert_array_equal(scan.pixels, pixels)
    assert scan.source.startswith(f"DICOM, {words}, {bits}-bit")


def test_jpeg_baseline_written_by_hand() -> None:
    stream = picture(GREY8, "JPEG", quality=95)
    dataset = pydicom.dcmread(io.BytesIO(dicom(GREY8)))
    dataset.file_meta.TransferSyntaxUID = uid.JPEGBaseline8Bit
    dataset.PixelData = encapsulate([stream])
    scan = open_scan(written(dataset))
    np.testing.assert_array_equal(scan.pixels, np.asarray(Image.open(io.BytesIO(stream))))


def test_jpeg_lossless_equals_what_it_was_made_from() -> None:
    lossless = open_scan(_shipped("SC_rgb_jpeg_gdcm.dcm"))
    rle = open_scan(_shipped("SC_rgb_rle.dcm"))
    assert lossless.source == "DICOM, JPEG lossless, 8-bit colour"
    np.testing.assert_array_equal(lossless.pixels, rle.pixels)


def test_jpeg_extended_with_12_bits() -> None:
    # Reference values from pydicom's own tests of this file.
    scan = open_scan(_shipped("JPGExtended.dcm"))
    assert scan.source == "DICOM, JPEG extended, 12-bit grey"
    assert scan.shape == (1024, 256)
    assert (scan.pixels[420, 140], scan.pixels[230, 120]) == (244, 95)


@pytest.mark.parametrize(
    "name",
    [
        "MR_small_RLE.dcm",
        "MR_small_implicit.dcm",
        "MR_small_expb.dcm",
        "MR_small_jp2klossless.dcm",
        "MR_small_jpeg_ls_lossless.dcm",
        "MR_small_padded.dcm",
    ],
)
def test_one_image_in_many_encodings(name: str) -> None:
    plain = open_scan(_shipped("MR_small.dcm"))
    scan = open_scan(_shipped(name))
    np.testing.assert_array_equal(scan.pixels, plain.pixels)
    assert scan.windows == plain.windows
    assert scan.windows[0] == Window("From the file", 599.5, 1599)
    assert scan.spacing_mm == (0.3125, 0.3125)
    assert scan.modality == "MR"


@pytest.mark.parametrize(
    "name", ["SC_rgb_dcmtk_+eb+cr.dcm", "SC_rgb_jpeg_dcmtk.dcm", "SC_ybr_full_422_uncompressed.dcm"]
)
def test_colour_spaces_end_in_rgb(name: str) -> None:
    # The test card's first bar is red in each of these.
    red, green, blue = open_scan(_shipped(name)).pixels[5, 50]
    assert red > 250
    assert max(green, blue) < 5


def test_monochrome1_is_inverted_with_its_window() -> None:
    data = dicom(GREY12, photometric="MONOCHROME1", bits=12, WindowCenter=1000, WindowWidth=401)
    scan = open_scan(data)
    np.testing.assert_array_equal(scan.pixels, 4095 - GREY12.astype(np.float32))
    # 1000 and 401 are 799.5 to 1199.5 exactly; mirrored in 0 to 4095.
    assert scan.windows[0] == Window("From the file", 4095 - 999.5, 400)
    assert any("MONOCHROME1" in note for note in scan.notes)


def test_monochrome1_and_its_twin_look_the_same() -> None:
    first = dicom(
        4095 - GREY12, photometric="MONOCHROME1", bits=12, WindowCenter=1000, WindowWidth=401
    )
    second = dicom(GREY12, bits=12, WindowCenter=4095 + 1 - 1000, WindowWidth=401)
    shown = [apply_window(s.pixels, s.windows[0]) for s in map(open_scan, (first, second))]
    np.testing.assert_array_equal(shown[0], shown[1])


def test_rescale() -> None:
    data = dicom(GREY12, bits=12, RescaleSlope="0.5", RescaleIntercept="-1024", Modality="CT")
    scan = open_scan(data)
    np.testing.assert_array_equal(scan.pixels, GREY12 * 0.5 - 1024)
    assert scan.value_range == (-1024, 4095 / 2 - 1024)
    assert "Lung" in {window.name for window in scan.windows}


def test_monochrome1_after_rescale_is_mirrored_in_the_rescaled_range() -> None:
    data = dicom(
        GREY12, photometric="MONOCHROME1", bits=12, RescaleSlope="-2", RescaleIntercept="100"
    )
    values = GREY12 * -2.0 + 100
    expected = (100 + (100 - 2 * 4095)) - values
    np.testing.assert_array_equal(open_scan(data).pixels, expected)


def test_modality_table() -> None:
    item = Dataset()
    item.LUTDescriptor = [4, 2, 16]
    item.LUTData = [10, 20, 30, 4000]
    item["LUTDescriptor"].VR = "US"
    item["LUTData"].VR = "US"
    item.ModalityLUTType = "US"
    pixels = np.tile(np.arange(8, dtype=np.uint16), (40, 5))
    scan = open_scan(dicom(pixels, ModalityLUTSequence=Sequence([item])))
    np.testing.assert_array_equal(scan.pixels[0, :8], [10, 10, 10, 20, 30, 4000, 4000, 4000])


def test_signed_pixels_in_12_of_16_bits() -> None:
    pixels = (GREY12.astype(np.int32) - 2048).astype(np.int16)
    # What lies in the four unused bits is not part of the value (PS3.5, 8.1.1).
    dataset = pydicom.dcmread(io.BytesIO(dicom(pixels, bits=12)))
    raw = np.frombuffer(dataset.PixelData, "<u2").copy()
    raw = (raw & 0x0FFF) | 0xA000
    dataset.PixelData = raw.tobytes()
    np.testing.assert_array_equal(open_scan(written(dataset)).pixels, pixels)


def test_stored_bits_that_start_above_bit_0() -> None:
    data = _edited(dicom(GREY12 << 4), BitsStored=12, HighBit=15)
    np.testing.assert_array_equal(open_scan(data).pixels, GREY12)


def test_windows_from_the_file_with_explanations() -> None:
    data = dicom(
        GREY12,
        WindowCenter=[500, 2000],
        WindowWidth=[101, 1001],
        WindowCenterWidthExplanation=["SOFTER", "Mr Secret Name, born 1950-01-01, room 7"],
    )
    names = [window.name for window in open_scan(data).windows]
    assert names[:2] == ["From the file: SOFTER", "From the file: 2"]
    assert names[2:4] == ["Fitted to the image", "Full range"]
    first = open_scan(data).windows[0]
    assert (first.centre, first.width) == (499.5, 100)


def test_linear_exact_window_is_not_moved() -> None:
    data = dicom(GREY12, WindowCenter=500, WindowWidth=100, VOILUTFunction="LINEAR_EXACT")
    assert open_scan(data).windows[0] == Window("From the file", 500, 100)


def test_our_window_shows_what_pydicom_shows() -> None:
    data = dicom(GREY12, bits=12, WindowCenter=1234, WindowWidth=777)
    scan = open_scan(data)
    dataset = pydicom.dcmread(io.BytesIO(data))
    theirs = pydicom.pixels.apply_windowing(dataset.pixel_array, dataset) / 4095
    np.testing.assert_allclose(apply_window(scan.pixels, scan.windows[0]), theirs, atol=1e-6)


def test_sigmoid_window_is_said_to_be_straightened() -> None:
    data = dicom(GREY12, WindowCenter=500, WindowWidth=100, VOILUTFunction="SIGMOID")
    scan = open_scan(data)
    assert scan.windows[0] == Window("From the file", 500, 100)
    assert any("S-shaped" in note for note in scan.notes)


def test_voi_table_becomes_a_straight_window() -> None:
    item = Dataset()
    item.LUTDescriptor = [1001, 1000, 16]
    item.LUTData = [int(v) for v in np.linspace(0, 60000, 1001)]
    item["LUTDescriptor"].VR = "US"
    item["LUTData"].VR = "US"
    scan = open_scan(dicom(GREY12, VOILUTSequence=Sequence([item])))
    assert scan.windows[0].name == "From the file"
    assert scan.windows[0].centre == pytest.approx(1500, abs=2)
    assert scan.windows[0].width == pytest.approx(960, abs=3)
    assert any("VOI LUT" in note for note in scan.notes)


def test_a_window_that_shows_nothing_is_not_offered() -> None:
    scan = open_scan(dicom(GREY12, WindowCenter=60000, WindowWidth=10))
    assert scan.windows[0].name == "Fitted to the image"
    assert any("outside" in note for note in scan.notes)


def test_8_bits_without_a_window_are_shown_as_a_jpeg_is() -> None:
    scan = open_scan(dicom(GREY8 // 3))
    assert scan.windows[0] == Window("Full range", 127.5, 255)


def test_padding_is_left_out_of_the_window() -> None:
    pixels = GREY12.copy() // 4 + 1000
    pixels[:, :10] = 60000
    scan = open_scan(dicom(pixels, PixelPaddingValue=60000))
    assert scan.value_range == (pixels.min(), pixels[:, 10:].max())
    assert scan.pixels[0, 0] == scan.pixels.min()
    assert any("20% of the pixels are padding" in note for note in scan.notes)


def test_palette_colour() -> None:
    tables = {}
    for name, values in (("Red", np.arange(256)), ("Green", 255 - np.arange(256)), ("Blue", 9)):
        table = np.broadcast_to(values, (256,)).astype("<u2") * 257
        tables[f"{name}PaletteColorLookupTableDescriptor"] = [256, 0, 16]
        tables[f"{name}PaletteColorLookupTableData"] = table.tobytes()
    scan = open_scan(dicom(GREY8, photometric="PALETTE COLOR", **tables))
    expected = np.stack([GREY8, 255 - GREY8, np.full_like(GREY8, 9)], axis=-1)
    np.testing.assert_allclose(scan.pixels, expected, atol=1e-3)
    assert scan.source == "DICOM, uncompressed, 8-bit palette colour"


def test_long_palette_of_8_bit_entries() -> None:
    pixels = ramp(top=999)
    tables = {}
    for shift, name in enumerate(("Red", "Green", "Blue")):
        table = ((np.arange(1000) >> shift) % 256).astype(np.uint8)
        tables[f"{name}PaletteColorLookupTableDescriptor"] = [1000, 0, 8]
        tables[f"{name}PaletteColorLookupTableData"] = table.tobytes()
    scan = open_scan(dicom(pixels, photometric="PALETTE COLOR", **tables))
    expected = np.stack([(pixels >> shift) % 256 for shift in range(3)], axis=-1)
    np.testing.assert_array_equal(scan.pixels, expected)


def test_16_bit_colour_is_scaled_to_255() -> None:
    rgb = RGB8.astype(np.uint16) * 257
    np.testing.assert_allclose(open_scan(dicom(rgb, photometric="RGB")).pixels, RGB8, rtol=1e-6)


def test_colour_that_is_grey_becomes_grey() -> None:
    rgb = np.repeat(GREY8[..., np.newaxis], 3, axis=2)
    np.testing.assert_array_equal(open_scan(dicom(rgb, photometric="RGB")).pixels, GREY8)


@pytest.mark.parametrize("compress", ["", uid.RLELossless, uid.JPEG2000Lossless])
def test_frames(compress: str) -> None:
    frames = np.stack([GREY12, GREY12 // 2, GREY12 // 3])
    data = dicom(frames, bits=12, compress=compress)
    for index, expected in enumerate(frames):
        scan = open_scan(data, frame=index)
        np.testing.assert_array_equal(scan.pixels, expected)
        assert (scan.frame, scan.frames) == (index, 3)


def test_each_frame_has_its_own_rescale_window_and_spacing() -> None:
    groups = []
    for index in range(2):
        transform, window, measures, group = Dataset(), Dataset(), Dataset(), Dataset()
        transform.RescaleSlope, transform.RescaleIntercept = index + 1, 10 * index
        window.WindowCenter, window.WindowWidth = 100 * (index + 1), 51
        measures.PixelSpacing = [0.5, 0.25 * (index + 1)]
        group.PixelValueTransformationSequence = Sequence([transform])
        group.FrameVOILUTSequence = Sequence([window])
        group.PixelMeasuresSequence = Sequence([measures])
        groups.append(group)
    frames = np.stack([GREY12, GREY12])
    scan = open_scan(dicom(frames, PerFrameFunctionalGroupsSequence=Sequence(groups)), frame=1)
    np.testing.assert_array_equal(scan.pixels, GREY12 * 2.0 + 10)
    assert scan.windows[0] == Window("From the file", 199.5, 50)
    assert scan.spacing_mm == (0.5, 0.5)


@pytest.mark.parametrize("syntax", [uid.ImplicitVRLittleEndian, uid.ExplicitVRLittleEndian])
def test_file_without_preamble(syntax: uid.UID) -> None:
    data = dicom(GREY12, syntax=syntax)
    length = int.from_bytes(data[140:144], "little")
    bare = data[144 + length :]
    assert bare[:2] == b"\x08\x00"
    np.testing.assert_array_equal(open_scan(bare).pixels, GREY12)
    np.testing.assert_array_equal(open_scan(data[132:]).pixels, GREY12)


def test_codes_spacing_and_burned_in_text() -> None:
    data = dicom(
        GREY12,
        BodyPartExamined="CHEST",
        ViewPosition="PA",
        ImagerPixelSpacing=[0.14, 0.15],
        BurnedInAnnotation="YES",
    )
    scan = open_scan(data)
    assert (scan.modality, scan.body_part, scan.view) == ("DX", "CHEST", "PA")
    assert scan.spacing_mm == (0.14, 0.15)
    assert any("detector" in note for note in scan.notes)
    assert any("may name the patient" in note for note in scan.notes)


def test_nothing_that_names_the_patient_leaves_the_reader(
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    recwarn: pytest.WarningsRecorder,
) -> None:
    data = dicom(GREY12, WindowCenterWidthExplanation="Secret^Name", BodyPartExamined="secret: x")
    # Values that pydicom complains about, and quotes.
    data = data.replace(b"SECRET-ID", b"SECRET\xff\xfe-")
    # Writing such a file is complained about as well; only reading counts.
    caplog.clear()
    recwarn.clear()
    capfd.readouterr()
    with caplog.at_level(logging.DEBUG):
        scan = open_scan(data)
        for cut in (400, 700, len(data) - 50):
            with pytest.raises(ValueError, match="Found") as refusal:
                open_scan(data[:cut])
            assert "ecret" not in str(refusal.value).lower().replace("secretary", "")
    shown = repr(scan).lower() + caplog.text.lower() + "".join(capfd.readouterr()).lower()
    assert "secret" not in shown
    assert not list(recwarn)
