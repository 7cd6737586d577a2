"""Several files of one task, read together behind the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import streamlit as st

from medmodels.bundles import Bundle
from medmodels.inputs.airlock import Admitted
from medmodels.inputs.errors import InputError
from medmodels.inputs.open_scan import open_scan
from medmodels.inputs.preparation import resize
from medmodels.reading import Reading, read
from medmodels.ui.background import Job, Progress
from medmodels.ui.loading import ensure_ready

_TOGETHER = "scans-together"
#: Side of a small picture, pixels.
THUMBNAIL = 96


@dataclass
class Together:
    """Files that were uploaded together, and what has become of each.

    Parameters
    ----------
    bundle_digest : str
        The bundle that reads them.
    files : tuple of Admitted
    readings : dict of int to Reading
        By number of the file; without the input itself and its maps, which
        would be a megabyte each.
    thumbnails : dict of int to ndarray, float32, shape (96, 96, C)
        As the network saw it.
    refused : dict of int to InputError
    """

    bundle_digest: str
    files: tuple[Admitted, ...]
    readings: dict[int, Reading] = field(default_factory=dict)
    thumbnails: dict[int, npt.NDArray[np.float32]] = field(default_factory=dict)
    refused: dict[int, InputError] = field(default_factory=dict)
    job: Job[int] | None = None

    @property
    def done(self) -> int:
        """How many files have been read or refused."""
        return len(self.readings) + len(self.refused)


def begin_together(bundle: Bundle, files: Sequence[Admitted]) -> Together:
    """Start to read files, in the place of those before."""
    end_together()
    ensure_ready(bundle)
    found = Together(bundle.digest, tuple(files))
    found.job = Job(lambda progress: _read_all(bundle, found, progress))
    st.session_state[_TOGETHER] = found
    return found


def current_together(bundle: Bundle) -> Together | None:
    """The files that are open together for this bundle."""
    found: Together | None = st.session_state.get(_TOGETHER)
    return found if found is not None and found.bundle_digest == bundle.digest else None


def end_together() -> None:
    """Close them; what is being read is stopped."""
    before: Together | None = st.session_state.pop(_TOGETHER, None)
    if before is not None and before.job is not None:
        before.job.stop()


def _read_all(bundle: Bundle, found: Together, progress: Progress) -> int:
    for number, data in enumerate(found.files):
        progress(number / len(found.files))
        try:
            reading = read(bundle, open_scan(data))
        except InputError as error:
            found.refused[number] = error
            continue
        assert reading.scan is not None
        found.thumbnails[number] = resize(reading.scan.network_input, THUMBNAIL)
        found.readings[number] = replace(reading, scan=None)
    progress(1.0)
    return found.done
