"""Every method side by side, each with its audit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.explain.agreement import agreement
from medmodels.explain.methods import METHODS, methods_for
from medmodels.explain.plan import ExplainPlan
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.reading.explained import explain_row
from medmodels.reading.reading import Explained, Reading
from medmodels.ui.audit_curves import show_curves
from medmodels.ui.audit_table import audit_table
from medmodels.ui.background import Progress
from medmodels.ui.bases_case import BasesCase, bases_jobs
from medmodels.ui.bases_maps import map_of
from medmodels.ui.compare_bases import compare_bases
from medmodels.ui.compare_scan import compare_scan
from medmodels.ui.compare_signal import compare_signal, known_beat_map
from medmodels.ui.ecg_reading import Case, jobs_of
from medmodels.ui.loading import prepare_explanations
from medmodels.ui.scan_case import ScanCase, known_map
from medmodels.ui.verdict import Jobs, explained_or_wait, show_verdict

if TYPE_CHECKING:
    from medmodels.explain.audit import Audit


def show_scan_audit(bundle: Bundle, case: ScanCase) -> None:
    """All methods' maps of the open scan, their audits as a table, the curves of one."""
    label = int(case.reading.labels[0])
    maps = {
        method.name: found
        for method in methods_for("scan")
        if (found := known_map(case, method.name, label)) is not None
    }
    audits = _audits(case.reading.explained, 0, label, maps, None)
    compare_scan(bundle, case, audits=audits)

    def explain(method: str) -> Callable[[Progress], Explained]:
        return _work(bundle, case.reading, 0, method, maps[method])

    _show(bundle, case.jobs, 0, label, maps, audits, explain, key=case.key)


def show_signal_audit(bundle: Bundle, case: Case, beat: int) -> None:
    """All methods' maps of one beat, their audits as a table, the curves of one."""
    label = int(case.reading.labels[beat])
    found_maps = {
        method.name: found
        for method in methods_for("signal")
        if (found := known_beat_map(case, beat, method.name, label)) is not None
    }
    maps = {name: found.map for name, found in found_maps.items()}
    place = next((beat - found.first for found in found_maps.values()), None)
    audits = _audits(case.reading.explained, beat, label, maps, place)
    compare_signal(bundle, case, beat, audits=audits)

    def explain(method: str) -> Callable[[Progress], Explained]:
        return _work(bundle, case.reading, beat, method, maps.get(method))

    best = ExplainPlan.of(bundle).method
    # A map of whole beats has no order of one beat's parts to judge.
    wanted = [name for name in dict.fromkeys([best, *maps]) if not METHODS[name].per_beat]
    _show(bundle, jobs_of(case), beat, label, wanted, audits, explain, key=f"beat-{beat}")


def show_bases_audit(bundle: Bundle, case: BasesCase, row: int) -> None:
    """All methods' maps of one window of bases, their audits as a table, the curves of one."""
    label = int(case.reading.labels[row])
    maps = {
        method.name: map_of(bundle, case, row, method.name, label)
        for method in methods_for("sequence")
    }
    audits = _audits(case.reading.explained, row, label, maps, None)
    compare_bases(bundle, case, row, maps, audits=audits)

    def explain(method: str) -> Callable[[Progress], Explained]:
        return _work(bundle, case.reading, row, method, maps[method])

    _show(bundle, bases_jobs(case), row, label, maps, audits, explain, key=f"bases-{row}")


def _work(
    bundle: Bundle, reading: Reading, row: int, method: str, found: SaliencyMap | None
) -> Callable[[Progress], Explained]:
    """One audit, as work behind the page."""

    def work(progress: Progress) -> Explained:
        prepare_explanations(bundle)
        return explain_row(bundle, reading, row, method=method, found=found, progress=progress)

    return work


def _audits(
    explained: Sequence[Explained],
    row: int,
    label: int,
    maps: Mapping[str, SaliencyMap],
    place: int | None,
) -> list[Audit]:
    """Audits of one answer, each with how far its map agrees with the others that are there."""
    found = []
    for one in explained:
        if one.row != row or one.audit.class_index != label:
            continue
        others = {name: other for name, other in maps.items() if name != one.audit.method}
        found.append(replace(one.audit, agreement=agreement(one.map, others, place)))
    return found


def _show(
    bundle: Bundle,
    jobs: Jobs,
    row: int,
    label: int,
    methods: Sequence[str] | Mapping[str, SaliencyMap],
    audits: list[Audit],
    explain: Callable[[str], Callable[[Progress], Explained]],
    *,
    key: str,
) -> None:
    st.subheader("Tested on this input", anchor=False)
    st.markdown(
        "A map is evidence only if hiding what it points at changes the answer more than hiding "
        "random places, the middle, or whatever stands out would."
    )
    known = {audit.method for audit in audits}
    waiting = [name for name in methods if name not in known]
    if waiting:
        # One after the other: each is drawn into the table as soon as it is there.
        name = waiting[0]
        st.caption(f"{METHODS[name].title}, {len(known) + 1} of {len(known) + len(waiting)}")
        explained_or_wait(jobs, (row, name, label), explain(name), key=f"{key}-audit-{name}")
    stored: Mapping[str, Any] = bundle.evaluation.get("audit", {})
    audit_table(
        audits, stored=stored.get("splits", {}).get("test"), key=f"{key}-table",
        kind=bundle.card.kind,
    )  # fmt: skip
    if not audits:
        return
    titles = {audit.method: METHODS[audit.method].title for audit in audits}
    chosen = st.selectbox(
        "Curves of", list(titles), format_func=lambda name: titles[name], key=f"{key}-curves-of",
        width=260,
    )  # fmt: skip
    audit = next(audit for audit in audits if audit.method == chosen)
    show_verdict(audit)
    show_curves(audit, key=f"{key}-curves-{chosen}", expanded=True)
    entry = METHODS[chosen]
    st.caption(f"**{entry.title}** shows: {entry.shows} It does not show: {entry.hides}")
