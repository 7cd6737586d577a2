"""A differential count on the Scan page: how many of each class, and what to look at again."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.figures.differential import differential_figure
from medmodels.reading.differential import Differential, differential, sure
from medmodels.reading.sentences import percent
from medmodels.ui.picture import show_picture
from medmodels.ui.scan_case import open_case
from medmodels.ui.theme import palette, show_figure
from medmodels.ui.together import Together, current_together, end_together
from medmodels.ui.watch import watch_job

_MOST = 12


def show_together(bundle: Bundle) -> bool:
    """Draw what is open together; return whether anything is."""
    found = current_together(bundle)
    if found is None:
        return False
    card = bundle.card
    with st.container(border=True):
        heading, close = st.columns([5, 1], vertical_alignment="center")
        title = str(card.input["together"])
        heading.subheader(f"{title[:1].upper()}{title[1:]}", anchor=False)
        close.button("Close", icon=":material/close:", on_click=end_together, width="stretch")
        if found.job is not None and found.job.running:
            watch_job(found.job, lambda: _progress(found, card.items), key="together")
        numbers = sorted(found.readings)
        readings = [found.readings[number] for number in numbers]
        count = differential(readings, card)
        if count.counted:
            _show_count(bundle, count, len(found.files))
        _show_refused(found.refused, card.item)
        withheld = [numbers[i] for i in count.withheld]
        _show_some(bundle, found, "Not counted: no answer", withheld, "together-withheld")
        doubtful = [numbers[i] for i in count.doubtful]
        _show_some(bundle, found, "Counted, but look at these", doubtful, "together-doubtful")
    return True


def _progress(found: Together, items: str) -> str:
    left = found.job.seconds_left if found.job else None
    time = f", about {max(left, 1):.0f} s left" if left is not None else ""
    return f"{found.done:,} of {len(found.files):,} {items} read{time}"


def _show_count(bundle: Bundle, count: Differential, files: int) -> None:
    card = bundle.card
    most = max(count.shares, key=lambda share: share.count)
    tied = sum(share.count == most.count for share in count.shares) > 1
    st.markdown(
        f"**{count.counted:,} of {files:,} {card.items} counted**"
        + ("." if tied else f"; most are {most.entry.title.lower()} ({most.value:.0%}).")
    )
    show_figure(
        differential_figure(count, palette()), key="together-count",
        alt="Share of each class: "
        + ", ".join(f"{share.entry.title} {share.value:.1%}" for share in count.shares),
    )  # fmt: skip
    st.caption(
        "95% Wilson intervals: how far the share could be off by the chance of counting only "
        f"{count.counted:,} {card.items}. What the network gets wrong comes on top; the model "
        "report says how much that is."
    )


def _show_refused(refused: dict[int, str], item: str) -> None:
    if not refused:
        return
    lines = "".join(
        f"\n- {item.capitalize()} {number + 1}: {reason}" for number, reason in refused.items()
    )
    st.warning(f"**{len(refused)} could not be read**{lines}", icon=":material/block:")


def _show_some(
    bundle: Bundle, found: Together, title: str, numbers: Sequence[int], key: str
) -> None:
    """A few inputs as small pictures, each with a way to open it."""
    if not numbers:
        return
    item = bundle.card.item.capitalize()
    st.markdown(f"**{title}** ({len(numbers):,})")
    shown = numbers if st.session_state.get(f"{key}-all") else numbers[:_MOST]
    with st.container(horizontal=True, gap="small"):
        for number in shown:
            reading = found.readings[number]
            with st.container(width=118, gap="small"):
                name = reading.card.classes[int(reading.labels[0])].title
                words = f"{name}, {percent(sure(reading))}"
                if reading.decision.abstains:
                    words = reading.decision.reasons[0].sentence
                show_picture(
                    found.thumbnails[number], alt=f"{item} {number + 1}", width=96,
                    caption=words if len(words) < 60 else f"{words[:57]}…",
                )  # fmt: skip
                if st.button(
                    f"{item} {number + 1}", key=f"{key}-{number}", help=words, width="stretch"
                ):
                    open_case(bundle, found.files[number], title=f"{item} {number + 1}")
                    st.rerun()
    if len(numbers) > _MOST:
        st.toggle(f"Show all {len(numbers):,}", key=f"{key}-all")
