"""How large a scan may be; checked from headers, before anything is decoded."""

from __future__ import annotations

from medmodels.inputs.errors import InputError

MAX_BYTES = 256 * 1024 * 1024
# Large digital radiography and mammography detectors stay under 30 million pixels.
MAX_PIXELS = 40_000_000
MAX_SIDE = 20_000
MIN_SIDE = 32
MAX_FRAMES = 10_000

_SIZES = (
    f"a scan of at least {MIN_SIDE} x {MIN_SIDE} pixels, at most {MAX_SIDE:,} pixels a side "
    f"and {MAX_PIXELS // 1_000_000} million pixels in all."
)


def check_bytes(length: int) -> None:
    """Refuse files that are too long to be one scan.

    Parameters
    ----------
    length : int
        Bytes.

    Raises
    ------
    InputError
        Over `MAX_BYTES`.
    """
    if length > MAX_BYTES:
        raise InputError(
            f"a file of {length / 2**20:,.0f} MB.",
            f"a file of at most {MAX_BYTES // 2**20} MB.",
            "Export the single image that is to be read, and upload that.",
        )


def check_size(height: int, width: int) -> None:
    """Refuse images that are too small to read or too large to decode.

    Parameters
    ----------
    height, width : int
        Pixels, as the file's header states them.

    Raises
    ------
    InputError
        Under `MIN_SIDE`, or over `MAX_SIDE` or `MAX_PIXELS`.
    """
    found = f"an image of {width:,} x {height:,} pixels."
    if min(height, width) < MIN_SIDE:
        raise InputError(
            found, _SIZES, "Upload the original image instead of a thumbnail or an icon."
        )
    if max(height, width) > MAX_SIDE or height * width > MAX_PIXELS:
        raise InputError(found, _SIZES, "Export the image at a smaller size and upload that.")


def too_much_content() -> InputError:
    """Make the error for content that unpacks to more than a scan can hold.

    Returns
    -------
    InputError
        To be raised by the reader that noticed.
    """
    return InputError(
        "a file that unpacks to far more than one scan can hold.",
        _SIZES,
        "Export the image again from its source at a smaller size; do not trust this file.",
    )


def check_frame(frame: int, frames: int) -> None:
    """Refuse a frame that the file does not have.

    Parameters
    ----------
    frame : int
        Index, from 0.
    frames : int
        Number of frames in the file.

    Raises
    ------
    InputError
        Out of range.
    """
    if not 0 <= frame < frames:
        raise InputError(
            f"a request for image {frame + 1:,} of a file with {frames:,}.",
            f"an image number from 1 to {frames:,}.",
            "Choose another image of the file.",
        )
