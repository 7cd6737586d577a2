"""From the bytes of a text file to its lines."""

from __future__ import annotations

import codecs

from medmodels.inputs import sniff
from medmodels.inputs.errors import InputError
from medmodels.inputs.sequence_limits import EXPECTED, check_lines
from medmodels.inputs.utf16 import from_utf16

_TEXT_KINDS = frozenset({"text", "table"})
_PACKED = frozenset({"zip", "gzip", "bzip2", "xz", "7z", "rar", "tar"})


def text_lines(data: bytes) -> list[str]:
    """Decode a text file and cut it into lines.

    Parameters
    ----------
    data : bytes
        UTF-8, UTF-16 or Latin-1.

    Returns
    -------
    list of str
        Without line ends.

    Raises
    ------
    InputError
        The file is empty or is not text, whatever its name says.
    """
    if not data.strip(b" \t\r\n\0"):
        raise empty()
    text = from_utf16(data)
    if text is None:
        kind = sniff.kind(data)
        if kind not in _TEXT_KINDS or b"\0" in data:
            known = kind not in {"unknown", *_TEXT_KINDS}
            raise InputError(
                f"{sniff.describe(data) if known else 'a file that is not text'}.",
                EXPECTED,
                "Unpack it and upload the text file in it."
                if kind in _PACKED
                else "Export the sequence as FASTA and upload that file.",
            )
        data = data.removeprefix(codecs.BOM_UTF8)
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = data.decode("latin-1")
    return pasted_lines(text)


def pasted_lines(text: str) -> list[str]:
    """Cut a text into lines, without line ends.

    Raises
    ------
    InputError
        There is nothing but white space, or there are too many lines.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    check_lines(text.count("\n"))
    lines = text.split("\n")
    if not any(map(str.strip, lines)):
        raise empty()
    return lines


def empty() -> InputError:
    """Make the error for an upload without any letters."""
    return InputError(
        "an empty file or text.", EXPECTED, "Export the sequence again, or paste its letters."
    )
