"""PNG, JPEG, BMP and WebP, and the Pillow half of TIFF."""

from __future__ import annotations

import io

import numpy as np
from PIL import (
    BmpImagePlugin,
    Image,
    ImageFile,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from medmodels.inputs.decoded import Decoded, over_black
from medmodels.inputs.errors import InputError
from medmodels.inputs.jpeg_scans import check_scans
from medmodels.inputs.limits import check_frame, check_size, too_much_content
from medmodels.inputs.refusals import EXPECTED_SCAN, decoding

# The classes, not Image.open: one format only, and no size warning of Pillow's own.
_READERS: dict[str, type[ImageFile.ImageFile]] = {
    "png": PngImagePlugin.PngImageFile,
    "jpeg": JpegImagePlugin.JpegImageFile,
    "bmp": BmpImagePlugin.BmpImageFile,
    "webp": WebPImagePlugin.WebPImageFile,
}
NAMES = {"png": "PNG", "jpeg": "JPEG", "bmp": "BMP", "webp": "WebP"}

_ORIENTATION = 0x0112


def decode_raster(data: bytes, kind: str, frame: int) -> Decoded:
    """Decode a picture.

    Parameters
    ----------
    data : bytes
        The whole file.
    kind : str
        "png", "jpeg", "bmp" or "webp", as `sniff.kind` tells.
    frame : int
        Must be 0: of an animation only the first picture is read.

    Returns
    -------
    Decoded

    Raises
    ------
    InputError
        The file is damaged, too large, too small, or has no such frame.
    """
    what = f"a {NAMES[kind]} image"
    with decoding(what):
        try:
            image = _READERS[kind](io.BytesIO(data))
        except Image.DecompressionBombError:
            raise too_much_content() from None
        width, height = image.size
    check_size(height, width)
    check_frame(frame, 1)
    if kind == "jpeg":
        check_scans(data)
    decoded = from_pillow(image, what)
    if kind == "png" and data[24] == 16 and decoded.pixels.dtype != np.uint16:
        decoded.notes.append("16 bits for each colour, of which the upper 8 are read.")
    pictures = getattr(image, "n_frames", 1)
    if pictures > 1:
        decoded.notes.append(f"An animation of {pictures:,} pictures; the first is read.")
    return decoded


def from_pillow(image: ImageFile.ImageFile, what: str, *, bits: int = 16) -> Decoded:
    """Take an image out of Pillow at its full depth.

    Parameters
    ----------
    image : ImageFile
        Opened, its size checked, not yet loaded.
    what : str
        The kind of file with its article.
    bits : int
        Bits of a sample, where Pillow's mode is "I;16" (a TIFF may hold 12).

    Returns
    -------
    Decoded
    """
    with decoding(what):
        orientation = _orientation(image)
        image.load()
        turned = ImageOps.exif_transpose(image) if orientation in range(2, 9) else image
        # A TIFF turns itself while loading and has then forgotten its orientation.
        decoded = _pixels(turned, bits)
    if orientation in range(2, 9):
        decoded.notes.append("Turned or mirrored as the file says (EXIF orientation).")
    elif orientation != 1:
        decoded.notes.append("The orientation stated in the file is not valid and was ignored.")
    return decoded


def _orientation(image: Image.Image) -> int:
    """Orientation by EXIF; 1 is upright, 0 stands for unreadable."""
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:
        # Damaged metadata of any kind must not cost the user the image.
        return 0
    return value if isinstance(value, int) and 1 <= value <= 8 else 0


def _pixels(image: Image.Image, bits: int) -> Decoded:
    mode = image.mode
    if "transparency" in image.info and mode in ("1", "L", "RGB", "P"):
        image = image.convert("LA" if mode in ("1", "L") else "RGBA")
    elif mode in ("PA", "La", "RGBa"):
        image = image.convert("LA" if mode == "La" else "RGBA")
    elif mode in ("P", "CMYK", "YCbCr", "HSV", "RGBX"):
        image = image.convert("RGB")
    if image.mode in ("LA", "RGBA"):
        return _without_alpha(np.asarray(image))
    values = np.asarray(image)
    if image.mode == "1":
        return Decoded(values.astype(np.uint8), (0, 1), "1-bit black and white")
    if image.mode == "L":
        return Decoded(values, (0, 255), "8-bit grey")
    if image.mode.startswith("I;16"):
        native = values.astype(np.uint16, copy=False)
        return Decoded(native, (0, 2**bits - 1), f"{bits}-bit grey")
    if image.mode == "RGB":
        words = {"P": "8-bit palette", "CMYK": "8-bit CMYK"}.get(mode, "8-bit RGB")
        notes = ["Printing inks (CMYK) were turned into RGB."] if mode == "CMYK" else []
        return Decoded(values, (0, 255), words, notes=notes)
    if image.mode == "I":
        return Decoded(values, (-(2**31), 2**31 - 1), "32-bit integers")
    if image.mode == "F":
        return Decoded(values, float_encoding(values), "floating point")
    raise InputError(
        "an image in a colour space that is not used for scans.",
        EXPECTED_SCAN,
        "Export the image as grey or RGB.",
    )


def _without_alpha(values: np.ndarray) -> Decoded:
    colours, alpha = values[..., :-1], values[..., -1]
    kind = "grey" if colours.shape[2] == 1 else "RGB"
    if kind == "grey":
        colours = colours[..., 0]
    words = f"8-bit {kind} with transparency"
    if alpha.min() == 255:
        return Decoded(colours, (0, 255), words)
    note = "Transparent parts were laid on black."
    return Decoded(over_black(colours, alpha, 255), (0, 255), words, notes=[note])


def float_encoding(values: np.ndarray) -> tuple[float, float]:
    """Range of floating point pixels: 0 to 1 where they keep to it, else what is present.

    Parameters
    ----------
    values : ndarray, float
        May hold NaN and infinities.

    Returns
    -------
    tuple of float
        Both 0 when no value is finite.
    """
    good = values[np.isfinite(values)]
    if good.size == 0:
        return 0.0, 0.0
    low, high = float(good.min()), float(good.max())
    return (0.0, 1.0) if low >= 0 and 0.5 <= high <= 1 else (low, high)
