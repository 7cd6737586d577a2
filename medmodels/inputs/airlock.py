"""The privacy airlock: a file comes in, and only what reading needs of it goes on.

`admit` is called where bytes arrive. What it returns can be held: the same picture, without
what the file says about a person, and the names (never the values) of what was dropped.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from medmodels.inputs.errors import InputError
from medmodels.inputs.limits import check_bytes
from medmodels.inputs.origin import Origin
from medmodels.inputs.scan import Scan
from medmodels.inputs.sniff import kind

#: Kinds of file that are cleaned whatever they are for.
CLEANED = frozenset({"dicom", "png", "jpeg", "webp", "bmp", "tiff", "wfdb-header"})


@dataclass(frozen=True)
class Admitted:
    """A file that went through the airlock.

    Parameters
    ----------
    data : bytes
        The clean file, of the same kind.
    digest : str
        SHA-256 of the file that came: a reading is recognised by the file that a
        person has, and the digest says nothing of what is in it.
    kind : str
        As `sniff.kind` tells.
    found : tuple of str
        What said something about a person, in plain names.
    kept : tuple of str
        What reading needs of a DICOM file, and was kept beside its pixels.
    private : int
        Private DICOM elements, whose meaning only their maker knows.
    complete : bool
        False where not all could be looked at; it was dropped all the same.
    origin : Origin or None
        Of a DICOM image.
    refused : InputError or None
        Why it cannot be read. Nothing of a DICOM file is held then; of another file what
        another task needs of it, if it looks like something for one.
    final : tuple of Scan
        Its frames, decoded and black where parts were hidden for good; `data` is empty then.
    """

    data: bytes = field(repr=False)
    digest: str
    kind: str
    found: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    private: int = 0
    complete: bool = True
    origin: Origin | None = None
    refused: InputError | None = None
    final: tuple[Scan, ...] = field(default=(), repr=False)


def admit(data: bytes, *, keep_uids: bool = False, expected: str = "") -> Admitted:
    """Take what identifies a person out of a file.

    Parameters
    ----------
    data : bytes
        The whole file, of any kind.
    expected : str
        What it is for: "scan" or "sequence", as `looks_like` names it. Of a file that is
        something else no more is held than what it is something for; without it, texts
        go through as they are.
    keep_uids : bool
        Leave a DICOM image the UIDs of its study, series and instance.

    Returns
    -------
    Admitted
        `open_scan` gives the same pixels for it as for `data`, or raises the same error;
        so does `open_sequences`, for the same bases.
    """
    if expected == "sequence":
        from medmodels.inputs.airlock_text import admit_sequences

        return admit_sequences(data)
    found_kind = kind(data)
    digest = hashlib.sha256(data).hexdigest()
    # The cleaners are imported when their first file arrives, as the decoders are.
    if found_kind == "dicom":
        from medmodels.inputs.airlock_dicom import admit_dicom

        try:
            check_bytes(len(data))
            clean, found, kept, origin = admit_dicom(data, digest=digest, keep_uids=keep_uids)
        except InputError as error:
            return Admitted(b"", digest, found_kind, refused=error.alone())
        return Admitted(
            clean, digest, found_kind, found.names, kept, found.private, found.complete, origin
        )
    if found_kind in CLEANED:
        from medmodels.inputs.airlock_files import clean_file

        clean, names = clean_file(data, found_kind)
        return Admitted(clean, digest, found_kind, names)
    if expected == "scan":
        from medmodels.inputs.airlock_text import admit_misplaced
        from medmodels.inputs.open_scan import open_scan

        return admit_misplaced(data, lambda: open_scan(data))
    return Admitted(data, digest, found_kind)
