"""Inside the network: how a network sees, remembers and learns, on the visitor's own case."""

from __future__ import annotations

import streamlit as st

from medmodels.ui.errors import show_bundle_error
from medmodels.ui.loading import shelf, warm_soon
from medmodels.ui.navigation import enter_by_front_door

_LESSONS = ("Convolution", "Feature maps", "Pooling", "Recurrence", "Learning")


def _show_scan_lesson(lesson: str) -> None:
    """Draw a lesson that works on a scan."""
    from medmodels.ui.lesson_scan import lesson_scan, offer_own, show_source

    if not shelf().of_kind("scan"):
        st.info(
            "No network that reads scans is installed. `python -m medmodels train chest-xray` "
            "makes one.",
            icon=":material/inventory_2:",
        )
        return
    scan = lesson_scan()
    if scan is None:
        st.info(
            "No scan is open, and no sample case came with the network.", icon=":material/info:"
        )
        offer_own()
        return
    show_source(scan)
    if lesson == "Convolution":
        from medmodels.ui.lesson_convolution import show_convolution

        show_convolution(scan)
    elif lesson == "Feature maps":
        from medmodels.ui.lesson_maps import show_maps

        show_maps(scan)
    elif lesson == "Pooling":
        from medmodels.ui.lesson_pooling import show_pooling

        show_pooling(scan)
    else:
        from medmodels.ui.lesson_learning import show_learning

        show_learning(scan)


enter_by_front_door()
st.title("Inside the network", anchor=False)
for message in shelf().refused:
    show_bundle_error(message)
chosen = st.segmented_control(
    "Lesson",
    _LESSONS,
    default=_LESSONS[0],
    required=True,
    key="lesson",
    label_visibility="collapsed",
)
if chosen == "Recurrence":
    from medmodels.ui.lesson_recurrence import show_recurrence

    show_recurrence()
else:
    _show_scan_lesson(chosen)
warm_soon()
