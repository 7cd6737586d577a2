"""New unique identifiers in the place of a file's own (PS3.15, E.1.1 and table E.1-1, action U)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid

# Drawn when the process starts and kept nowhere: nobody can tell which old one is behind a new one.
_SALT = secrets.token_bytes(32)


def new_uid(old: str) -> str:
    """Give the new identifier for an old one: in one process always the same.

    Parameters
    ----------
    old : str
        A UID, or any text that stands for one object.

    Returns
    -------
    str
        A UID made from a UUID (PS3.5, B.2), so that images of a series stay together.

    Examples
    --------
    >>> new_uid("1.2.3") == new_uid("1.2.3"), new_uid("1.2.3") == new_uid("1.2.4")
    (True, False)
    """
    drawn = hmac.new(_SALT, old.encode(), hashlib.sha256).digest()
    return f"2.25.{uuid.UUID(bytes=drawn[:16], version=4).int}"
