"""Keep a reading as a file of a kind that was asked for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from medmodels.inputs.errors import InputError
from medmodels.reading import Reading
from medmodels.reports.all_exports import EXPORTS
from medmodels.reports.exports import Export


def chosen_export(path: Path, kind: str | None) -> Export:
    """Find the kind of a file by its name, or by what it was said to be.

    Parameters
    ----------
    path : Path
    kind : str or None
        The key of an export; told by the ending if not given.

    Raises
    ------
    InputError
        When there is no such kind, or more than one with this ending.
    """
    name = path.name.lower()
    fitting = [
        export for export in EXPORTS
        if (export.key == kind if kind else name.endswith(f".{export.ending}"))
    ]  # fmt: skip
    # Of ".fhir.json" and ".json" the longer one is meant.
    longest = max((len(export.ending) for export in fitting), default=0)
    fitting = [export for export in fitting if kind or len(export.ending) == longest]
    if len(fitting) == 1:
        return fitting[0]
    keys = ", ".join(export.key for export in fitting or EXPORTS)
    if kind:
        raise InputError("an unknown kind of file.", f"one of {keys}.", "Give another --as.")
    found = "an ending that several kinds of file have." if fitting else "an unknown ending."
    raise InputError(found, f"one of the kinds {keys}.", "Say which with --as.")


def keep(
    reading: Reading, export: Export, path: Path, *, made: datetime, insist: bool = False
) -> None:
    """Write a reading to a file.

    Parameters
    ----------
    reading : Reading
    export : Export
    path : Path
        What is there already is replaced.
    made : datetime
        With a time zone.
    insist : bool
        Show the answer of a reading that would be withheld.

    Raises
    ------
    InputError
        When the reading does not fit this kind, or the file cannot be written.
    """
    if not export.fits(reading):
        raise InputError(
            f"a reading that cannot be kept as {export.key}.",
            "one that fits: a DICOM file needs a scan that came as DICOM.",
            "Choose another kind of file.",
        )
    content = export.make(reading, made=made, insist=insist)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError(
            f"a report that cannot be written ({error.strerror}).",
            "a folder that exists, with room and permission to write.",
            "Choose another place for --report.",
        ) from error
