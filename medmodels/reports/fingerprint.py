"""What tells one export from another, so that the same one made again has the same names in it."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import datetime

from medmodels.reading import Reading
from medmodels.reading.as_json import reading_json
from medmodels.reports.reading_map import shown_map


def fingerprint(reading: Reading, *, insist: bool, made: datetime | None = None) -> str:
    """Of all that an export depends on but the library that writes it.

    The seconds that a reading took are no part of it: the same file read again
    is the same reading.

    Parameters
    ----------
    reading : Reading
    insist : bool
    made : datetime, optional
        Where what is made at another time is another thing.

    Returns
    -------
    str
        SHA-256, hexadecimal.
    """
    table = reading_json(reading, insist=True)
    kept = {name: value for name, value in table.items() if name != "seconds"}
    for entry in kept.get("explanations", ()):
        entry["audit"] = {k: v for k, v in entry["audit"].items() if k != "seconds"}
    parts = json.dumps([kept, insist, made and made.isoformat()], sort_keys=True, default=str)
    found = hashlib.sha256(parts.encode())
    found.update(reading.logits.tobytes())
    if reading.scan is not None:
        # Where it lies tells apart an image sent twice, as part of two studies.
        found.update(repr(reading.scan.origin).encode())
        if reading.scan.shown is not None:
            found.update(reading.scan.shown.tobytes())
        shown = shown_map(reading, 0)
        if shown is not None:
            found.update(shown.map.values.tobytes())
    return found.hexdigest()


def uuid_of(print_of: str, part: str) -> uuid.UUID:
    """Name a part of an export (RFC 9562, version 5).

    Parameters
    ----------
    print_of : str
        From `fingerprint`.
    part : str

    Examples
    --------
    >>> uuid_of("ab", "report") == uuid_of("ab", "report") != uuid_of("ab", "device")
    True
    """
    return uuid.uuid5(uuid.NAMESPACE_OID, f"diaphane/{print_of}/{part}")
