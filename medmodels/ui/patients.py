"""What an answer means at one clinic: prevalence, PPV and NPV, as people to count."""

from __future__ import annotations

import numpy as np
import streamlit as st

from medmodels.bundles import Bundle
from medmodels.evaluation.bootstrap import plural
from medmodels.figures.icon_array import icon_array, icon_array_alt
from medmodels.trust.predictive_values import natural_frequencies
from medmodels.ui.class_choice import choose_class
from medmodels.ui.headline import split_population
from medmodels.ui.kept_figures import kept_figure
from medmodels.ui.operating_data import ClassData, class_data, offered_labels
from medmodels.ui.operating_point import chosen_threshold, rerun_if_moved, show_operating_point
from medmodels.ui.patient_words import WHERE, counts_sentence, short_sentence, words_for
from medmodels.ui.theme import palette, show_figure

# Evenly spaced to the eye, not in percent: rare diseases need the finer steps.
PREVALENCES = (
    0.001, 0.002, 0.003, 0.005, 0.007, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.07,
    0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9,
)  # fmt: skip
START = 0.1
_TITLES = {"test": "Test data", "external": "Elsewhere"}


def show_patients(bundle: Bundle, label: int | None = None) -> None:
    """Draw the section; its controls redraw it alone and never run a network.

    Parameters
    ----------
    bundle : Bundle
    label : int, optional
        The class to begin with, where there are several to choose from.
    """
    st.subheader("What it means for my patients", anchor=False)
    offered = offered_labels(bundle)
    if not offered:
        st.caption("No validation predictions are stored with this network: nothing can be moved.")
        return
    _section(bundle, label if label in offered else offered[0])


@st.fragment
def _section(bundle: Bundle, first: int) -> None:
    rerun_if_moved(bundle)
    label = _choose_class(bundle, first)
    data = class_data(bundle, label)
    doubt = chance_sentence(bundle, label)
    if doubt:
        st.warning(doubt, icon=":material/warning:")
    with st.container(horizontal=True, gap="medium", vertical_alignment="top"):
        prevalence = _choose_prevalence(bundle, data)
        split = _choose_split(bundle, data, external_first=bool(doubt))
        people = st.segmented_control(
            "Draw", [100, 1000], default=1000, required=True, format_func=lambda n: f"{n:,}",
            key=f"patients-people-{bundle.digest[:8]}", persist_state="session",
        )  # fmt: skip
    with st.container(horizontal=True, gap="large"):
        _show_counts(bundle, data, split, prevalence, people)
    show_operating_point(
        bundle, data, words_for(bundle.card, label, "test"), chosen_on(bundle, data)
    )


def _show_counts(
    bundle: Bundle, data: ClassData, split: str, prevalence: float, people: int
) -> None:
    threshold = chosen_threshold(bundle, data.label)
    point = data.at(split, threshold)
    words = words_for(bundle.card, data.label, split)
    counts = natural_frequencies(
        point.sensitivity.value, point.specificity.value, prevalence, people
    )
    with st.container(width=500):
        ppv, npv = point.predictive_values(prevalence)
        st.markdown(counts_sentence(counts, ppv, npv, words, split))
        if counts.ill == 0:
            st.caption(f"Too rare to be drawn among {people:,}: choose 1,000.")
        for other in data.scores:
            if other != split:
                _show_other(bundle, data, other, prevalence, people)
        st.caption(
            f"An alarm is the answer “{words.disease}”. PPV, the positive predictive value, is "
            "the share of alarms that are right; NPV, the negative predictive value, the share "
            "of those left alone who rightly are. Intervals resample whole "
            f"{_groups(bundle)}. They take the share you set as known, and sensitivity "
            "and specificity as the same for your patients as for those tested: with milder "
            "disease or another machine they are not."
        )
    with st.container(width=620):
        show_figure(
            kept_figure(
                ("icons", bundle.digest, data.label, split, threshold, prevalence, people),
                lambda: icon_array(counts, words.icons(), palette()),
            ),
            key=f"patients-icons-{bundle.digest[:8]}-{data.label}-{people}",
            alt=icon_array_alt(counts, words.icons()),
        )


