"""Files from the visitor, handed over once."""

from __future__ import annotations

import streamlit as st


def take_upload(label: str, *, key: str, help: str | None = None) -> bytes | None:
    """Offer a place for a file and return the content of one that is new.

    Any ending is let through, and none: what a file is shows in its content.
    Content stays in this session.

    Parameters
    ----------
    label : str
    key : str
        Of the widget; ``<key>-seen`` in the session remembers what was handed over.
    help : str, optional

    Returns
    -------
    bytes or None
        None when nothing was uploaded, or when this file was returned before.
    """
    uploaded = st.file_uploader(label, key=key, help=help)
    seen = f"{key}-seen"
    if uploaded is None:
        st.session_state.pop(seen, None)
        return None
    if st.session_state.get(seen) == uploaded.file_id:
        return None
    st.session_state[seen] = uploaded.file_id
    return uploaded.getvalue()


def take_uploads(label: str, *, key: str, help: str | None = None) -> tuple[bytes, ...]:
    """Offer a place for one file or several, and return all of them when there is a new one.

    Parameters
    ----------
    label, key, help
        As for `take_upload`.

    Returns
    -------
    tuple of bytes
        Empty when nothing was uploaded, or when these files were returned before.
    """
    return tuple(data for _, data in take_named_uploads(label, key=key, help=help))


def take_named_uploads(
    label: str, *, key: str, help: str | None = None
) -> tuple[tuple[str, bytes], ...]:
    """Offer the same place, and return the files with their names.

    Parameters
    ----------
    label, key, help
        As for `take_upload`.
    """
    uploaded = st.file_uploader(label, key=key, help=help, accept_multiple_files=True)
    seen = f"{key}-seen"
    before = st.session_state.get(seen, frozenset())
    now = frozenset(file.file_id for file in uploaded)
    st.session_state[seen] = now
    # Files that were taken away are no reason to read the others again.
    return tuple((file.name, file.getvalue()) for file in uploaded) if now - before else ()
