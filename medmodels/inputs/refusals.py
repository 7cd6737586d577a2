"""The errors that several scan readers raise, in one wording."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from medmodels.inputs.errors import InputError

EXPECTED_SCAN = "a PNG, JPEG, TIFF, BMP, WebP or DICOM image."


def damaged(what: str) -> InputError:
    """Make the error for a file that starts well and cannot be decoded.

    Parameters
    ----------
    what : str
        The kind of file with its article ("a PNG image").

    Returns
    -------
    InputError
    """
    return InputError(
        f"{what} that is cut off or damaged.",
        "a complete image.",
        "Copy or export the file again from its source; the transfer may have been interrupted.",
    )


@contextmanager
def decoding(what: str) -> Iterator[None]:
    """Turn whatever a decoder raises into one clear error.

    Decoders raise anything from ``struct.error`` to ``MemoryError`` on damaged
    bytes, and their messages may quote the file; neither may reach the user.
    Only calls into decoders belong inside.

    Parameters
    ----------
    what : str
        The kind of file with its article ("a PNG image").

    Raises
    ------
    InputError
        In place of any other exception.
    """
    try:
        yield
    except InputError:
        raise
    except Exception:
        raise damaged(what) from None
