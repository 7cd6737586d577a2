"""Sequences of bases on the Sequence page, from the answer down to the details."""

from __future__ import annotations

import html

import numpy as np
import streamlit as st

from medmodels.bundles import Bundle
from medmodels.inputs.errors import InputError
from medmodels.reading.sentences import answer_sentence
from medmodels.ui.bases_along import show_along
from medmodels.ui.bases_case import BasesCase, bases_jobs, last_bases, obtain_bases
from medmodels.ui.bases_input import choose_bases
from medmodels.ui.bases_level import at_chosen_level
from medmodels.ui.bases_rows import show_rows_of_bases
from medmodels.ui.bases_window import show_window
from medmodels.ui.errors import show_input_error
from medmodels.ui.keep_reading import show_keep
from medmodels.ui.lights import show_lights
from medmodels.ui.other_task import offer_other_task, offer_where_unlike
from medmodels.ui.theme import palette
from medmodels.ui.withheld import is_withheld, offer_to_insist, show_doubts, show_withheld


def show_bases(bundle: Bundle) -> None:
    """Lay out the page for a task that reads sequences of bases."""
    source, both = choose_bases(bundle)
    if source is not None and source.sample is not None:
        st.caption(f"Sample case, of nobody: {source.sample.description}")
    if source is not None and source.dropped:
        st.caption(
            ":material/shield_person: Dropped when it arrived, as it may say whose it is: "
            f"{', '.join(source.dropped)}. Sequences keep names that are accession numbers, "
            "places in a genome or numbered words; others are numbered."
        )
    case = last_bases(bundle)
    if source is not None:
        try:
            case = obtain_bases(bundle, source, both=both) or case
        except InputError as error:
            show_input_error(error, kept=case is not None)
            offer_other_task(bundle, source.data)
    if case is None:
        if source is None:
            _show_empty(bundle)
        return
    if is_withheld(case.reading):
        show_withheld(case.reading)
        offer_where_unlike(bundle, case.reading, case.source.data)
        show_lights(case.reading, withheld=True)
        offer_to_insist(case.reading)
        show_keep(case.reading, bases_jobs(case))
        return
    case = at_chosen_level(bundle, case)
    _show_case(bundle, case)
    show_keep(case.reading, bases_jobs(case))
    _show_details(bundle, case)


def _show_case(bundle: Bundle, case: BasesCase) -> None:
    reading = case.reading
    st.markdown(f"**Understood:** {reading.source}, {case.bases.sequences.bases:,} bases.")
    worst = max((bundle.card.classes[k].severity for k in np.unique(reading.labels)), default=0)
    st.html(
        f'<p class="dia-answer" style="--dia-colour:{palette().severity[worst]}" '
        f'data-testid="answer" role="status">{html.escape(answer_sentence(reading))}</p>'
    )
    show_doubts(reading)
    show_lights(reading, withheld=False)
    if case.bases.scanned:
        show_along(bundle, case)
    elif len(reading.labels) > 1:
        show_rows_of_bases(case)
    show_window(bundle, case)


def _show_details(bundle: Bundle, case: BasesCase) -> None:
    with st.expander("Before you believe it", icon=":material/report:"):
        st.markdown("\n".join(f"- {limit}" for limit in bundle.card.limits))
        st.caption(f"{bundle.card.intended_use} {bundle.card.not_for}")
        for note in case.reading.notes:
            st.caption(note)


def _show_empty(bundle: Bundle) -> None:
    with st.container(border=True):
        st.subheader(bundle.card.question, anchor=False)
        st.markdown(
            f"Upload or paste sequences, or click a sample case. {bundle.card.input['length']} "
            "bases give one answer; longer sequences are read base by base, and this page shows\n\n"
            "1. **the answer** in one sentence;\n"
            "2. **each site** at its place along the sequence, to keep as a list;\n"
            "3. **what an answer rests on**: what every single change of a base would do."
        )
        st.caption(f"{bundle.card.intended_use} {bundle.card.not_for}")
