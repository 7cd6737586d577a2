"""The cases of a worklist, in the order that was asked for, a page at a time."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable
from typing import Final

import streamlit as st
from PIL import Image

from medmodels.bundles import Bundle, Card
from medmodels.figures.theme import SEVERITY_WORDS
from medmodels.reading.sentences import percent
from medmodels.trust.decision import ABSTAIN, ANSWER, WARN
from medmodels.ui.theme import palette
from medmodels.ui.worklist_first import is_hidden, offer_read_first, reads_first
from medmodels.ui.worklist_maps import make_maps, maps_legend, offer_maps, shows_maps
from medmodels.ui.worklist_series import in_series, offer_series, series_words
from medmodels.ui.worklist_text import flag_html
from medmodels.ui.worklist_work import Work
from medmodels.worklist.line import UNREADABLE, Line
from medmodels.worklist.order import ARRIVAL, DOUBT, REFUSAL, URGENCY, ordered
from medmodels.worklist.review import ACCEPT

_PAGE = 12
_ORDERS = {
    URGENCY: "Urgency", DOUBT: "Doubt", REFUSAL: "No answer first", ARRIVAL: "As they came",
}  # fmt: skip
_ALL, _GRAVE, _DOUBTED, _SILENT, _LEFT, _TEXT = (
    "All", "With a finding", "In doubt", "No answer", "Not reviewed", "Text in the picture",
)  # fmt: skip
_SHOWN: Final[dict[str, Callable[[Work, int], bool]]] = {
    _ALL: lambda work, i: True,  # noqa: ARG005
    _GRAVE: lambda work, i: work.lines[i].severity > 0,
    _DOUBTED: lambda work, i: work.lines[i].state == WARN,
    _SILENT: lambda work, i: work.lines[i].state in (ABSTAIN, UNREADABLE),
    _LEFT: lambda work, i: i not in work.reviews,
    _TEXT: lambda work, i: bool(work.lines[i].burned_in),
}
# A mark of its own for each severity, and for what has no answer: colour alone tells nothing.
_MARKS = ("✓", "●", "▲")
_SILENT_WORDS = {ABSTAIN: "No answer", UNREADABLE: "Cannot be read"}
_SILENT_MARKS = {ABSTAIN: "?", UNREADABLE: "✕"}


def in_order(work: Work) -> list[int]:
    """Cases that are listed now, by number, in the order asked for."""
    by = st.session_state.get("worklist-order") or URGENCY
    shown = _SHOWN[st.session_state.get("worklist-shown") or _ALL]
    if reads_first():
        # Any other order would tell the answer.
        by, shown = ARRIVAL, _SHOWN[_ALL]
    return in_series(work, [i for i in ordered(work.lines, by) if shown(work, i)])


def show_controls(bundle: Bundle, work: Work) -> None:
    """Draw the choice of an order and of what is listed."""
    if not reads_first():
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            st.segmented_control(
                "Order", list(_ORDERS), format_func=_ORDERS.__getitem__, default=URGENCY,
                required=True, key="worklist-order", on_change=_first_page,
            )  # fmt: skip
            st.segmented_control(
                "Show", _choices(bundle), default=_ALL, required=True, key="worklist-shown",
                on_change=_first_page,
            )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        offer_series(work)
        offer_maps(bundle)
        offer_read_first()
        st.toggle(
            "File names", key="worklist-names",
            help="File names are often people’s names, so cases are numbered.",
        )  # fmt: skip


def _choices(bundle: Bundle) -> list[str]:
    """What can be listed; only scans have text in them."""
    choices = [name for name in _SHOWN if name != _TEXT or bundle.card.kind == "scan"]
    if st.session_state.get("worklist-shown") not in choices:
        st.session_state.pop("worklist-shown", None)
    return choices


def show_list(bundle: Bundle, work: Work, numbers: list[int]) -> None:
    """Draw a page of the list; a click on a case chooses it.

    Parameters
    ----------
    bundle : Bundle
    work : Work
    numbers : list of int
        From `in_order`.
    """
    card = bundle.card
    if not numbers:
        st.caption("No case is like that." if work.lines else "The first case is being read …")
        return
    pages = -(-len(numbers) // _PAGE)
    page = min(st.session_state.get("worklist-page", 0), pages - 1)
    listed = numbers[page * _PAGE : (page + 1) * _PAGE]
    if shows_maps(bundle):
        st.caption(maps_legend(bundle))
        make_maps(bundle, work, (i for i in listed if not is_hidden(work, i)))
    for number in listed:
        _show_row(work, card, number, maps=shows_maps(bundle))
    if pages > 1:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Earlier", icon=":material/chevron_left:", disabled=page == 0,
                key="worklist-earlier", on_click=_turn, args=(page - 1,),
            )  # fmt: skip
            st.caption(f"Page {page + 1} of {pages}", width="content")
            st.button(
                "Later", icon=":material/chevron_right:", disabled=page == pages - 1,
                key="worklist-later", on_click=_turn, args=(page + 1,),
            )  # fmt: skip


def turn_to(numbers: list[int], chosen: int | None) -> None:
    """Turn to the page of the list on which a case stands."""
    if chosen in numbers:
        st.session_state["worklist-page"] = numbers.index(chosen) // _PAGE


def case_name(work: Work, number: int) -> str:
    """What a case is called on screen."""
    if st.session_state.get("worklist-names"):
        return work.lines[number].file
    return f"Case {number + 1}"


def answer_words(line: Line, card: Card) -> str:
    """A line's answer in a few words."""
    if not line.answered:
        return _SILENT_WORDS.get(line.state, "Say first what you see")
    title = {entry.name: entry.title for entry in card.classes}[line.answer]
    if line.probability is not None:
        return f"{title}, {percent(line.probability)}"
    rows, count = sum(line.counts.values()), line.counts[line.answer]
    return f"{title}: {count:,} of {rows:,} {card.items}"


