"""A reading as a JSON file, with the time of its making."""

from __future__ import annotations

import json
from datetime import datetime

from medmodels.reading import Reading, reading_json


def reading_json_file(reading: Reading, *, made: datetime, insist: bool = False) -> bytes:
    """Make the JSON of a reading.

    Parameters
    ----------
    reading : Reading
    made : datetime
        With a time zone.
    insist : bool
        Tell what was computed although it is withheld, under ``withheld``.

    Returns
    -------
    bytes
        UTF-8, as ``assets/schemas/reading.schema.json`` describes it.
    """
    content = reading_json(reading, insist=insist, made=made)
    return (json.dumps(content, indent=1, allow_nan=False, ensure_ascii=False) + "\n").encode()
