"""Text that Windows programs save as UTF-16."""

from __future__ import annotations

import codecs


def from_utf16(data: bytes) -> str | None:
    """UTF-16 as text without its byte-order mark, or None when the data are not UTF-16.

    Parameters
    ----------
    data : bytes
        With or without mark: then every other byte of most letters is zero.
    """
    head = data[:1024]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif len(head) >= 4 and head[0] and not head[1] and head[1::2].count(0) > 0.45 * len(head):
        encoding = "utf-16-le"
    elif len(head) >= 4 and not head[0] and head[1] and head[::2].count(0) > 0.45 * len(head):
        encoding = "utf-16-be"
    else:
        return None
    # A file cut in the middle of a character loses that character only.
    return data[: len(data) // 2 * 2].decode(encoding, errors="replace").removeprefix("\ufeff")
