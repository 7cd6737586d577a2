"""Pictures are read at their full depth."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from medmodels.inputs.open_scan import open_scan
from medmodels.inputs.scan import apply_window
from tests.inputs.scan_files import picture, ramp, tiff

GREY8 = ramp()
GREY16 = ramp(top=65535)
_RNG = np.random.default_rng(1)
RGB8 = _RNG.integers(0, 256, (40, 50, 3), dtype=np.uint8)
RGB16 = _RNG.integers(0, 65536, (40, 50, 3), dtype=np.uint16)


@pytest.mark.parametrize("name", ["PNG", "TIFF", "BMP"])
def test_8_bit_grey(name: str) -> None:
    scan = open_scan(picture(GREY8, name))
    np.testing.assert_array_equal(scan.pixels, GREY8)
    assert scan.pixels.dtype == np.float32
    assert scan.value_range == (0, 255)
    assert scan.windows[0].name == "Full range"
    assert apply_window(scan.pixels, scan.windows[0]).max() == 1
    assert scan.source == f"{name}, 8-bit grey"
    assert scan.notes == ()


@pytest.mark.parametrize("name", ["PNG", "TIFF"])
def test_16_bit_grey_stays_16_bit(name: str) -> None:
    scan = open_scan(picture(GREY16, name))
    np.testing.assert_array_equal(scan.pixels, GREY16)
    assert scan.value_range == (0, 65535)
    assert scan.source == f"{name}, 16-bit grey"


def test_12_bit_values_in_16_bits_are_shown_fitted() -> None:
    scan = open_scan(picture(ramp(top=4095), "PNG"))
    assert scan.windows[0].name == "Fitted to the image"
    assert scan.windows[0].centre == pytest.approx(2047.5, abs=5)
    assert scan.windows[0].width == pytest.approx(4054, abs=10)


def test_16_bit_copy_of_8_bits_looks_the_same() -> None:
    deep = open_scan(picture(GREY8.astype(np.uint16) * 257, "PNG"))
    flat = open_scan(picture(GREY8, "PNG"))
    np.testing.assert_allclose(
        apply_window(deep.pixels, deep.windows[0]),
        apply_window(flat.pixels, flat.windows[0]),
        atol=1e-6,
    )


@pytest.mark.parametrize("name", ["PNG", "TIFF", "BMP"])
def test_rgb(name: str) -> None:
    scan = open_scan(picture(RGB8, name))
    np.testing.assert_array_equal(scan.pixels, RGB8)
    assert scan.pixels.ndim == 3


def test_webp_lossless_and_lossy() -> None:
    np.testing.assert_array_equal(open_scan(picture(RGB8, "WEBP", lossless=True)).pixels, RGB8)
    assert open_scan(picture(RGB8, "WEBP")).source == "WebP, 8-bit RGB"


def test_grey_stored_as_colour_becomes_grey() -> None:
    rgb = np.repeat(GREY8[..., np.newaxis], 3, axis=2)
    scan = open_scan(picture(rgb, "PNG"))
    np.testing.assert_array_equal(scan.pixels, GREY8)
    assert any("read as grey" in note for note in scan.notes)
    jpeg = open_scan(picture(rgb, "JPEG", quality=95))
    assert jpeg.pixels.ndim == 2
    assert np.abs(jpeg.pixels - GREY8).max() < 40


def test_a_small_colour_mark_keeps_an_image_in_colour() -> None:
    rgb = np.repeat(GREY8[..., np.newaxis], 3, axis=2)
    rgb[21, 21] = (255, 0, 0)
    assert open_scan(picture(rgb, "PNG")).pixels.ndim == 3


def test_palette() -> None:
    image = Image.fromarray(np.arange(40 * 50, dtype=np.uint16).reshape(40, 50).astype(np.uint8))
    image = image.convert("P")
    image.putpalette([v for i in range(256) for v in (i, 255 - i, 7)])
    values = np.asarray(image)
    expected = np.stack([values, 255 - values, np.full_like(values, 7)], axis=-1)
    np.testing.assert_array_equal(open_scan(picture(image, "PNG")).pixels, expected)


def test_1_bit() -> None:
    scan = open_scan(picture(Image.fromarray(GREY8 > 100), "PNG"))
    np.testing.assert_array_equal(scan.pixels, GREY8 > 100)
    assert scan.value_range == (0, 1)


def test_alpha_is_laid_on_black_and_said() -> None:
    alpha = np.full_like(GREY8, 255)
    alpha[:20] = 51
    image = Image.merge("LA", [Image.fromarray(GREY8), Image.fromarray(alpha)])
    scan = open_scan(picture(image, "PNG"))
    expected = GREY8.astype(np.float32)
    expected[:20] *= 0.2
    np.testing.assert_allclose(scan.pixels, expected, atol=1e-3)
    assert scan.notes == ("Transparent parts were laid on black.",)


def test_an_opaque_alpha_changes_nothing() -> None:
    image = Image.fromarray(RGB8).convert("RGBA")
    scan = open_scan(picture(image, "PNG"))
    np.testing.assert_array_equal(scan.pixels, RGB8)
    assert scan.notes == ()


def test_transparent_colour_of_a_palette() -> None:
    image = Image.fromarray(GREY8).convert("P")
    scan = open_scan(picture(image, "PNG", transparency=200))
    assert scan.pixels[GREY8 == 200].max() == 0
    np.testing.assert_array_equal(scan.pixels[GREY8 != 200], GREY8[GREY8 != 200])


def test_cmyk_jpeg() -> None:
    cyan = Image.new("CMYK", (40, 40), (255, 0, 0, 0))
    scan = open_scan(picture(cyan, "JPEG"))
    np.testing.assert_allclose(scan.pixels[20, 20], [0, 255, 255], atol=4)
    assert any("CMYK" in note for note in scan.notes)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["PNG", "WEBP", "TIFF", "deep TIFF"])
def test_orientation(name: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    reference = Image.open(io.BytesIO(picture(RGB8, "PNG", exif=exif.tobytes())))
    expected = np.asarray(ImageOps.exif_transpose(reference))
    if name == "deep TIFF":
        tag = (274, "H", 1, orientation, True)
        deep = RGB8.astype(np.uint16) * 257
        scan = open_scan(tiff(deep, photometric="rgb", extratags=[tag]))
    else:
        options = {"lossless": True} if name == "WEBP" else {}
        scan = open_scan(picture(RGB8, name, exif=exif, **options))
    np.testing.assert_allclose(scan.pixels, expected, atol=1e-3)
    assert any("Turned" in note for note in scan.notes) == (orientation != 1)


def test_orientation_in_a_jpeg() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert open_scan(picture(GREY8, "JPEG", exif=exif)).shape == (50, 40)


def test_broken_metadata_does_not_cost_the_image() -> None:
    scan = open_scan(picture(GREY8, "PNG", exif=b"Exif\0\0nonsense"))
    np.testing.assert_array_equal(scan.pixels, GREY8)
    assert any("orientation" in note for note in scan.notes)


DEEP = GREY16.astype(np.int64)


@pytest.mark.parametrize(
    ("pixels", "options"),
    [
        (GREY16, {}),
        (GREY16, {"byteorder": ">"}),
        (GREY16, {"bigtiff": True}),
        (GREY16, {"compression": "zlib", "predictor": True}),
        (GREY16, {"tile": (32, 32)}),
        ((DEEP - 32768).astype(np.int16), {}),
        ((DEEP - 9).astype(np.int32), {}),
        ((DEEP * 64).astype(np.uint32), {}),
        ((DEEP / 7).astype(np.float32), {}),
        (DEEP / 65536, {}),
        ((DEEP / 65536).astype(np.float16), {}),
    ],
)
def test_deep_tiff(pixels: np.ndarray, options: dict[str, object]) -> None:
    scan = open_scan(tiff(pixels, **options))
    np.testing.assert_array_equal(scan.pixels, pixels.astype(np.float32))


def test_unsigned_32_bit_tiff_keeps_its_upper_half() -> None:
    pixels = np.full((40, 40), 2**31 + 2**20, dtype=np.uint32)
    pixels[0, 0] = 1
    scan = open_scan(tiff(pixels))
    assert scan.pixels.max() == 2**31 + 2**20
    assert any("24 significant bits" in note for note in scan.notes)


@pytest.mark.parametrize("pixels", [GREY8, GREY16])
def test_white_is_zero(pixels: np.ndarray) -> None:
    top = np.iinfo(pixels.dtype).max
    scan = open_scan(tiff(pixels, photometric="miniswhite"))
    np.testing.assert_array_equal(scan.pixels, top - pixels)


@pytest.mark.parametrize("planar", ["contig", "separate"])
def test_16_bit_rgb_tiff(planar: str) -> None:
    pixels = RGB16 if planar == "contig" else np.moveaxis(RGB16, 2, 0)
    scan = open_scan(tiff(pixels, photometric="rgb", planarconfig=planar))
    np.testing.assert_allclose(scan.pixels, RGB16 / 257, rtol=1e-6)


def test_16_bit_grey_in_rgb_tiff_keeps_16_bits() -> None:
    rgb = np.repeat(GREY16[..., np.newaxis], 3, axis=2)
    scan = open_scan(tiff(rgb, photometric="rgb"))
    np.testing.assert_array_equal(scan.pixels, GREY16)


def test_16_bit_rgb_png_says_what_is_lost() -> None:
    import struct
    import zlib

    def chunk(name: bytes, body: bytes) -> bytes:
        checked = name + body
        return struct.pack(">I", len(body)) + checked + struct.pack(">I", zlib.crc32(checked))

    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in RGB16)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2I5B", 50, 40, 16, 2, 0, 0, 0))
    data += chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    scan = open_scan(data)
    np.testing.assert_array_equal(scan.pixels, RGB16 >> 8)
    assert any("upper 8" in note for note in scan.notes)


def test_pages_of_a_tiff_are_frames() -> None:
    pages = [Image.fromarray(GREY8), Image.fromarray(255 - GREY8), Image.fromarray(GREY16)]
    data = picture(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    for frame, page in enumerate(pages):
        scan = open_scan(data, frame=frame)
        np.testing.assert_array_equal(scan.pixels, np.asarray(page))
        assert (scan.frame, scan.frames) == (frame, 3)


@pytest.mark.parametrize("name", ["PNG", "WEBP"])
def test_first_picture_of_an_animation(name: str) -> None:
    options = {"save_all": True, "append_images": [Image.fromarray(255 - RGB8)]}
    if name == "WEBP":
        options["lossless"] = True
    scan = open_scan(picture(Image.fromarray(RGB8), name, **options))
    np.testing.assert_array_equal(scan.pixels, RGB8)
    assert scan.frames == 1
    assert any("animation of 2" in note for note in scan.notes)


def test_nan_becomes_the_lowest_value() -> None:
    pixels = np.linspace(-5, 900, 1600, dtype=np.float32).reshape(40, 40)
    pixels[3, 3], pixels[4, 4] = np.nan, np.inf
    scan = open_scan(tiff(pixels))
    assert scan.pixels[3, 3] == scan.pixels[4, 4] == -5
    assert any("no number" in note for note in scan.notes)


def test_a_constant_image_is_read_and_said() -> None:
    scan = open_scan(picture(np.full((40, 40), 7, np.uint8), "PNG"))
    assert any("same value" in note for note in scan.notes)
    assert all(window.width > 0 for window in scan.windows)


def test_digest_is_that_of_the_bytes() -> None:
    import hashlib

    data = picture(GREY8, "PNG")
    assert open_scan(data).digest == hashlib.sha256(data).hexdigest()
