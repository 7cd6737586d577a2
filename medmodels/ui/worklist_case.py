"""The chosen case of a worklist: its answer, and what the reader says of it."""

from __future__ import annotations

import html
from dataclasses import replace

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.inputs.errors import InputError
from medmodels.ui.errors import show_input_error
from medmodels.ui.other_task import hand_over
from medmodels.ui.worklist_airlock import show_what_one_said
from medmodels.ui.worklist_first import ask_impression, is_hidden, show_impression
from medmodels.ui.worklist_list import answer_words, case_name, turn_to
from medmodels.ui.worklist_look import show_look
from medmodels.ui.worklist_text import ready_mask_tool, warn_of_text, whole_words
from medmodels.ui.worklist_work import Work
from medmodels.worklist.line import UNREADABLE
from medmodels.worklist.review import ACCEPT, DISAGREE, Review

_UNSAID = ""
_ANCHOR = "worklist-case"


def show_case(bundle: Bundle, work: Work, numbers: list[int]) -> None:
    """Draw the chosen case, with keys to go on and to judge it.

    Parameters
    ----------
    bundle : Bundle
    work : Work
    numbers : list of int
        The cases that are listed, in order.
    """
    number = work.chosen
    if number is None or number >= len(work.lines):
        st.markdown(
            "Choose a case, or begin with the first: the keys **←** and **→** go through the "
            "list, **A** accepts the answer, **D** disagrees with it."
        )
        st.caption("Where a switch or a choice was clicked last, the keys are its own: click "
                   "beside it first.")  # fmt: skip
        _move_buttons(work, numbers, None)
        return
    line, card = work.lines[number], bundle.card
    place = numbers.index(number) if number in numbers else None
    where = "" if place is None else f" ({place + 1:,} of {len(numbers):,})"
    st.subheader(f"{case_name(work, number)}{where}", anchor=_ANCHOR)
    _move_buttons(work, numbers, place)
    show_look(bundle, work, number)
    if is_hidden(work, number):
        ask_impression(bundle, work, number)
        return
    warn_of_text(line)
    st.markdown(f"**{answer_words(line, card)}**")
    show_impression(bundle, work, number)
    if len(line.left) > 1:
        titles = {entry.name: entry.title.lower() for entry in card.classes}
        st.markdown(f"Cannot be ruled out: {', '.join(titles[name] for name in line.left)}.")
    for reason in line.reasons:
        st.markdown(f"- {reason}")
    show_what_one_said(work, number)
    _judge(bundle, work, numbers, number)
    if st.button(whole_words(line), icon=":material/open_in_full:", key="worklist-whole"):
        _open_whole(bundle, work, number)


def show_way_to_case(work: Work) -> None:
    """Draw a link from the list to the chosen case; call it after the list.

    Only where they stand one below the other is it to be seen, on a telephone (``style.css``).
    """
    if work.chosen is not None and work.chosen < len(work.lines):
        name = html.escape(case_name(work, work.chosen))
        st.html(f'<a class="dia-to-case" href="#{_ANCHOR}">↑ {name}</a>')


def _move_buttons(work: Work, numbers: list[int], place: int | None) -> None:
    last = len(numbers) - 1
    before, after = (0, 0) if place is None else (max(place - 1, 0), min(place + 1, last))
    with st.container(horizontal=True):
        st.button(
            "Previous", icon=":material/arrow_back:", shortcut="Left", key="worklist-previous",
            disabled=not numbers or place in (None, 0), on_click=_go, args=(work, numbers, before),
        )  # fmt: skip
        st.button(
            "First" if place is None else "Next", icon=":material/arrow_forward:",
            shortcut="Right", key="worklist-next", disabled=not numbers or place == last,
            on_click=_go, args=(work, numbers, after),
        )  # fmt: skip


def _judge(bundle: Bundle, work: Work, numbers: list[int], number: int) -> None:
    review = work.reviews.get(number)
    line = work.lines[number]
    # There is nothing to agree with where no answer was given, and nothing at all in a bad file.
    nothing = {ACCEPT: not line.answered, DISAGREE: line.state == UNREADABLE}
    with st.container(horizontal=True):
        for verdict, word, icon, key in (
            (ACCEPT, "Accept", "check", "a"), (DISAGREE, "Disagree", "close", "d"),
        ):  # fmt: skip
            said = review is not None and review.verdict == verdict
            st.button(
                word, icon=f":material/{icon}:", key=f"worklist-{verdict}", shortcut=key,
                type="primary" if said else "secondary", on_click=_say,
                args=(work, numbers, number, verdict), disabled=nothing[verdict],
                help="Click again to take it back." if said else None,
            )  # fmt: skip
    if review is None:
        return
    if review.verdict == DISAGREE:
        titles = {entry.name: entry.title for entry in bundle.card.classes}
        st.selectbox(
            "Your answer", [_UNSAID, *titles], key=f"worklist-answer-{number}",
            index=[_UNSAID, *titles].index(review.answer),
            format_func=lambda name: titles.get(name, "Not said"),
            on_change=_keep, args=(work, number, "answer", f"worklist-answer-{number}"),
        )  # fmt: skip
    st.text_input(
        "Comment", value=review.comment, key=f"worklist-comment-{number}", max_chars=500,
        on_change=_keep, args=(work, number, "comment", f"worklist-comment-{number}"),
    )  # fmt: skip


def _go(work: Work, numbers: list[int], place: int) -> None:
    work.chosen = numbers[place]
    turn_to(numbers, work.chosen)


def _say(work: Work, numbers: list[int], number: int, verdict: str) -> None:
    before = work.reviews.get(number)
    if before is not None and before.verdict == verdict:
        del work.reviews[number]
        return
    work.reviews[number] = (
        Review(verdict) if before is None else replace(before, verdict=verdict, answer="")
    )
    # Who agrees goes on to the next; who does not may want to say what it is.
    left = [i for i in numbers if i not in work.reviews]
    if verdict == ACCEPT and left:
        behind = [i for i in left if number in numbers and numbers.index(i) > numbers.index(number)]
        work.chosen = (behind or left)[0]
        turn_to(numbers, work.chosen)


def _keep(work: Work, number: int, name: str, key: str) -> None:
    value = str(st.session_state[key])
    review = work.reviews[number]
    work.reviews[number] = (
        replace(review, answer=value) if name == "answer" else replace(review, comment=value)
    )


def _open_whole(bundle: Bundle, work: Work, number: int) -> None:
    try:
        files = work.sources[number].load()
    except InputError as error:
        show_input_error(error)
        return
    ready_mask_tool(work.lines[number])
    hand_over(bundle, files)
