"""Files from the visitor, handed over once."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from medmodels.inputs import sniff
from medmodels.inputs.airlock import Admitted
from medmodels.inputs.airlock_recording import Part
from medmodels.ui.airlock import admitted, archive_of, forget_others, let_go_of
from medmodels.ui.airlock_recording import admitted_part
from medmodels.ui.ecg_words import say_left
from medmodels.ui.file_names import hide_file_names
from medmodels.ui.taken_over import holds_new
from medmodels.worklist.sources import Source

_BAR_AFTER_S: Final = 0.5
_BAR_EVERY_S: Final = 0.25

#: A file, a file of a recording, or the cases in an archive.
Uploaded = Admitted | Part | tuple[Source, ...]


def take_upload(label: str, *, key: str, help: str | None = None) -> bytes | None:
    """Offer a place for a file and return the content of one that is new.

    Any ending is let through, and none: what a file is shows in its content.
    Content stays in this session. A file is new until it was taken over
    (`medmodels.ui.taken_over`).

    Parameters
    ----------
    label : str
    key : str
        Of the widget.
    help : str, optional

    Returns
    -------
    bytes or None
        None when nothing was uploaded, or when this file was taken over before.
    """
    taken = take_admitted(label, key=key, help=help)
    return None if taken is None else taken.data


def take_admitted(
    label: str, *, key: str, help: str | None = None, expected: str = ""
) -> Admitted | None:
    """Offer the same place, and return the file as it came through the privacy airlock.

    Parameters
    ----------
    label, key, help
        As for `take_upload`.
    expected : str
        What the file is for, as for `medmodels.inputs.airlock.admit`.
    """
    hide_file_names()
    uploaded = st.file_uploader(label, key=key, help=help)
    (new,) = _new([uploaded] if uploaded else [], key=key) or (None,)
    return None if new is None else admitted(new, key=key, expected=expected)


def take_uploads(
    label: str, *, key: str, help: str | None = None, expected: str = ""
) -> tuple[Admitted, ...]:
    """Offer a place for one file or several, and return all of them when there is a new one.

    Parameters
    ----------
    label, key, help, expected
        As for `take_admitted`.

    Returns
    -------
    tuple of Admitted
        Empty when nothing was uploaded, or when these files were taken over before.
    """
    return tuple(
        admitted(file, key=key, expected=expected)
        for file in _telling(_several(label, key=key, help=help))
    )


def take_many(
    label: str, *, key: str, expected: str, help: str | None = None
) -> tuple[tuple[str, Uploaded], ...]:
    """Offer the same place, for archives too, and return files and archives with their names.

    Parameters
    ----------
    label, key, expected, help
        As for `take_admitted`. An archive is taken through the airlock case by case, and
        returned as the cases in it; of recordings the files are returned one by one.
    """
    found: list[tuple[str, Uploaded]] = []
    for file in _telling(_several(label, key=key, help=help)):
        one: Uploaded | None = archive_of(file, key=key, kind=expected)
        if one is None and sniff.kind(file.getvalue()) == "zip":
            # Too large to be taken apart at once: its cases are cleaned as they are read.
            one = admitted(file, key=key)
        elif one is None and expected == "signal":
            one = admitted_part(file, st.session_state.setdefault(f"{key}-held", {}))
        if one is None:
            one = admitted(file, key=key, expected=expected)
        found.append((file.name, one))
    return tuple(found)


def empty_uploader(key: str) -> None:
    """Let go of all that an uploader of `take_many` lists, once it was taken over.

    The control itself goes on listing files until it is drawn under another key.

    Parameters
    ----------
    key : str
        Of the uploader.
    """
    for file_id in st.session_state.get(f"{key}-listed", ()):
        let_go_of(file_id)
    for place in ("listed", "seen", "held", "archives"):
        st.session_state.pop(f"{key}-{place}", None)


def _several(label: str, *, key: str, help: str | None) -> Sequence[UploadedFile]:
    hide_file_names()
    return _new(st.file_uploader(label, key=key, help=help, accept_multiple_files=True), key=key)


def _new(uploaded: Sequence[UploadedFile], *, key: str) -> Sequence[UploadedFile]:
    """All files, when there is one among them that was not taken over yet."""
    listed = frozenset(file.file_id for file in uploaded)
    st.session_state[f"{key}-listed"] = listed
    forget_others(listed, key=key)
    # Files that were taken away are no reason to read the others again.
    return uploaded if holds_new(key) else ()


def _telling(files: Sequence[UploadedFile]) -> Iterator[UploadedFile]:
    """One file after the other; where that takes time, a bar says how long."""
    if not files:
        return
    place, begun = st.empty(), time.monotonic()
    said = begun + _BAR_AFTER_S - _BAR_EVERY_S
    for done, file in enumerate(files):
        now = time.monotonic()
        if done and now - said >= _BAR_EVERY_S:
            said = now
            left = say_left((now - begun) / done * (len(files) - done))
            place.progress(
                done / len(files),
                f"Taking out what names a person: {done:,} of {len(files):,}, {left}",
            )
        yield file
    place.empty()
