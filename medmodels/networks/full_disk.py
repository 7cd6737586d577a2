"""TensorFlow on a disk without room."""

from __future__ import annotations

import os
import tempfile


def settle_temporary_folder() -> None:
    """Name a folder for temporary files even where none can be written to.

    Python tries a folder by writing to it, and fails where the disk is full or may
    only be read. TensorFlow asks for its name while it is imported, through its own
    test tools, and writes nothing there: without a name no network could be loaded.
    """
    try:
        tempfile.gettempdir()
    except OSError:
        tempfile.tempdir = os.environ.get("TMPDIR") or "/tmp"
