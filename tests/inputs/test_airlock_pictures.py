"""Photographs leave the airlock with their pixels and without their metadata."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from medmodels.inputs.airlock import admit
from medmodels.inputs.airlock_png import chunk
from medmodels.inputs.errors import InputError
from medmodels.inputs.open_scan import open_scan
from tests.inputs.scan_files import picture, ramp, tiff

RGB8 = np.random.default_rng(2).integers(0, 256, (40, 50, 3), dtype=np.uint8)
MARK = "PLANTED Name"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a tiff:Orientation="6">{MARK}</a></x:xmpmeta>'.encode()
ICC = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + MARK.encode()


def exif(orientation: int | None = None) -> Image.Exif:
    made = Image.Exif()
    for tag in (0x010E, 0x013B, 0x8298, 0x0110, 0x9C9D):
        made[tag] = MARK if tag != 0x9C9D else MARK.encode("utf-16-le")
    made.get_ifd(0x8769)[0x9286] = MARK.encode()
    made.get_ifd(0x8769)[0xA431] = MARK
    made.get_ifd(0x8825).update({1: "N", 2: (48.0, 8.0, 14.0), 3: "E", 4: (11.0, 34.0, 31.0)})
    if orientation is not None:
        made[0x0112] = orientation
    return made


def png_texts() -> PngImagePlugin.PngInfo:
    made = PngImagePlugin.PngInfo()
    made.add_text("Author", MARK)
    made.add_text("Comment", MARK * 100, zip=True)
    made.add_itxt(MARK, MARK)
    return made


def same(data: bytes, frame: int = 0):
    """Read before and after the airlock; both must agree in all but the bytes."""
    before = open_scan(data, frame=frame)
    admitted = admit(data)
    after = open_scan(admitted, frame=frame)
    np.testing.assert_array_equal(after.pixels, before.pixels)
    for name in ("value_range", "windows", "source", "digest", "frames", "notes"):
        assert getattr(after, name) == getattr(before, name)
    for mark in (MARK.encode(), MARK.encode("utf-16-le"), b"PLANTED", b"xmpmeta"):
        assert mark not in admitted.data
    assert "PLANTED" not in repr(admitted)
    return admitted


@pytest.mark.parametrize("orientation", [None, *range(10)])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_exif_goes_and_the_orientation_stays(kind, orientation):
    options = {"lossless": True} if kind == "WEBP" else {}
    data = picture(RGB8, kind, exif=exif(orientation), **options)
    assert MARK.encode() in data
    admitted = same(data)
    if kind != "TIFF":
        for name in ("GPS position", "artist", "copyright", "image description", "user comment"):
            assert name in admitted.found, admitted.found


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_colour_profiles_and_xmp_go(kind):
    options = {"xmp": XMP} if kind in ("WEBP", "JPEG") else {}
    admitted = same(picture(RGB8, kind, icc_profile=ICC, **options))
    assert "colour profile" in admitted.found
    assert ("XMP metadata" in admitted.found) == bool(options)


def test_an_orientation_that_only_xmp_states_stays():
    made = PngImagePlugin.PngInfo()
    made.add_itxt("XML:com.adobe.xmp", XMP.decode())
    for data in (
        picture(RGB8, "PNG", pnginfo=made),
        picture(RGB8, "JPEG", xmp=XMP),
        picture(RGB8, "TIFF", tiffinfo={700: XMP}),
    ):
        before = open_scan(data)
        assert before.shape == (50, 40)
        assert "XMP metadata" in same(data).found


def test_texts_of_a_png_go():
    found = same(picture(RGB8, "PNG", pnginfo=png_texts())).found
    assert found == ("text: author", "text: comment", "text")


def test_a_png_with_metadata_behind_its_pixels():
    data = picture(RGB8, "PNG")
    late = chunk(b"eXIf", exif(6).tobytes()[6:]) + chunk(b"zzZz", MARK.encode())
    at = data.index(b"IEND") - 4
    data = data[:at] + late + data[at:] + MARK.encode()
    admitted = same(data)
    assert open_scan(admitted).shape == (50, 40)
    assert "data behind the picture" in admitted.found


def test_what_a_camera_writes_around_a_jpeg_goes():
    data = picture(RGB8, "JPEG", comment=MARK.encode(), quality=90, progressive=True)
    segment = b"Photoshop 3.0\0" + MARK.encode()
    iptc = b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment
    data = data[:2] + iptc + data[2:] + picture(RGB8, "JPEG", comment=MARK.encode())
    found = same(data).found
    assert set(found) == {"IPTC and Photoshop metadata", "comment", "data behind the picture"}


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_how_a_jpeg_codes_colours_stays(mode):
    image = Image.fromarray(RGB8).convert(mode)
    same(picture(image, "JPEG", comment=MARK.encode(), quality=80, subsampling=2, dpi=(72, 72)))


def test_a_small_picture_in_a_jfif_header_goes():
    data = picture(RGB8, "JPEG")
    thumbnail = b"\x01\x01" + b"PLA"
    header = b"JFIF\0\x01\x01\0\0\x01\0\x01" + thumbnail
    data = data[:2] + b"\xff\xe0" + struct.pack(">H", len(header) + 2) + header + data[20:]
    same(data)


def test_clean_files_are_left_alone():
    for data in (
        picture(RGB8, "PNG"),
        picture(RGB8, "JPEG"),
        picture(RGB8, "WEBP", lossless=True),
        picture(RGB8, "BMP"),
    ):
        assert admit(data).data == data
        assert admit(data).found == ()


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_pngs_of_all_kinds(mode):
    pixels = ramp(top=65535) if mode == "I;16" else None
    image = Image.fromarray(pixels) if pixels is not None else Image.fromarray(RGB8).convert(mode)
    options = {"transparency": 3} if mode in ("L", "P") else {}
    same(picture(image, "PNG", pnginfo=png_texts(), dpi=(72, 72), **options))


def test_an_animation_stays_one():
    frames = [Image.fromarray(RGB8), Image.fromarray(255 - RGB8)]
    for kind, options in (("PNG", {"pnginfo": png_texts()}), ("WEBP", {"exif": exif(3)})):
        data = picture(frames[0], kind, save_all=True, append_images=frames[1:], **options)
        admitted = same(data)
        assert any("animation" in note for note in open_scan(admitted).notes)


@pytest.mark.parametrize("compression", ["tiff_lzw", "packbits", "tiff_adobe_deflate", "jpeg"])
def test_tiffs_as_other_programs_compress_them(compression):
    same(picture(RGB8, "TIFF", compression=compression, tiffinfo={270: MARK, 305: MARK}))


@pytest.mark.parametrize("compression", [None, "zlib"])
@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize("big", [False, True])
def test_tiffs_of_many_kinds(compression, byteorder, big):
    for pixels in (RGB8, ramp(top=65535), ramp().astype(np.float32), RGB8.astype(np.uint16)):
        data = tiff(
            pixels, compression=compression, byteorder=byteorder, bigtiff=big, description=MARK,
            software=MARK, datetime="1931:02:03 00:00:00", rowsperstrip=7,
            photometric="rgb" if pixels.ndim == 3 else "minisblack",
            extratags=[(315, "s", 0, MARK, True), (65000, "s", 0, MARK, True)],
        )  # fmt: skip
        admitted = same(data)
        assert b"1931:02:03" not in admitted.data
        assert {"image description", "software", "artist", "date time"} <= set(admitted.found)


def test_tiled_tiffs_and_pages():
    out = io.BytesIO()
    with tifffile.TiffWriter(out) as writer:
        for index in range(3):
            writer.write(
                np.roll(ramp(64, 64), index), tile=(16, 16), compression="zlib", description=MARK
            )
    for frame in range(3):
        same(out.getvalue(), frame)


def test_jpeg_in_a_tiff_and_what_lies_between_its_parts():
    data = picture(RGB8, "TIFF", compression="jpeg", quality=90, tiffinfo={270: MARK})
    same(data + MARK.encode())
    small = picture(RGB8, "TIFF")
    # A directory that nothing points to any more is not carried along.
    same(small + tiff(ramp(), description=MARK))


def test_gps_and_exif_directories_of_a_tiff_go():
    # A directory of its own, as Exif and GPS have, whose one entry is text beyond its four bytes.
    text = MARK.encode() + b"\0"
    tags = [(code, "I", 1, 0x41414141, True) for code in (65001, 65002)]
    data = tiff(RGB8, photometric="rgb", byteorder="<", extratags=tags)
    for written, meant in ((65001, 34665), (65002, 34853)):
        data = data.replace(struct.pack("<HH", written, 4), struct.pack("<HH", meant, 4))
    at = len(data) + len(data) % 2
    directory = struct.pack("<HHHIII", 1, 29, 2, len(text), at + 18, 0) + text
    data = data.ljust(at, b"\0").replace(b"AAAA", struct.pack("<I", at)) + directory
    assert {"GPS position", "Exif metadata"} <= set(same(data).found)


def test_bmp():
    data = picture(RGB8, "BMP")
    admitted = same(data + MARK.encode())
    assert admitted.found == ("data behind the picture",)
    assert admitted.data == data
    # A gap in front of the pixels.
    (offset,) = struct.unpack_from("<I", data, 10)
    gap = MARK.encode()
    moved = data[:10] + struct.pack("<I", offset + len(gap)) + data[14:offset] + gap + data[offset:]
    same(moved)
    same(picture(Image.fromarray(RGB8).convert("P"), "BMP"))
    same(picture(Image.fromarray(RGB8).convert("1"), "BMP"))


def test_a_header_of_a_recording_keeps_what_describes_the_signals():
    text = (
        "# <age>: 77 PLANTED Name\n"
        "PLANTED 2 360/360(0) 1000 12:00:00 03/02/1931\r\n"
        "x.dat 212 200 11 1024 995 -22131 0 MLII\n"
        "x.dat 212 200 11 1024 1011 20052 0 V5\n"
        "# diagnoses: PLANTED\n"
    )
    admitted = admit(text.encode())
    assert admitted.data.decode() == (
        "record 2 360/360(0) 1000\n"
        "x.dat 212 200 11 1024 995 -22131 0 MLII\n"
        "x.dat 212 200 11 1024 1011 20052 0 V5\n"
    )
    assert len(admitted.found) == 3


def test_other_files_go_through_as_they_are():
    for data in (b"1,2\n3,4\n" * 20, b">x\nACGT\n", b"", b"%PDF-1.7"):
        assert admit(data).data == data


SEEDS = [
    picture(RGB8, "JPEG", exif=exif(6), comment=b"c"),
    picture(RGB8, "PNG", exif=exif(6), pnginfo=png_texts()),
    picture(RGB8, "WEBP", exif=exif(6), lossless=True),
    picture(RGB8, "BMP"),
    tiff(ramp(), description=MARK),
    picture(RGB8, "TIFF", exif=exif(6)),
]


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(SEEDS), st.data())
def test_a_damaged_file_never_crashes_and_never_becomes_another_picture(seed, data):
    content = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = bytes(content[: data.draw(st.integers(8, len(content)))])
    admitted = admit(content)
    try:
        before = open_scan(content)
    except InputError:
        return
    try:
        after = open_scan(admitted)
    except InputError:
        # A TIFF whose tags are damaged may lose one that a lenient reader made sense of.
        assert admitted.kind == "tiff"
        return
    np.testing.assert_array_equal(after.pixels, before.pixels)


def test_a_checksum_of_what_is_dropped_does_not_matter():
    data = picture(RGB8, "PNG")
    bad = struct.pack(">I", 4) + b"tEXtabcd" + struct.pack(">I", zlib.crc32(b"other"))
    np.testing.assert_array_equal(open_scan(admit(data[:33] + bad + data[33:])).pixels, RGB8)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff" + bytes(4_000_000),
        b"\xff\xd8" + b"\xff\xe1\0\2" * 1_000_000,
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sI", 0, b"tEXt", 0) * 400_000,
        b"RIFF" + struct.pack("<I", 3_200_004) + b"WEBP" + b"VP8 \0\0\0\0" * 400_000,
        b"II*\0\x08\0\0\0" + struct.pack("<H", 60_000) * 1_000_000,
        b"II*\0" + struct.pack("<IHHHIII", 8, 1, 273, 3, 4_000_000, 26, 0) + bytes(8_000_000),
    ],
    ids=["zeros", "segments", "chunks", "WebP", "directories", "strips"],
)
def test_what_is_made_to_take_time_does_not(data):
    with pytest.raises(InputError):
        open_scan(admit(data))
