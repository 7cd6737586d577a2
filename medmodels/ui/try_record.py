"""What was tried on an input: the answer before and after, undo and redo, the record."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np
import numpy.typing as npt
import streamlit as st

from medmodels.bundles import Card
from medmodels.explain.tries import History
from medmodels.explain.what_if import Attempt
from medmodels.figures.try_change import try_change
from medmodels.reading.sentences import percent
from medmodels.trust.operating_point import OperatingPoint
from medmodels.ui.ecg_words import csv_cell
from medmodels.ui.theme import palette, show_figure

_KEPT = "tries"
_MOST_KEPT = 8
CAUTION = "What you hide makes a picture unlike any real one; read small changes with care."

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


def show_change(
    card: Card,
    point: OperatingPoint,
    before: npt.NDArray[np.float32],
    after: npt.NDArray[np.float32],
    *,
    key: str,
) -> None:
    """Say and draw what hiding did to the answer.

    Parameters
    ----------
    card : Card
    point : OperatingPoint
    before, after : ndarray, shape (K,)
        Logits.
    key : str
        Unique on the page.
    """
    sentence = change_sentence(card, point, before, after)
    st.markdown(f"**{sentence[0]}** {sentence[1]}")
    shares = [point.probabilities(logits) for logits in (before, after)]
    show_figure(
        try_change(card, shares[0], shares[1], int(point.labels(after)), point, palette()),
        key=f"{key}-change",
        alt=f"Probability of each class before and after. {sentence[0]}",
    )


def change_sentence(
    card: Card,
    point: OperatingPoint,
    before: npt.NDArray[np.float32],
    after: npt.NDArray[np.float32],
) -> tuple[str, str]:
    """How the probability of the first answer moved, and whether the answer is another."""
    first, now = int(point.labels(before)), int(point.labels(after))
    old, new = (float(point.probabilities(logits)[first]) for logits in (before, after))
    title = card.classes[first].title
    moved = f"{title}: {percent(old)} → {percent(new)}, {_points(new - old)}."
    if now == first:
        return moved, f"The answer stays {title.lower()}."
    return moved, f"The answer changes from {title.lower()} to {card.classes[now].title.lower()}."


def _points(change: float) -> str:
    """A change of a probability in percentage points."""
    if abs(change) < 0.0005:
        return "no change"
    size = f"{abs(100 * change):.1f}" if abs(change) < 0.1 else f"{abs(100 * change):.0f}"
    noun = "point" if size == "1.0" else "points"
    return f"{size} {noun} {'more' if change > 0 else 'less'}"


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
    first = (history.past or (history.now,))[0].logits
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
            "Together with earlier tries": len(attempt.parts) - 1,
            "Hidden in all, %": round(100 * attempt.share, 1),
            f"{title} before, %": round(100 * before, 1),
            f"{title} after, %": round(100 * after, 1),
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
            "Where": st.column_config.TextColumn(width="medium"),
            "Shown now": st.column_config.CheckboxColumn(
                help="Whether this is the state that the picture above shows."
            ),
        },
    )
    st.download_button(
        "Download the record (CSV)",
        to_csv(rows),
        file_name=f"{card.task}-tried.csv",
        mime="text/csv",
        key=f"{name}-csv",
        icon=":material/download:",
        on_click="ignore",
    )
