"""What the Explanation page explains: the scan, the recording or the sequences that are open."""

from __future__ import annotations

import html
from dataclasses import dataclass

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.figures.ecg_clock import clock
from medmodels.reading import Reading
from medmodels.reading.sentences import answer_sentence, percent
from medmodels.ui.bases_along import choose_row, chosen_row
from medmodels.ui.bases_case import BasesCase, last_bases
from medmodels.ui.ecg_position import choose_beat, chosen_beat, start_position, step_beat
from medmodels.ui.ecg_reading import Case, last_case
from medmodels.ui.loading import shelf
from medmodels.ui.navigation import BY_KIND
from medmodels.ui.sample_picker import open_sample, show_sample_buttons, some_samples
from medmodels.ui.scan_case import ScanCase, current_case
from medmodels.ui.theme import palette


@dataclass(frozen=True)
class OpenInput:
    """An open input with the bundle that read it.

    Parameters
    ----------
    bundle : Bundle
    case : ScanCase, Case or BasesCase
    """

    bundle: Bundle
    case: ScanCase | Case | BasesCase

    @property
    def title(self) -> str:
        """How the choice is offered."""
        page = BY_KIND[self.bundle.card.kind]
        return f"{page.icon} {self.bundle.card.title}"

    def show_answer(self, reading: Reading) -> None:
        """Draw the answer that is being explained."""
        entry = reading.card.classes[int(reading.labels[0])]
        colour = palette().severity[entry.severity]
        st.html(
            f'<p class="dia-answer" style="--dia-colour:{colour}" data-testid="answer">'
            f"{html.escape(answer_sentence(reading))}</p>"
        )


def choose_open() -> OpenInput | None:
    """Return the open input, asking where there are several; None when nothing is open."""
    found: dict[str, OpenInput] = {}
    scan = current_case()
    for bundle in shelf().bundles:
        if bundle.card.kind == "scan" and scan and scan.bundle_digest == bundle.digest:
            found[bundle.task] = OpenInput(bundle, scan)
        elif bundle.card.kind == "signal" and (case := last_case(bundle)) is not None:
            found[bundle.task] = OpenInput(bundle, case)
        elif bundle.card.kind == "sequence" and (bases := last_bases(bundle)) is not None:
            found[bundle.task] = OpenInput(bundle, bases)
    if not found:
        return None
    if len(found) == 1:
        return next(iter(found.values()))
    task = st.segmented_control(
        "Open input", list(found), default=next(iter(found)), required=True,
        format_func=lambda name: found[name].title, key="explanation-task",
    )  # fmt: skip
    return found[task]


def choose_beat_here(case: Case) -> int:
    """Choose the beat that is explained; the same one as on the Sequence page."""
    start_position(case)
    beat, last = chosen_beat(case), len(case.reading.labels) - 1
    entry = case.reading.card.classes[int(case.reading.labels[beat])]
    unit = "Beat" if case.beats.has_rhythm else "Row"
    place = f", at {clock(case.beats.times_s[beat], 2)}" if case.beats.has_rhythm else ""
    colour = palette().severity[entry.severity]
    st.html(
        f'<p class="dia-answer" style="--dia-colour:{colour}" data-testid="answer">'
        f"{unit} {beat + 1:,}{place}: {html.escape(entry.title.lower())} ({entry.letter}), "
        f"probability {case.decided[beat]:.1%}</p>"
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        # Without a key of its own the field follows the beat chosen elsewhere.
        number = st.number_input(f"{unit} (1 to {last + 1:,})", 1, last + 1, beat + 1, width=160)
        st.button(
            "Previous not normal", icon=":material/chevron_left:", key="explanation-previous",
            on_click=step_beat, args=(case, -1, case.abnormal.tolist()),
        )  # fmt: skip
        st.button(
            "Next not normal", icon=":material/chevron_right:", icon_position="right",
            key="explanation-next", on_click=step_beat, args=(case, 1, case.abnormal.tolist()),
        )  # fmt: skip
    if number - 1 != beat:
        choose_beat(case, int(number) - 1)
        st.rerun()
    return beat


def choose_window_here(case: BasesCase) -> int:
    """Choose the window of bases that is explained; the same one as on the Sequence page."""
    row = chosen_row(case)
    entry = case.reading.card.classes[int(case.reading.labels[row])]
    share = float(case.reading.probabilities[row, case.reading.labels[row]])
    st.html(
        f'<p class="dia-answer" style="--dia-colour:{palette().severity[entry.severity]}" '
        f'data-testid="answer">{html.escape(window_words(case, row))}: '
        f"{html.escape(entry.title.lower())}, probability {percent(share)}</p>"
    )
    sites = [site.row for site in case.sites] if case.bases.scanned else []
    rows = sorted({row, *sites}) if case.bases.scanned else list(range(len(case.reading.labels)))
    if len(rows) > 1:
        # Without a key of its own the list follows what was chosen elsewhere.
        chosen = st.selectbox(
            "Called site" if case.bases.scanned else "Sequence", rows, index=rows.index(row),
            format_func=lambda other: window_words(case, other), width=420,
        )  # fmt: skip
        if chosen != row:
            choose_row(chosen)
            st.rerun()
    return row


def window_words(case: BasesCase, row: int) -> str:
    """Which window an answer is about: a sequence's name, and where it is long the place."""
    number, start = case.bases.place(row)
    name = case.bases.sequences.names[number]
    if not case.bases.scanned:
        return f"{name}, other strand" if case.bases.strands[number] == "-" else name
    site = next((site for site in case.sites if site.row == row), None)
    if site is not None:
        return f"{name}, after base {site.before:,} ({site.entry.title.lower()})"
    return f"{name}, window from base {start + 1:,}"


def show_nothing() -> None:
    """Say what will be here, and how to begin."""
    with st.container(border=True):
        st.subheader("Nothing is open yet", anchor=False)
        st.markdown(
            "Open a scan, an ECG or a sequence of bases, and this page shows\n\n"
            "1. **every method side by side**, each with the test it passed or failed;\n"
            "2. **what happens when you hide a part**: erase a region or a wave and watch the "
            "probability move, or let the smallest region that changes the answer be found;\n"
            "3. **the nearest cases** that the network learned from;\n"
            "4. **what speaks against the answer**."
        )
        for bundle in shelf().bundles:
            samples = some_samples(bundle.task)
            if samples:
                st.markdown(f"**{bundle.card.title}**: start with a sample case")
                chosen = show_sample_buttons(samples, key=f"explanation-{bundle.task}")
                if chosen is not None:
                    open_sample(chosen, bundle.card.kind)
        st.caption("Samples open on their own page; come back here from the menu.")
