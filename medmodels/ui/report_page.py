"""The model report of one bundle: the drop, the main numbers, the parts, the files."""

from __future__ import annotations

from functools import partial

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.reports.model_report import model_report_html, model_report_json
from medmodels.reports.model_sections import PARTS
from medmodels.reports.model_summary import drop_sentences, summary_blocks
from medmodels.ui.report_blocks import apply_table_style, plain_markdown, show_blocks

_TASK = "task"
_CHOICE = "report-task"
_SHOWN = "report-shown"
_PART = "part"


def choose_bundle(bundles: tuple[Bundle, ...]) -> Bundle:
    """Offer the bundles; the choice stands in the address (``?task=``)."""
    titles = {bundle.task: bundle.card.title for bundle in bundles}
    asked = st.query_params.get(_TASK)
    # A default is sent with every drawing. What is set in the session is sent once, and lost
    # where that drawing gives way to the next before it is sent.
    shown = st.session_state.get(_CHOICE) or (asked if asked in titles else next(iter(titles)))
    if _CHOICE in st.session_state and asked in titles and asked != st.session_state.get(_SHOWN):
        st.session_state[_CHOICE] = asked  # a link led here, whatever was open before
        shown = None
    chosen = st.segmented_control(
        "Network",
        list(titles),
        default=shown,
        required=True,
        format_func=lambda task: titles[task],
        key=_CHOICE,
    )
    # Streamlit would bind the title; the task's name outlives a change of its title.
    task = chosen or next(iter(titles))
    st.query_params[_TASK] = st.session_state[_SHOWN] = task
    return next(bundle for bundle in bundles if bundle.task == task)


def show_report(bundle: Bundle) -> None:
    """Draw the report from what is stored with the bundle; nothing is computed anew."""
    apply_table_style()
    _show_drop(bundle)
    _show_downloads(bundle)
    st.header("Here and elsewhere", anchor=False)
    show_blocks(summary_blocks(bundle), digest=bundle.digest)
    # Only the open part is built and sent: the page opens at once.
    tabs = st.tabs([part.title for part in PARTS], key=_PART, bind="query-params")
    for part, tab in zip(PARTS, tabs, strict=True):
        if tab.open:
            with tab:
                show_blocks(part.of(bundle).blocks, digest=bundle.digest)


def _show_drop(bundle: Bundle) -> None:
    first, *rest = drop_sentences(bundle)
    lines = [f"**{plain_markdown(first)}**", *(plain_markdown(line) for line in rest)]
    st.warning("\n\n".join(lines), icon=":material/trending_down:")


def _show_downloads(bundle: Bundle) -> None:
    """Files are made when they are asked for, not before."""
    name = f"model-report-{bundle.task}-{bundle.digest[:12]}"
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Report as HTML",
            partial(model_report_html, bundle),
            file_name=f"{name}.html",
            mime="text/html",
            icon=":material/download:",
            help="One file that needs no network; prints and follows light or dark.",
            on_click="ignore",
            key="report-html",
        )
        st.download_button(
            "Report as JSON",
            partial(model_report_json, bundle),
            file_name=f"{name}.json",
            mime="application/json",
            icon=":material/data_object:",
            on_click="ignore",
            key="report-json",
        )