def _show_row(work: Work, card: Card, number: int, *, maps: bool) -> None:
    line = work.lines[number]
    review = work.reviews.get(number)
    words, choose = st.columns([4, 1], gap="small", vertical_alignment="center")
    words.html(_row(work, card, line, number, maps=maps))
    mark = "" if review is None else ("✓ " if review.verdict == ACCEPT else "✕ ")
    choose.button(
        f"{mark}Case {number + 1}", key=f"worklist-open-{number}", on_click=_choose,
        args=(work, number), type="primary" if number == work.chosen else "secondary",
        width="stretch",
    )  # fmt: skip


def _row(work: Work, card: Card, line: Line, number: int, *, maps: bool) -> str:
    if is_hidden(work, number):
        # As if there were nothing: neither the answer, nor a doubt about it.
        line = Line(line.file, ANSWER, burned_in=line.burned_in)
    colours = palette()
    colour = colours.severity[line.severity] if line.answered else colours.muted
    picture = _picture(work, number, maps=maps and line.answered)
    mark = _MARKS[line.severity] if line.answered else _SILENT_MARKS.get(line.state, "…")
    words = f"{SEVERITY_WORDS[line.severity].capitalize()}." if line.answered else ""
    if line.state == WARN:
        words += " With a warning:"
    if line.reasons:
        words += f" {line.reasons[0]}"
    words += f" {series_words(work, number)}"
    name = f"{case_name(work, number)}: " if st.session_state.get("worklist-names") else ""
    return (
        f'<div class="dia-light" style="--dia-colour:{colour}">{picture}'
        f'<span class="dia-mark" aria-hidden="true">{mark}</span>'
        f"<span><b>{html.escape(name + answer_words(line, card))}</b><br>"
        f'<span class="dia-small">{html.escape(words.strip())}</span>{flag_html(line)}</span></div>'
    )


def _picture(work: Work, number: int, *, maps: bool) -> str:
    """A small picture; with a map over it, which a pointer takes away."""
    plain, above = work.thumbnails.get(number), work.with_maps.get(number) if maps else None
    if plain is None:
        return ""
    pictures = [(plain, f"Case {number + 1}", "")]
    if above is not None:
        pictures.append((above, f"Map of case {number + 1}, not tested", "dia-over"))
    images = "".join(
        f'<img src="{_as_source(one.tobytes(), one.shape)}" width="56" height="56" '
        f'alt="{alt}" class="{style}">'
        for one, alt, style in pictures
    )
    return f'<span class="dia-thumbnail">{images}</span>'


def _as_source(data: bytes, shape: tuple[int, ...]) -> str:
    """A thumbnail as the address of an image."""
    size = shape[1], shape[0]
    image = Image.frombytes("RGB" if shape[2] == 3 else "L", size, data)
    file = io.BytesIO()
    image.save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


def _choose(work: Work, number: int) -> None:
    work.chosen = None if work.chosen == number else number


def _turn(page: int) -> None:
    st.session_state["worklist-page"] = page


def _first_page() -> None:
    st.session_state["worklist-page"] = 0
