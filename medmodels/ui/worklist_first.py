"""Read first: the answer is hidden until the reader has said what they see."""

from __future__ import annotations

import time

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.inputs.errors import InputError
from medmodels.ui.errors import show_input_error
from medmodels.ui.taken_over import taking
from medmodels.ui.upload import take_upload
from medmodels.ui.worklist_work import Work
from medmodels.worklist.read_first import (
    CONFIDENCES,
    Estimate,
    Impression,
    Read,
    Summary,
    summarise,
)
from medmodels.worklist.review import DISAGREE
from medmodels.worklist.truths import read_truths

_ON, _KEPT = "worklist-first", "worklist-first-kept"
_WHEN = {"guess": "when you guessed", "likely": "at “likely”", "sure": "when you were sure"}


def reads_first() -> bool:
    """Whether answers are hidden until the reader has committed."""
    return bool(st.session_state.get(_ON, st.session_state.get(_KEPT, False)))


def is_hidden(work: Work, number: int) -> bool:
    """Whether the answer to a case must not be shown yet."""
    return reads_first() and work.lines[number].answered and number not in work.impressions


def offer_read_first() -> None:
    """Draw the switch."""
    # A widget's value is forgotten while another page is shown; this one's is not.
    st.session_state.setdefault(_ON, st.session_state.get(_KEPT, False))
    st.session_state[_KEPT] = st.toggle(
        "Read first", key=_ON,
        help="Hides each answer until you have said what you see and how sure you are. Cases then "
        "stand in the order in which they came.",
    )  # fmt: skip


def ask_impression(bundle: Bundle, work: Work, number: int) -> None:
    """Ask what the reader sees; the answer is shown after that."""
    work.seen_at.setdefault(number, time.monotonic())
    entries = {entry.name: entry.title for entry in bundle.card.classes}
    # Of several rows the answer is the gravest (`medmodels.worklist.line`).
    several = sum(work.lines[number].counts.values()) > 1
    question = "What is the gravest that you see?" if several else "What do you see?"
    with st.form(f"worklist-first-{number}", border=True):
        said = st.radio(
            question, list(entries), format_func=entries.__getitem__, index=None,
            key=f"worklist-first-answer-{number}",
        )  # fmt: skip
        sure = st.segmented_control(
            "How sure are you?", list(CONFIDENCES), format_func=str.capitalize,
            default=CONFIDENCES[1], required=True, key=f"worklist-first-sure-{number}",
        )  # fmt: skip
        if st.form_submit_button("Commit, and show the answer", type="primary"):
            if said is None:
                st.error("Choose what you see first.", icon=":material/help:")
                return
            seconds = time.monotonic() - work.seen_at[number]
            work.impressions[number] = Impression(said, str(sure), seconds)
            st.rerun()


def show_impression(bundle: Bundle, work: Work, number: int) -> None:
    """Put the reader's first impression beside the answer."""
    impression = work.impressions.get(number)
    if impression is None or not reads_first():
        return
    titles = {entry.name: entry.title for entry in bundle.card.classes}
    same = impression.answer == work.lines[number].answer
    st.markdown(
        f"You said **{titles[impression.answer]}** ({impression.confidence}) after "
        f"{impression.seconds:.0f} s: {'the same' if same else 'something else'}."
    )


def show_summary(bundle: Bundle, work: Work) -> None:
    """Say how reader and network compare, once cases have been read first."""
    if not reads_first() or not work.impressions:
        return
    with st.expander("How you and the network compare", icon=":material/compare_arrows:"):
        data = take_upload(
            "What the cases really are (CSV with the columns file or sha256, and label)",
            key="worklist-truths", help="Used for this comparison only.",
        )  # fmt: skip
        if data is not None:
            with taking("worklist-truths"):
                try:
                    work.truths = read_truths(data, work.lines, bundle.card)
                except InputError as error:
                    show_input_error(error, title="These labels cannot be used.")
        findings = [entry.name for entry in bundle.card.classes if entry.severity]
        _say(summarise(reads_of(work), findings))


def reads_of(work: Work) -> list[Read]:
    """What was read first, with what the reader said in the end."""
    found = []
    for number, impression in sorted(work.impressions.items()):
        network, review = work.lines[number].answer, work.reviews.get(number)
        if review is None:
            final = impression.answer
        elif review.verdict == DISAGREE:
            final = review.answer or impression.answer
        else:
            final = network
        found.append(Read(impression, final, network, work.truths.get(number, "")))
    return found


def _say(summary: Summary) -> None:
    if summary.warns:
        st.warning(
            f"**You followed the network into {_answers(summary.followed_wrong, 'wrong')}** and "
            f"into {_answers(summary.followed_right, 'right')}. Seen after one’s own, its answer "
            "pulls: this is automation bias.", icon=":material/psychology_alt:",
        )  # fmt: skip
    when = "; ".join(
        f"{_WHEN[name]} {_words(found)}" for name, found in reversed(list(summary.when.items()))
    )
    lines = [
        f"{summary.n:,} read first, the median in {summary.seconds:.0f} s.",
        f"First impressions that the network shares: {_words(summary.agreed)}; Cohen’s kappa "
        f"{_words(summary.kappa, percent=False)}.",
        f"Shared {when}." if when else "",
        f"Changes of mind: {summary.changed:,}, of them {summary.towards:,} to the network’s "
        f"answer and {summary.away:,} to another.",
    ]
    for name, shares in (
        ("Sensitivity", summary.sensitivity), ("Specificity", summary.specificity),
    ):  # fmt: skip
        if shares:
            lines.append(
                f"{name}: at first {_words(shares['first'])}, in the end "
                f"{_words(shares['final'])}, the network {_words(shares['network'])}."
            )
    st.markdown("".join(f"\n- {line}" for line in lines if line))
    st.caption("95% intervals: Wilson’s for shares, by bootstrap over cases for kappa.")


def _answers(count: int | None, kind: str) -> str:
    return f"{count or 0:,} {kind} {'answer' if count == 1 else 'answers'}"


def _words(estimate: Estimate, *, percent: bool = True) -> str:
    value, low, high = estimate.value, estimate.low, estimate.high
    if value is None or low is None or high is None:
        return f"cannot be told (n = {estimate.n:,})"
    if percent:
        return f"{value:.0%} ({low:.0%} to {high:.0%}, n = {estimate.n:,})"
    return f"{value:.2f} ({low:.2f} to {high:.2f}, n = {estimate.n:,})".replace("-", "\u2212")
