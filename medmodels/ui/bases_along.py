"""Long sequences: how probable each site is along them, and the sites that are called."""

from __future__ import annotations

from functools import partial

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.figures.bases_along import along_figure
from medmodels.reading.site_files import sites_bed, sites_csv
from medmodels.reading.sites import Site
from medmodels.ui.bases_case import BasesCase
from medmodels.ui.bases_level import choose_level
from medmodels.ui.theme import palette, show_figure

_ROW = "bases-row"


def show_along(bundle: Bundle, case: BasesCase) -> None:
    """Draw one sequence, with its called sites as a list to choose from and to keep."""
    number = _choose_sequence(case)
    bases, classes = case.bases, case.reading.card.classes
    first, last = (int(row) for row in bases.first_rows[number : number + 2])
    length = len(bases.sequences.sequences[number])
    low, high = _choose_part(length, number)
    half, reverse = bases.length // 2, bases.strands[number] == "-"
    columns = [(k, entry) for k, entry in enumerate(classes) if entry.severity > 0]
    shares = case.reading.probabilities[first:last]
    shares = shares[::-1] if reverse else shares
    start = max(low - half, 0)
    sites = [site for site in case.sites if first <= site.row < last]
    show_figure(
        along_figure(
            shares[start : max(high - half, start + 1)], start + half, columns,
            [(site.before, classes.index(site.entry), site.probability) for site in sites
             if low <= site.before <= high],
            palette(),
        ),
        key=f"bases-along-{number}",
        alt="Probability of each site along the sequence: "
        + (", ".join(f"{s.entry.title} after base {s.before:,}" for s in sites[:12]) or "no site"),
    )  # fmt: skip
    st.caption(
        f"Each point is one window of {bases.length} bases; its probability stands at the base "
        "before the place that is judged. Where there are more points than pixels the highest "
        "of each stretch is drawn."
    )
    choose_level(bundle, case)
    _list_sites(case, sites, number)


def _choose_sequence(case: BasesCase) -> int:
    names, strands = case.bases.sequences.names, case.bases.strands
    if len(names) == 1:
        return 0
    sides = {"+": "", "-": ", other strand"}
    return int(
        st.selectbox(
            "Sequence", range(len(names)), key="bases-sequence", width=420,
            format_func=lambda i: f"{names[i]}{sides[strands[i]]}",
        )
    )  # fmt: skip


def _choose_part(length: int, number: int) -> tuple[int, int]:
    low, high = st.slider(
        "Part of the sequence, bases", 1, length, (1, length), key=f"bases-part-{number}-{length}"
    )
    return int(low), int(high)


def _list_sites(case: BasesCase, sites: list[Site], number: int) -> None:
    st.markdown(f"**Called sites** ({len(sites):,})")
    if not sites:
        st.caption("No site is called along this sequence at this level.")
        return
    rows = [
        {"After base": site.before, "Site": site.entry.title, "Probability": site.probability}
        for site in sites
    ]
    picked = st.dataframe(
        rows, hide_index=True, key=f"bases-sites-{number}", on_select="rerun",
        selection_mode="single-row", height=min(38 * (len(rows) + 1), 320),
        column_config={
            "After base": st.column_config.NumberColumn(format="localized"),
            "Probability": st.column_config.NumberColumn(format="percent"),
        },
        alt="The called sites; choose a row to see what its answer rests on.",
    )  # fmt: skip
    chosen = picked["selection"]["rows"]
    if chosen:
        st.session_state[_ROW] = sites[chosen[0]].row
    with st.container(horizontal=True, gap="small"):
        for label, make in (("CSV", sites_csv), ("BED", sites_bed)):
            st.download_button(
                f"All sites as {label}", partial(make, case.sites), f"sites.{label.lower()}",
                "text/plain", key=f"bases-{label}", icon=":material/download:", on_click="ignore",
            )  # fmt: skip


def chosen_row(case: BasesCase) -> int:
    """The answer whose window is shown: the chosen one, else the first called, else the first."""
    row = int(st.session_state.get(_ROW, -1))
    if not 0 <= row < len(case.reading.labels):
        row = case.sites[0].row if case.sites else 0
    return row


def choose_row(row: int) -> None:
    """Show another answer's window."""
    st.session_state[_ROW] = row
