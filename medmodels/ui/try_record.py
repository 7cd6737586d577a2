"""What was tried on an input: kept for the session, with undo, redo and a record."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence

import streamlit as st

from medmodels.bundles import Card
from medmodels.explain.tries import History
from medmodels.explain.what_if import Attempt, Hidden
from medmodels.trust.operating_point import OperatingPoint
from medmodels.ui.ecg_words import csv_cell
from medmodels.ui.try_search import keep_note

_KEPT = "tries"
_MOST_KEPT = 8

Row = dict[str, str | int | float | bool]


def history_of(key: Hashable) -> History[Attempt] | None:
    """What was tried on an input in this session; None before the first try."""
    found: History[Attempt] | None = st.session_state.get(_KEPT, {}).get(key)
    return found


def keep_history(key: Hashable, history: History[Attempt]) -> None:
    """Keep what was tried; only the inputs used last stay."""
    kept: dict[Hashable, History[Attempt]] = st.session_state.setdefault(_KEPT, {})
    kept.pop(key, None)
    kept[key] = history
    for old in list(kept)[:-_MOST_KEPT]:
        del kept[old]


def parts_of(key: Hashable) -> tuple[Hidden, ...]:
    """What is hidden of an input now."""
    history = history_of(key)
    return () if history is None else history.now.parts


def add_try(
    key: Hashable,
    attempt: Callable[[Sequence[Hidden]], Attempt],
    part: Hidden,
    *,
    alone: bool = False,
) -> None:
    """Hide one more part, and keep the network's answer.

    Parameters
    ----------
    key : hashable
        Of the history.
    attempt : callable
        Asks the network with some parts hidden.
    part : Hidden
    alone : bool
        Show again whatever else is hidden.
    """
    keep_note(key, "")
    history = history_of(key) or History(attempt(()))
    parts = (part,) if alone else (*history.now.parts, part)
    keep_history(key, history.push(attempt(parts)))


def first_of(history: History[Attempt]) -> Attempt:
    """The input as it came."""
    return (*history.past, history.now)[0]


def show_steps(key: Hashable, *, name: str) -> None:
    """Draw undo, redo and start over.

    Parameters
    ----------
    key : hashable
        Of the history.
    name : str
        Prefix of the buttons' keys, unique on the page.
    """
    history = history_of(key)
    with st.container(horizontal=True, gap="small"):
        for word, icon, change, possible in (
            ("Undo", "undo", "undo", bool(history and history.past)),
            ("Redo", "redo", "redo", bool(history and history.future)),
            ("Start over", "restart_alt", "start_over", bool(history and history.now.parts)),
        ):
            st.button(
                word, key=f"{name}-{change}", icon=f":material/{icon}:", disabled=not possible,
                on_click=_step, args=(key, change),
            )  # fmt: skip


def _step(key: Hashable, change: str) -> None:
    history = history_of(key)
    keep_note(key, "")
    if history is not None:
        moves = {
            "undo": History.undo, "redo": History.redo, "start_over": History.start_over,
        }  # fmt: skip
        keep_history(key, moves[change](history))


def record_rows(
    history: History[Attempt], card: Card, point: OperatingPoint, puts: Mapping[str, str]
) -> list[Row]:
    """One row for everything tried, in order.

    Parameters
    ----------
    history : History of Attempt
    card : Card
    point : OperatingPoint
    puts : mapping of str to str
        What was put in a part's place, in words.
    """
    first = first_of(history).logits
    label = int(point.labels(first))
    title, before = card.classes[label].title, float(point.probabilities(first)[label])
    rows: list[Row] = []
    for number, attempt in enumerate(history.tried, 1):
        part, after = attempt.parts[-1], float(point.probabilities(attempt.logits)[label])
        rows.append({
            "Try": number,
            "Hidden": part.what,
            "Where": part.where,
            "Replaced by": puts.get(part.put, part.put),
            "Others hidden": len(attempt.parts) - 1,
            "In all, %": round(100 * attempt.share, 1),
            "Probability of": title,
            "Before, %": round(100 * before, 1),
            "After, %": round(100 * after, 1),
            "Change, points": round(100 * (after - before), 1),
            "Answer": card.classes[int(point.labels(attempt.logits))].title,
            "Shown now": attempt is history.now,
        })  # fmt: skip
    return rows


def to_csv(rows: list[Row]) -> bytes:
    """Rows of a record as CSV with a heading, in UTF-8."""
    lines = [list(rows[0])] + [
        ["yes" if value is True else "no" if value is False else value for value in row.values()]
        for row in rows
    ]
    text = "".join(",".join(csv_cell(value) for value in line) + "\n" for line in lines)
    return text.encode()


def show_record(
    key: Hashable,
    card: Card,
    point: OperatingPoint,
    puts: Mapping[str, str],
    *,
    name: str,
) -> None:
    """Draw the record of what was tried, and offer it as CSV; nothing before the first try.

    Parameters
    ----------
    key : hashable
        Of the history.
    card : Card
    point : OperatingPoint
    puts : mapping of str to str
    name : str
        Prefix of the widgets' keys, unique on the page.
    """
    history = history_of(key)
    if history is None or not history.tried:
        return
    rows = record_rows(history, card, point, puts)
    st.markdown("**What was tried**")
    st.dataframe(
        rows,
        hide_index=True,
        key=f"{name}-record",
        column_config={
            "Try": st.column_config.NumberColumn(width=40),
            "Hidden": st.column_config.TextColumn(width=200),
            "Where": st.column_config.TextColumn(width=270),
            "Others hidden": st.column_config.NumberColumn(
                help="Parts that earlier tries had hidden and that stayed hidden."
            ),
            "In all, %": st.column_config.NumberColumn(help="How much is hidden in all."),
            "Probability of": None,
            "Shown now": st.column_config.CheckboxColumn(
                help="Whether this is what the picture above shows."
            ),
        },
    )
    st.caption(
        f"Before and after: the probability of {str(rows[0]['Probability of']).lower()}. "
        "What was undone stays in this list."
    )
    st.download_button(
        "Download the record (CSV)",
        lambda: to_csv(rows),
        file_name=f"{card.task}-tried.csv",
        mime="text/csv",
        key=f"{name}-csv",
        icon=":material/download:",
        on_click="ignore",
    )
