"""Where the data that the networks were trained on lie, if they are on this machine."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "DIAPHANE_DATA"


def data_folder() -> Path | None:
    """The folder named by ``DIAPHANE_DATA``, which holds a folder for each data set.

    Returns
    -------
    Path or None
        None when the variable is not set or names no folder: the project comes
        without any training data.
    """
    named = os.environ.get(VARIABLE)
    folder = Path(named) if named else None
    return folder if folder is not None and folder.is_dir() else None


def file_inside(folder: Path, name: str) -> Path | None:
    """The file of that name below a folder; None where there is none, or it lies outside."""
    path = (folder / name).resolve()
    return path if path.is_relative_to(folder.resolve()) and path.is_file() else None
