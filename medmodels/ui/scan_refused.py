"""The last file that the Scan page could not read, with why, until another one is opened."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from medmodels.inputs.airlock import Admitted
from medmodels.inputs.errors import InputError

_REFUSED = "scan-error"


@dataclass(frozen=True)
class Refused:
    """A file that could not be read.

    Parameters
    ----------
    error : InputError
    file : Admitted or None
        The file, for a task that it may be meant for; None where another task is no
        way out: of several files at once, of one that is open already, or of a DICOM
        file, of which nothing is held that could not be cleaned.
    """

    error: InputError
    file: Admitted | None = field(default=None, repr=False)

    @property
    def data(self) -> bytes | None:
        """What is held of it."""
        return None if self.file is None else self.file.data


def keep_refused(error: InputError, file: Admitted | None = None) -> None:
    """Keep a file that was refused, in the place of the one before."""
    st.session_state[_REFUSED] = Refused(error.alone(), file)


def last_refused() -> Refused | None:
    """Return the file that was refused, as long as no other was opened after it."""
    found: Refused | None = st.session_state.get(_REFUSED)
    return found


def forget_refused() -> None:
    """Another file is open now: error and file are gone together."""
    st.session_state.pop(_REFUSED, None)
