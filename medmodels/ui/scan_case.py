"""The scan that a session has open: decoded once, read once, explained once."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import streamlit as st

from medmodels.bundles import Bundle
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.figures.scan_view import shrink
from medmodels.inputs.airlock import Admitted, admit
from medmodels.inputs.burned_in import Box, find_text
from medmodels.inputs.burned_in_mask import masked
from medmodels.inputs.correction import corrected
from medmodels.inputs.open_scan import open_scan
from medmodels.inputs.scan import Scan
from medmodels.reading import Reading
from medmodels.samples import list_samples
from medmodels.ui.loading import ensure_explains, read_item
from medmodels.ui.verdict import Jobs, collected, stop_all

_CASE = "scan-case"
_REFERENCES = 3


@dataclass
class ScanCase:
    """One open scan with its reading; lives in the session and nowhere else.

    Parameters
    ----------
    title : str
        "Your file", or the sample's title.
    about : str
        One sentence about a sample; empty for a file.
    data : bytes
        The source, for its other frames, without what it said about a person.
    scan : Scan
    display : ndarray, float32
        The scan from `shrink`.
    bundle_digest : str
        The bundle that read it.
    reading : Reading
    decode_s : float
        Seconds that decoding took.
    lies : str
        How the picture lay before it was put right; empty for as it came.
    source : Admitted or None
        What came through the airlock.
    masks : tuple of Box
        What the visitor hid before it was read.
    blanked : tuple of Box
        What was hidden for good: nothing of it is held any more.
    texts : tuple of Box
        What still looks like text in its pixels.
    maps : dict
        Maps made on demand, by method and class.
    seconds : dict
        What each of them took.
    jobs : dict
        Maps being tested behind the page, by row, method and class.
    """

    title: str
    about: str
    data: bytes
    scan: Scan
    display: npt.NDArray[np.float32]
    bundle_digest: str
    reading: Reading
    decode_s: float
    lies: str = ""
    source: Admitted | None = None
    masks: tuple[Box, ...] = ()
    texts: tuple[Box, ...] = ()
    blanked: tuple[Box, ...] = ()
    maps: dict[tuple[str, int], SaliencyMap] = field(default_factory=dict)
    seconds: dict[tuple[str, int], float] = field(default_factory=dict)
    jobs: Jobs = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Changes with the scan, its frame and its bundle, so that controls start anew."""
        hidden = "".join(
            f"-{b.top}.{b.left}.{b.bottom}.{b.right}" for b in (*self.blanked, *self.masks)
        )
        which = f"{self.scan.digest[:12]}-{self.scan.frame}{self.lies}{hidden}"
        return f"{which}-{self.bundle_digest[:8]}"


def current_case() -> ScanCase | None:
    """Return the scan that is open in this session."""
    case: ScanCase | None = st.session_state.get(_CASE)
    if case is not None:
        case.reading = collected(case.reading, case.jobs)
    return case


def keep_case(case: ScanCase) -> None:
    """Make a case the open one, with what is being done for it."""
    st.session_state[_CASE] = case


def open_case(
    bundle: Bundle,
    item: bytes | Admitted,
    *,
    title: str,
    about: str = "",
    frame: int = 0,
    lies: str = "",
    masks: tuple[Box, ...] = (),
    blanked: tuple[Box, ...] = (),
) -> ScanCase:
    """Decode and read a file, and make it the open scan.

    Bytes go through the airlock first. What ``masks`` hide is hidden before anything else
    sees it; ``lies`` says how the picture lies, if it is to be put right then; ``blanked`` is
    what the file does not hold any more.

    Raises
    ------
    InputError
        The scan that was open stays open.
    """
    start = time.perf_counter()
    with st.spinner("Opening the file …"):
        source = item if isinstance(item, Admitted) else admit(item)
        scan = masked(open_scan(source, frame=frame), masks)
        texts = find_text(scan.pixels)
        if lies:
            scan = corrected(scan, lies)
    decoded = time.perf_counter() - start
    reading = read_item(bundle, scan)
    shown = shrink(scan.pixels)
    case = ScanCase(
        title, about, source.data, scan, shown, bundle.digest, reading, decoded, lies, source,
        masks, () if lies else texts, blanked,
    )  # fmt: skip
    before: ScanCase | None = st.session_state.get(_CASE)
    if before is not None:
        stop_all(before.jobs)
    st.session_state[_CASE] = case
    return case


def reread(
    bundle: Bundle,
    case: ScanCase,
    *,
    frame: int | None = None,
    lies: str | None = None,
    masks: tuple[Box, ...] | None = None,
) -> ScanCase:
    """Read the open file again: another bundle, another of its frames, put right, or masked.

    Raises
    ------
    InputError
    """
    wanted = case.scan.frame if frame is None else frame
    return open_case(
        bundle, case.source or case.data, title=case.title, about=case.about, frame=wanted,
        lies=case.lies if lies is None else lies,
        masks=case.masks if masks is None else masks, blanked=case.blanked,
    )  # fmt: skip


def known_map(case: ScanCase, method: str, class_index: int) -> SaliencyMap | None:
    """Return a map that is there without a wait."""
    assert case.reading.scan is not None
    if method in case.reading.scan.maps:
        return case.reading.scan.maps[method][class_index]
    return case.maps.get((method, class_index))


def make_map(bundle: Bundle, case: ScanCase, method: str, class_index: int) -> SaliencyMap:
    """Run an explanation method on the open scan and keep its map in the session."""
    assert case.reading.scan is not None
    ensure_explains(bundle)
    start = time.perf_counter()
    seen = case.reading.scan.network_input
    made = _explain(bundle, method, seen, class_index)
    case.maps[method, class_index] = made
    case.seconds[method, class_index] = time.perf_counter() - start
    if made.method not in bundle.trust.get("saliency_scale", {}):
        reference_maps(bundle, method)
    return made


def reference_maps(bundle: Bundle, method: str) -> tuple[SaliencyMap, ...]:
    """Maps of the bundle's first sample cases, each for its own answer; made once.

    They set the scale of a method that has none of its own.
    """
    return _reference_maps(bundle.digest, method, bundle)


@st.cache_resource(show_spinner=False, max_entries=32)
def _reference_maps(
    digest: str,  # noqa: ARG001 - the cache's key, in the place of the bundle
    method: str,
    _bundle: Bundle,
) -> tuple[SaliencyMap, ...]:
    made = []
    for sample in list_samples(_bundle.task)[:_REFERENCES]:
        reading = read_item(_bundle, open_scan(sample.read_bytes()))
        assert reading.scan is not None
        label = int(reading.labels[0])
        made.append(_explain(_bundle, method, reading.scan.network_input, label))
    return tuple(made)


def _explain(
    bundle: Bundle, method: str, seen: npt.NDArray[np.float32], class_index: int
) -> SaliencyMap:
    from medmodels.explain.subject import Subject  # brings TensorFlow

    return Subject(bundle, seen, None, class_index).explain(method)