def _show_other(
    bundle: Bundle, data: ClassData, split: str, prevalence: float, people: int
) -> None:
    """Beside one data set's figures always those of the other."""
    point = data.at(split, chosen_threshold(bundle, data.label))
    counts = natural_frequencies(
        point.sensitivity.value, point.specificity.value, prevalence, people
    )
    words = words_for(bundle.card, data.label, split)
    st.markdown(short_sentence(counts, point.predictive_values(prevalence)[0], words, split))


def _choose_class(bundle: Bundle, first: int) -> int:
    offered = offered_labels(bundle)
    if len(offered) == 1:
        return offered[0]
    classes = bundle.card.classes
    titles = {i: f"{classes[i].letter} {classes[i].title}" for i in offered}
    return choose_class(
        st.container(), "Look for", titles, first,
        key=f"patients-class-{bundle.digest[:8]}-{first}",
    )  # fmt: skip


def _choose_prevalence(bundle: Bundle, data: ClassData) -> float:
    """A slider in growing steps, with the test data's own share among them."""
    key = f"patients-prevalence-{bundle.digest[:8]}-{data.label}"
    own = data.scores["test"].share
    options = sorted({*PREVALENCES, *([own] if PREVALENCES[0] <= own <= PREVALENCES[-1] else [])})
    words = words_for(bundle.card, data.label, "test")
    start = start_prevalence(own)
    with st.container(width=400):
        st.session_state.setdefault(key, start)
        chosen: float = st.select_slider(
            f"How many {words.many} {words.have} {words.disease} where you work (prevalence)?",
            options,
            format_func=lambda p: (
                f"{100 * p:g}%" if p != own else f"{100 * own:.3g}%, as in the test data"
            ),
            key=key,
            persist_state="session",
        )
        why = (
            "a round figure and no measurement" if start == START else "near the test data’s share"
        )
        st.caption(
            f"It starts at {100 * start:g}%, {why}: set what your clinic sees. In the test data it "
            f"is {100 * own:.3g}%, which is how those data were gathered and no clinic’s share."
        )
    return chosen


def start_prevalence(own: float) -> float:
    """Where the slider starts: at 10%, or near the test data's share where that is lower."""
    return min(PREVALENCES, key=lambda p: abs(float(np.log(p / min(START, max(own, 1e-9))))))


def _choose_split(bundle: Bundle, data: ClassData, *, external_first: bool) -> str:
    splits = list(data.scores)
    if len(splits) == 1:
        return splits[0]
    chosen: str = st.segmented_control(
        "Judged on", splits[::-1] if external_first else splits, default="test", required=True,
        format_func=lambda split: _TITLES[split],
        help="\n".join(f"- **{_TITLES[s]}**: {split_population(bundle, s)}" for s in splits),
        key=f"patients-split-{bundle.digest[:8]}",
    )  # fmt: skip
    return chosen


def chance_sentence(bundle: Bundle, label: int) -> str:
    """Say that data from elsewhere show nothing better than chance; empty if they do."""
    split = bundle.evaluation["splits"].get("external")
    if split is None:
        return ""
    area = split["classes"][bundle.card.classes[label].name].get("auc") or {}
    value, low, high = (area.get(name) for name in ("value", "low", "high"))
    if value is None or low is None or high is None or not low <= 0.5 <= high:
        return ""
    return (
        f"**On {WHERE['external']} the network cannot be told from tossing a coin** (area under "
        f"the ROC curve {value:.3f}, 95% interval {low:.3f} to {high:.3f}; 0.5 is chance). If your "
        "patients are like those, no threshold makes its alarms worth anything, whatever the "
        f"test data say. Those data: {split_population(bundle, 'external')}"
    )


def chosen_on(bundle: Bundle, data: ClassData) -> str:
    """Say what the presets were chosen on."""
    text = f"{data.plain:,} validation {bundle.card.items}"
    if not data.shifted:
        return text
    return f"{text}, as they are and under {data.shifted // data.plain} fixed shifts"


def _groups(bundle: Bundle) -> str:
    return plural(str(bundle.evaluation["bootstrap"]["over"]))
