"""Uploads are taken in memory: Starlette would put every file above 1 MB on the disk."""

from __future__ import annotations

from starlette.formparsers import MultiPartParser
from streamlit import config


def keep_uploads_in_memory() -> None:
    """Let an upload of any size that is accepted grow in memory alone.

    Starlette collects a file of a form in a ``SpooledTemporaryFile``, which
    moves into the folder for temporary files at `MultiPartParser.spool_max_size`.
    Streamlit counts the bytes as they arrive, and ends an upload above
    ``server.maxUploadSize`` megabytes (1.67, ``_upload_put``): memory is bounded
    by that, not by this.
    """
    limit = int(config.get_option("server.maxUploadSize")) * 2**20
    MultiPartParser.spool_max_size = limit + 2**21
