"""From the bytes of a text file to clean UTF-8 lines."""

from __future__ import annotations

import codecs
import re

from medmodels.inputs import sniff
from medmodels.inputs.errors import InputError
from medmodels.inputs.utf16 import from_utf16

#: How much of a file is looked at in Python; the rest only in compiled code.
HEAD = 65_536

EXPECTED = "a table of numbers: one row per sample, one column per lead."
_TEXT_KINDS = frozenset({"table", "text", "unknown", "wfdb-header"})


def clean_text(data: bytes) -> bytes:
    """Bring a text file to UTF-8 with LF line ends and no byte-order mark.

    Parameters
    ----------
    data : bytes
        UTF-8, UTF-16 (with or without mark), or Latin-1.

    Returns
    -------
    bytes

    Raises
    ------
    InputError
        The file is empty, or is not text whatever its name says.
    """
    blank = b" \t\r\n\0"
    if not data[:HEAD].strip(blank) and not data.strip(blank):
        raise InputError(
            "an empty file.", EXPECTED, "Export the recording again and upload the new file."
        )
    decoded = from_utf16(data)
    if decoded is not None:
        text = decoded.encode("utf-8", errors="replace")
    else:
        kind = sniff.kind(data)
        if kind not in _TEXT_KINDS or b"\0" in data:
            what = sniff.describe(data) if kind not in _TEXT_KINDS else "a file that is not text"
            raise InputError(
                f"{what}.",
                EXPECTED,
                "Export the signal as CSV or text and upload that file.",
            )
        text = data.removeprefix(codecs.BOM_UTF8)
        if not text.isascii() and not _is_utf8(text):
            text = text.decode("latin-1").encode()
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if _CONTROL.search(text[:HEAD]):
        raise InputError(
            "a file that is not text.",
            EXPECTED,
            "Export the signal as CSV or text and upload that file.",
        )
    return text


_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(text) - 3
    return True
