"""Several files of one task, read together behind the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import numpy.typing as npt
import streamlit as st

from medmodels.bundles import Bundle
from medmodels.inputs.airlock import Admitted
from medmodels.inputs.preparation import resize
from medmodels.reading import Reading
from medmodels.ui.background import Job, Progress
from medmodels.ui.loading import ensure_ready
from medmodels.worklist.sources import Source

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
    refused : dict of int to str
        Why a file cannot be read, in full.
    """

    bundle_digest: str
    files: tuple[Admitted, ...]
    readings: dict[int, Reading] = field(default_factory=dict)
    thumbnails: dict[int, npt.NDArray[np.float32]] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
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
    from medmodels.worklist.run import read_sources  # brings SciPy

    def load(number: int) -> dict[str, Admitted]:
        # Taken when its turn comes: parts of a file can be hidden for good meanwhile.
        return {"file": found.files[number]}

    sources = (Source(str(number), partial(load, number)) for number in range(len(found.files)))
    for number, (line, reading) in enumerate(read_sources(bundle, sources)):
        if reading is None:
            found.refused[number] = " ".join(line.reasons)
        else:
            assert reading.scan is not None
            found.thumbnails[number] = resize(reading.scan.network_input, THUMBNAIL)
            found.readings[number] = replace(reading, scan=None)
        progress(found.done / len(found.files))
    return found.done
