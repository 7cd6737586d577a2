"""What one bundle reads, how good it is and where it fails, from its card and evaluation."""

from __future__ import annotations

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.ui.headline import drop_sentence, headline, split_population, split_title, splits
from medmodels.ui.navigation import BY_KIND, REPORT
from medmodels.ui.sample_picker import open_sample, show_sample_buttons, some_samples
from medmodels.ui.theme import severity_text


def show_card(bundle: Bundle) -> None:
    """Draw the question, the ways to start, the answers and the main numbers."""
    card, page = bundle.card, BY_KIND[bundle.card.kind]
    with st.container(border=True):
        st.subheader(f"{page.icon} {card.title}", anchor=False)
        st.markdown(f"**{card.question}**")
        _show_starts(bundle)
        st.markdown("**Answers it can give**")
        st.markdown(
            "\n".join(
                f"- {severity_text(entry.severity)} · **{entry.title}** ({entry.letter}): "
                f"{entry.meaning}"
                for entry in card.classes
            )
        )
        _show_numbers(bundle)


def _show_starts(bundle: Bundle) -> None:
    """One click to a sample, or to the page that takes an upload."""
    card, page = bundle.card, BY_KIND[bundle.card.kind]
    samples = some_samples(bundle.task)
    if samples:
        st.caption("Start with a sample case (synthetic, of no patient):")
        chosen = show_sample_buttons(samples, key=f"home-{bundle.task}")
        if chosen is not None:
            open_sample(chosen, card.kind)
    accepted = ", ".join(ending.upper() for ending in card.accepts)
    st.page_link(page.file, label=f"Or upload your own: {accepted}", icon=":material/upload_file:")


def _show_numbers(bundle: Bundle) -> None:
    """Draw a small table: each number with its interval, on the test data and elsewhere."""
    shown, rows = splits(bundle), headline(bundle)
    st.markdown("**How good it is**, with 95% intervals")
    heading = "| | " + " | ".join(split_title(bundle, split) for split in shown) + " |"
    rule = "|:--|" + ":--|" * len(shown)
    lines = [f"| {row.title} | " + " | ".join(row.cells) + " |" for row in rows]
    st.markdown("\n".join([heading, rule, *lines]))
    st.page_link(
        REPORT.file,
        label="Its whole model report",
        icon=REPORT.icon,
        query_params={"task": bundle.task},
    )
    with st.popover("What these numbers mean", type="tertiary", icon=":material/help:"):
        meanings = [f"**{row.title}.** {row.meaning}" for row in rows]
        data = [f"**{split_title(bundle, s)}.** {split_population(bundle, s)}" for s in shown]
        st.markdown("\n".join(f"- {line}" for line in meanings + data))


def show_limits(bundle: Bundle) -> None:
    """Draw the card's limits, headed by what happens on data from elsewhere."""
    card = bundle.card
    with st.container(border=True):
        st.subheader(card.title, anchor=False)
        drop = drop_sentence(bundle)
        lines = [f"**{drop}**"] * bool(drop) + list(card.limits)
        st.markdown("\n".join(f"- {line}" for line in lines))
        st.caption(f"{card.intended_use} {card.not_for}")
