"""Home: what this is, what it can read, where to start, where it fails."""

from __future__ import annotations

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.samples import list_samples
from medmodels.ui.errors import show_bundle_error
from medmodels.ui.headline import headline, split_population, split_title, splits
from medmodels.ui.loading import shelf, warm_soon
from medmodels.ui.navigation import BY_KIND, enter_by_front_door
from medmodels.ui.sample_picker import open_sample
from medmodels.ui.theme import severity_text


def _show_card(bundle: Bundle) -> None:
    """One bundle, from its card and its evaluation."""
    card, page = bundle.card, BY_KIND[bundle.card.kind]
    with st.container(border=True):
        st.subheader(f"{page.icon} {card.title}", anchor=False)
        st.markdown(f"**{card.question}**")
        st.page_link(page.file, label=f"Upload your own: {_accepted(bundle)}", icon=page.icon)
        samples = list_samples(bundle.task)
        if samples:
            st.caption("Or open a sample case; samples are synthetic and belong to no patient.")
            with st.container(horizontal=True, gap="small"):
                for number, sample in enumerate(samples):
                    if st.button(
                        sample.title,
                        key=f"home-{bundle.task}-{number}",
                        help=sample.description,
                        icon=":material/play_circle:",
                    ):
                        open_sample(sample, card.kind)
        st.markdown("**Answers it can give**")
        st.markdown(
            "\n".join(
                f"- {severity_text(entry.severity)} · **{entry.title}** ({entry.letter}): "
                f"{entry.meaning}"
                for entry in card.classes
            )
        )
        _show_numbers(bundle)
        with st.expander("Where it fails", icon=":material/report:"):
            st.markdown("\n".join(f"- {limit}" for limit in card.limits))
            st.markdown(f"{card.intended_use} {card.not_for}")


def _accepted(bundle: Bundle) -> str:
    return ", ".join(ending.upper() for ending in bundle.card.accepts)


def _show_numbers(bundle: Bundle) -> None:
    """A small table: each number with its interval, on the test data and elsewhere."""
    shown = splits(bundle)
    st.markdown("**How good it is**, with 95% intervals")
    heading = "| | " + " | ".join(split_title(bundle, split) for split in shown) + " |"
    rule = "|:--|" + ":--|" * len(shown)
    rows = [f"| {row.title} | " + " | ".join(row.cells) + " |" for row in headline(bundle)]
    st.markdown("\n".join([heading, rule, *rows]))
    with st.popover("What these numbers mean", type="tertiary", icon=":material/help:"):
        st.markdown("\n".join(f"- **{row.title}.** {row.meaning}" for row in headline(bundle)))
        st.markdown(
            "\n".join(
                f"- **{split_title(bundle, split)}.** {split_population(bundle, split)}"
                for split in shown
            )
        )


enter_by_front_door()
st.title("Diaphane", anchor=False)
st.html(
    '<p class="dia-lead">Give it a scan or an ECG: you see a neural network’s answer, how sure '
    "it is, and what the answer rests on. Then decide for yourself whether to believe it, for "
    "here it also says where it fails.</p>"
)
for message in shelf().refused:
    show_bundle_error(message)
bundles = shelf().bundles
if bundles:
    st.header("What it can read", anchor=False)
    for column, bundle in zip(st.columns(min(len(bundles), 2) * 1), bundles, strict=False):
        with column:
            _show_card(bundle)
    for bundle in bundles[2:]:
        _show_card(bundle)
else:
    st.info(
        "No trained network is installed. `python -m medmodels train` makes one.",
        icon=":material/inventory_2:",
    )
warm_soon()
