"""What the files of a worklist said about people: named, counted, dropped, and never shown."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from medmodels.ui.airlock_panel import in_order, plain
from medmodels.ui.worklist_work import Work

_MOST = 12


def show_what_was_said(work: Work) -> None:
    """Sum up over all cases what was dropped when they arrived."""
    known = [source for source in work.sources if source.said is not None]
    counts = Counter(name for source in known for name in set(source.said or ()))
    private = sum(source.private > 0 for source in known)
    telling = sum(bool(source.said) or source.private > 0 for source in known)
    later = len(work.sources) - len(known)
    if not telling:
        st.caption(
            ":material/shield_person: "
            + ("These files said nothing about a person beside what is read. " if known else "")
            + _later(later)
        )
        return
    with st.expander(
        f"What these files said about people: {_of(telling, len(known))}, dropped",
        icon=":material/shield_person:",
    ):
        st.markdown(
            f"**Dropped when the files arrived:** {summed_up(counts, private)}. Nothing of what "
            f"they said is held or shown. {_later(later)}"
        )


def summed_up(counts: Counter[str], private: int) -> str:
    """Names of what was found with the number of cases, the most telling first.

    Examples
    --------
    >>> summed_up(Counter({"Study Date": 1, "Patient's Name": 2}), 1)
    'patient’s name (2), study date (1), private elements (1)'
    """
    names = in_order(tuple(counts))
    words = [f"{plain(name)} ({counts[name]:,})" for name in names[:_MOST]]
    if len(names) > _MOST:
        words.append(f"{len(names) - _MOST} more kinds")
    if private:
        words.append(f"private elements ({private:,})")
    return ", ".join(words)


def show_what_one_said(work: Work, number: int) -> None:
    """Name what was dropped of one case."""
    source = work.sources[number]
    if source.said is None or not (source.said or source.private):
        return
    names = [plain(name) for name in in_order(source.said)]
    words = ", ".join(names[:_MOST])
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    private = f"{', and ' if names else ''}{source.private:,} private" if source.private else ""
    st.caption(f":material/shield_person: Dropped when it arrived: {words}{more}{private}.")


def _of(some: int, all_of_them: int) -> str:
    return f"{some:,} of {all_of_them:,} {'case' if all_of_them == 1 else 'cases'}"


def _later(count: int) -> str:
    if not count:
        return ""
    return (
        f"{count:,} in an archive too large to be taken apart at once: they are cleaned as each "
        "is read, and not counted here."
    )
