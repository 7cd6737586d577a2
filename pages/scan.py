"""Scan: one image, its answer and what the answer rests on."""

from __future__ import annotations

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.inputs.airlock import Admitted
from medmodels.inputs.errors import InputError
from medmodels.reading.moved import moved
from medmodels.ui.airlock_mask import show_mask_tool
from medmodels.ui.airlock_panel import show_airlock
from medmodels.ui.errors import show_bundle_error, show_input_error
from medmodels.ui.lights import show_lights
from medmodels.ui.loading import shelf, warm_soon
from medmodels.ui.navigation import enter_by_front_door
from medmodels.ui.operating_point import chosen_threshold
from medmodels.ui.other_task import offer_other_task, offer_where_unlike
from medmodels.ui.patients import show_patients
from medmodels.ui.picture import show_picture
from medmodels.ui.sample_picker import opening_sample, pick_sample
from medmodels.ui.scan_answer import show_answer
from medmodels.ui.scan_case import ScanCase, current_case, open_case, reread
from medmodels.ui.scan_correction import offer_correction
from medmodels.ui.scan_details import show_details, show_limits
from medmodels.ui.scan_explanation import show_explanation
from medmodels.ui.scan_refused import forget_refused, keep_refused, last_refused
from medmodels.ui.scan_together import show_together
from medmodels.ui.scan_viewer import show_viewer
from medmodels.ui.taken_over import taking
from medmodels.ui.task_choice import choose_task
from medmodels.ui.together import begin_together
from medmodels.ui.upload import take_admitted, take_uploads
from medmodels.ui.withheld import is_withheld, offer_to_insist, show_withheld


def _take_input(bundle: Bundle) -> None:
    """Open what the visitor uploads or picks; an error leaves the open scan alone."""
    accepted = ", ".join(ending.upper() for ending in bundle.card.accepts)
    upload, samples = st.columns([3, 2], gap="large")
    together = bundle.card.input.get("together")
    key = f"scans-upload-{bundle.task}" if together else "scan-upload"
    files: tuple[Admitted, ...] = ()
    with upload:
        endings = f"({accepted}; DICOM without an ending too)"
        stays = "The file stays on this computer and in this session."
        if together:
            files = take_uploads(
                f"Upload one {bundle.card.item}, or several for a {together} {endings}",
                key=key, help=stays, expected="scan",
            )  # fmt: skip
        else:
            data = take_admitted(f"Upload a scan {endings}", key=key, help=stays, expected="scan")
            files = () if data is None else (data,)
    with samples:
        st.markdown("Or start with a sample case")
        sample = pick_sample(bundle, key="scan-sample", uploader=key)
    with taking(key), opening_sample():
        try:
            if sample is not None:
                open_case(bundle, sample.read_bytes(), title=sample.title, about=sample.description)
            elif len(files) > 1:
                begin_together(bundle, files)
            elif files:
                open_case(bundle, files[0], title="Your file")
            else:
                return
            forget_refused()
        except InputError as error:
            keep_refused(error, files[0] if len(files) == 1 and files[0].data else None)


def _fitting_case(bundle: Bundle) -> ScanCase | None:
    """Return the open scan as read by this bundle and at the chosen frame."""
    case = current_case()
    if case is None:
        return None
    frame = case.scan.frame
    if case.scan.frames > 1:
        frame = -1 + st.slider(
            f"Frame (1 to {case.scan.frames})", 1, case.scan.frames, frame + 1,
            key=f"scan-frame-{case.scan.digest[:12]}",
        )  # fmt: skip
    if frame == case.scan.frame and case.bundle_digest == bundle.digest:
        return case
    try:
        return reread(bundle, case, frame=frame)
    except InputError as error:
        keep_refused(error)
        return case if case.bundle_digest == bundle.digest else None


def _show_case(bundle: Bundle, case: ScanCase) -> None:
    """Left the scan, right the answer and what it rests on."""
    assert case.reading.scan is not None
    reading = moved(case.reading, chosen_threshold(bundle))
    with st.container(key="scan-columns"):
        left, right = st.columns(2, gap="large")
    with right:
        if is_withheld(reading):
            show_withheld(reading)
            offer_where_unlike(bundle, reading, case.source or case.data)
            offer_correction(bundle, case)
            show_lights(reading, withheld=True)
            offer_to_insist(reading)
        else:
            offer_correction(bundle, case)
            show_answer(bundle, reading)
    with left:
        st.subheader(case.title, anchor=False)
        if case.about:
            st.caption(case.about)
        show_viewer(case)
        show_mask_tool(bundle, case)
        if case.source is not None:
            show_airlock(case.source)
        seen = case.reading.scan.network_input
        picture, words = st.columns([1, 2], vertical_alignment="center")
        with picture:
            show_picture(seen, alt="The scan as the network saw it.")
        words.markdown(
            f"**What the network saw**\n\n{seen.shape[1]} × {seen.shape[0]} points, the whole "
            "field squeezed to a square. What cannot be seen here did not reach it."
        )
        show_limits(bundle)
    if not is_withheld(reading):
        # After the scan: a server's first map waits seconds for what makes it.
        with right:
            show_explanation(case)
        show_patients(bundle)
    show_details(bundle, case, reading)


def _show_empty(bundle: Bundle) -> None:
    """Say what will be here, before anything is."""
    with st.container(border=True):
        st.subheader(bundle.card.question, anchor=False)
        st.markdown(
            "Upload a scan, or click a sample case, and this page shows\n\n"
            "1. **the scan** as you know it: zoom, window, invert, measure;\n"
            "2. **the answer** in one sentence, with how sure the network is and how often it "
            "was right on data it had never seen;\n"
            "3. **what the answer rests on**: a map over the scan, on a scale that means the "
            "same for every scan."
        )
        st.caption(f"{bundle.card.intended_use} {bundle.card.not_for}")


enter_by_front_door()
st.title("Scan", anchor=False)
for message in shelf().refused:
    show_bundle_error(message)
available = shelf().of_kind("scan")
if not available:
    st.info(
        "No network that reads scans is installed. `python -m medmodels train chest-xray` "
        "makes one.",
        icon=":material/inventory_2:",
    )
    st.stop()
chosen_bundle = choose_task(available, lambda bundle: bundle.card.title, key="scan-task")
_take_input(chosen_bundle)
place_for_error = st.container()
several = show_together(chosen_bundle)
open_scan_case = _fitting_case(chosen_bundle)
if refused := last_refused():
    with place_for_error:
        show_input_error(refused.error, kept=open_scan_case is not None)
        if refused.file is not None:
            offer_other_task(chosen_bundle, refused.file)
if open_scan_case is None and not several:
    _show_empty(chosen_bundle)
elif open_scan_case is not None:
    _show_case(chosen_bundle, open_scan_case)
warm_soon(available)
