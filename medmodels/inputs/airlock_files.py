"""Pictures and recordings without what they say about a person: one cleaner for each kind."""

from __future__ import annotations

from collections.abc import Callable

from medmodels.inputs.airlock_bmp import clean_bmp
from medmodels.inputs.airlock_jpeg import clean_jpeg
from medmodels.inputs.airlock_png import clean_png
from medmodels.inputs.airlock_tiff import clean_tiff
from medmodels.inputs.airlock_webp import clean_webp
from medmodels.inputs.airlock_wfdb import clean_header
from medmodels.inputs.identifying_photo import Notes

_CLEANERS: dict[str, Callable[[bytes, Notes], bytes]] = {
    "jpeg": clean_jpeg,
    "png": clean_png,
    "webp": clean_webp,
    "bmp": clean_bmp,
    "tiff": clean_tiff,
    "wfdb-header": clean_header,
}


def clean_file(data: bytes, kind: str) -> tuple[bytes, tuple[str, ...]]:
    """Drop metadata, and keep the coded picture as it is, byte for byte.

    Parameters
    ----------
    data : bytes
        The whole file.
    kind : str
        As `sniff.kind` tells; one of `airlock.CLEANED`.

    Returns
    -------
    clean : bytes
        `data` itself where nothing had to go.
    names : tuple of str
        What was dropped, in plain words.
    """
    notes = Notes()
    clean = _CLEANERS[kind](data, notes)
    return (clean, notes.names()) if clean != data else (data, notes.names())
