"""Sequence: an ECG or a sequence of bases, all of it read, and what each answer rests on."""

from __future__ import annotations

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.figures.ecg_colours import beat_marks
from medmodels.figures.ecg_rhythm import rr_histogram
from medmodels.inputs.errors import InputError
from medmodels.ui.bases_view import show_bases
from medmodels.ui.ecg_beat import show_beat, show_explanation
from medmodels.ui.ecg_corrections import ask_corrections
from medmodels.ui.ecg_empty import show_empty
from medmodels.ui.ecg_list import show_list
from medmodels.ui.ecg_position import start_position
from medmodels.ui.ecg_reading import Case, jobs_of, last_case, obtain_case
from medmodels.ui.ecg_reference import show_reference
from medmodels.ui.ecg_rows import show_rows
from medmodels.ui.ecg_source import choose_source, understood
from medmodels.ui.ecg_summary import show_answer, show_notes
from medmodels.ui.ecg_viewer import show_viewer
from medmodels.ui.errors import show_bundle_error, show_input_error
from medmodels.ui.keep_reading import show_keep
from medmodels.ui.lights import show_lights
from medmodels.ui.loading import shelf, warm_soon
from medmodels.ui.navigation import BY_KIND, enter_by_front_door
from medmodels.ui.other_task import offer_other_task, offer_where_unlike
from medmodels.ui.patients import show_patients
from medmodels.ui.task_choice import choose_task
from medmodels.ui.theme import palette, show_figure
from medmodels.ui.withheld import is_withheld, offer_to_insist, show_withheld


def choose_bundle() -> Bundle | None:
    """Return the network to read with, asking when there are several."""
    for message in shelf().refused:
        show_bundle_error(message)
    found = (*shelf().of_kind("signal"), *shelf().of_kind("sequence"))
    if not found:
        st.warning("No network that reads signals or sequences is installed.")
        return None
    return choose_task(
        found, lambda b: f"{BY_KIND[b.card.kind].icon} {b.card.title}", key="sequence-task"
    )


def current_case(bundle: Bundle) -> Case | None:
    """Read what was chosen; on an error the case before it stays."""
    source = choose_source(bundle)
    if source is None:
        return None
    if source.sample is not None:
        st.caption(f"Sample case, synthetic, of no patient: {source.sample.description}")
    try:
        found = understood(source)
        corrections = ask_corrections(source, found)
        if corrections is None:
            return last_case(bundle)
        return obtain_case(bundle, source, corrections) or last_case(bundle)
    except InputError as error:
        kept = last_case(bundle)
        show_input_error(error, kept=kept is not None)
        if (data := source.single_upload) is not None:
            offer_other_task(bundle, data)
        return kept


@st.fragment
def explore(bundle: Bundle, case: Case) -> None:
    """Everything that moves with the position; reruns without the rest of the page."""
    start_position(case)
    if case.beats.has_rhythm:
        show_viewer(case)
    else:
        show_rows(case)
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=540):
            show_list(case)
        with st.container(width=540):
            show_beat(case)
    show_explanation(bundle, case)


def show_rhythm(case: Case) -> None:
    """Draw the histogram of the intervals."""
    if case.rhythm is None or len(case.rhythm.rr_ms) < 2:
        return
    st.subheader("RR intervals")
    marks = beat_marks(case.reading.card.classes, palette())
    figure = rr_histogram(case.rhythm.rr_ms, case.reading.labels, marks, palette())
    show_figure(
        figure, key="ecg_rr", alt="Histogram of RR intervals by class of the beat that ends them."
    )


def page() -> None:
    """Lay out the page from the answer down to the details."""
    st.title("Sequence")
    bundle = choose_bundle()
    if bundle is None:
        return
    st.html(f'<p class="dia-lead">{bundle.card.question}</p>')
    if bundle.card.kind == "sequence":
        show_bases(bundle)
        warm_soon((bundle,))
        return
    case = current_case(bundle)
    if case is None:
        show_empty()
        warm_soon((bundle,))
        return
    if is_withheld(case.reading):
        show_withheld(case.reading)
        if (data := case.source.single_upload) is not None:
            offer_where_unlike(bundle, case.reading, data)
        show_lights(case.reading, withheld=True)
        offer_to_insist(case.reading)
        show_notes(case)
        show_keep(case.reading, jobs_of(case))
        warm_soon((bundle,))
        return
    show_answer(case)
    views = st.container()
    # Below the views, but there before them: the first map of a session is waited for.
    show_keep(case.reading, jobs_of(case))
    with views:
        explore(bundle, case)
        show_rhythm(case)
        show_reference(case)
        show_patients(bundle)
    warm_soon((bundle,))


enter_by_front_door()
page()
