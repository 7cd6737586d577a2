"""The scan that the lessons work on: the one that is open, or a sample case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from medmodels.bundles import Bundle
from medmodels.inputs.open_scan import open_scan
from medmodels.samples import list_samples
from medmodels.ui.loading import ensure_ready, read_item, shelf
from medmodels.ui.navigation import BY_KIND
from medmodels.ui.picture import show_picture
from medmodels.ui.scan_case import current_case

Array = npt.NDArray[np.float32]

_LESSON = "lesson-scan"


@dataclass(frozen=True)
class LessonScan:
    """One scan as its network was given it, and what every layer made of it.

    Parameters
    ----------
    key : str
        Changes with the scan and with the bundle.
    title, about : str
        As on screen; ``about`` is empty for the visitor's own scan.
    bundle : Bundle
    network_input : ndarray, float32, shape (H, W, C)
        0 to 1.
    logits : ndarray, float32, shape (K,)
    maps : mapping
        Every layer's maps (h, w, c) by the layer's name.
    kept : dict
        What the lessons have worked out for this scan.
    """

    key: str
    title: str
    about: str
    bundle: Bundle
    network_input: Array = field(repr=False)
    logits: Array = field(repr=False)
    maps: Mapping[str, Array] = field(repr=False)
    kept: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def classes(self) -> tuple[str, ...]:
        """Titles of the classes in the order of the logits."""
        return tuple(entry.title for entry in self.bundle.card.classes)


def lesson_scan() -> LessonScan | None:
    """Return the open scan, or a sample where none is open; None where there is neither.

    The network runs once for a scan, and what its layers made of it stays in
    the session until another scan is looked at.
    """
    bundles = shelf().of_kind("scan")
    case = current_case()
    bundle = next((b for b in bundles if case and b.digest == case.bundle_digest), None)
    if case is not None and bundle is not None:
        assert case.reading.scan is not None
        x, logits = case.reading.scan.network_input, case.reading.logits[0]
        return _kept(case.key, case.title, case.about, bundle, x, logits)
    if not bundles:
        return None
    bundle = _choose(bundles)
    sample = next(iter(list_samples(bundle.task)), None)
    if sample is None:
        return None
    key = f"{sample.file}-{bundle.digest[:8]}"
    known: LessonScan | None = st.session_state.get(_LESSON)
    if known is not None and known.key == key:
        return known
    reading = read_item(bundle, open_scan(sample.read_bytes()))
    assert reading.scan is not None
    x, logits = reading.scan.network_input, reading.logits[0]
    return _kept(key, sample.title, sample.description, bundle, x, logits)


def show_source(scan: LessonScan) -> None:
    """Say which scan the lessons work on, and offer to open another."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        show_picture(scan.network_input, width=72, alt="The scan as the network saw it.")
        with st.container(width="stretch"):
            if current_case() is None:
                st.markdown(
                    f"No scan is open, so these lessons use a sample case: **{scan.title}**. "
                    f"{scan.about}"
                )
            else:
                st.markdown(f"These lessons use the open scan: **{scan.title}**. {scan.about}")
            offer_own()


def offer_own() -> None:
    """Draw the button that leads to the Scan page."""
    if st.button("Open your own on the Scan page", icon=BY_KIND["scan"].icon, key="lesson-open"):
        st.switch_page(BY_KIND["scan"].file)


def _choose(bundles: tuple[Bundle, ...]) -> Bundle:
    """Ask for the network where several read scans."""
    if len(bundles) == 1:
        return bundles[0]
    by_task = {bundle.task: bundle for bundle in bundles}
    task = st.segmented_control(
        "Network",
        list(by_task),
        default=bundles[0].task,
        format_func=lambda name: by_task[name].card.title,
        required=True,
        key="lesson-task",
    )
    return by_task[task]


def _kept(
    key: str, title: str, about: str, bundle: Bundle, x: Array, logits: npt.NDArray[Any]
) -> LessonScan:
    known: LessonScan | None = st.session_state.get(_LESSON)
    if known is not None and known.key == key:
        return known
    from medmodels.lessons.feature_maps import all_maps

    ensure_ready(bundle)
    with st.spinner("Running the network once and keeping what every layer makes of the scan …"):
        maps = all_maps(bundle.network, x)
    scan = LessonScan(key, title, about, bundle, x, np.asarray(logits, np.float32), maps)
    st.session_state[_LESSON] = scan
    return scan
