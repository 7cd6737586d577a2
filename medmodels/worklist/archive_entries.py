"""What is inside a ZIP archive, and what is said of one that holds nothing to read."""

from __future__ import annotations

import hashlib
import zipfile
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO

from medmodels.inputs.errors import InputError
from medmodels.inputs.limits import MAX_BYTES, too_much_content

#: Entries of an archive that are looked at.
MOST_ENTRIES = 20_000
# What no scan or signal reaches, deflated; a bomb does (zip's own bound is about 1,032).
_MOST_RATIO = 200
_SMALL = 1024 * 1024


def entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Unpack one entry; its stated size is not believed.

    Parameters
    ----------
    archive : ZipFile
    info : ZipInfo
        Of the entry.

    Returns
    -------
    bytes

    Raises
    ------
    InputError
        A bomb, an entry with a password, or a damaged one.
    """
    if info.file_size > max(_SMALL, _MOST_RATIO * info.compress_size):
        raise too_much_content()
    try:
        with archive.open(info) as file:
            data = file.read(MAX_BYTES + 1)
    except RuntimeError:
        raise InputError(
            "a file in an archive that asks for a password.", "an open archive.",
            "Unpack it where you know the password, and open what is inside.",
        ) from None  # fmt: skip
    except MemoryError:
        raise too_much_content() from None
    except Exception:
        # Whatever the decoder of the entry's method raises: zlib.error, LZMAError, IndexError.
        raise broken() from None
    if len(data) > MAX_BYTES:
        raise too_much_content()
    return data


def digest_of(file: Path | BinaryIO) -> str:
    """SHA-256 of a file, hexadecimal, read a piece at a time; empty where it cannot be read."""
    digest = hashlib.sha256()
    try:
        with file.open("rb") if isinstance(file, Path) else nullcontext(file) as opened:
            opened.seek(0)
            while piece := opened.read(_SMALL):
                digest.update(piece)
    except (OSError, ValueError):
        return ""
    return digest.hexdigest()


def broken() -> InputError:
    """Say that an archive cannot be opened."""
    return InputError(
        "an archive that is damaged or not a ZIP archive.", "a ZIP archive.",
        "Pack it again, or open the files that were in it.",
    )  # fmt: skip


def empty() -> InputError:
    """Say that there is nothing in an archive."""
    return InputError(
        "an archive with no file in it.", "a ZIP archive of the cases.",
        "Pack it again, or open the files themselves.",
    )  # fmt: skip


def too_many(count: int) -> InputError:
    """Say that an archive holds more files than are looked at."""
    return InputError(
        f"an archive with {count:,} files.", f"at most {MOST_ENTRIES:,}.", "Split it."
    )
