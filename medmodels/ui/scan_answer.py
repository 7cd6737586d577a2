"""The answer about a scan: one sentence, how sure, and what that has meant before."""

from __future__ import annotations

import html

import numpy as np
import numpy.typing as npt
import streamlit as st

from medmodels.bundles import Bundle
from medmodels.figures.confidence import confidence_figure
from medmodels.figures.theme import SEVERITY_WORDS
from medmodels.reading import Reading
from medmodels.reading.sentences import answer_sentence, percent
from medmodels.ui.headline import counts_sentence
from medmodels.ui.lights import show_lights
from medmodels.ui.theme import SEVERITY_ICONS, palette, show_figure
from medmodels.ui.withheld import show_doubts

Doubles = npt.NDArray[np.float64]


def show_answer(bundle: Bundle, reading: Reading) -> None:
    """Draw the answer, the confidence plot and their plain-language reading."""
    card, label = bundle.card, int(reading.labels[0])
    entry = card.classes[label]
    probability = float(reading.probabilities[0, label])
    colour = palette().severity[entry.severity]
    st.html(
        f'<p class="dia-answer" style="--dia-colour:{colour}" data-testid="answer" role="status">'
        f"{html.escape(answer_sentence(reading))}</p>"
    )
    st.markdown(
        f"{SEVERITY_ICONS[entry.severity]} **{SEVERITY_WORDS[entry.severity].capitalize()}.** "
        f"{entry.meaning}"
    )
    show_doubts(reading)
    show_lights(reading, withheld=False)
    show_figure(
        confidence_figure(
            card,
            reading.probabilities[0],
            label,
            reading.operating_point,
            palette(),
            interval=interval_of(reading),
        ),
        key=f"confidence-{reading.input_digest[:12]}",
        alt=f"Probability of each class; {entry.title} has {percent(probability)}.",
    )
    counts = [counts_sentence(bundle, label, split) for split in ("test", "external")]
    if any(counts):
        st.markdown("\n".join(f"- {sentence}" for sentence in counts if sentence))
        if entry.severity:
            st.caption(
                f"Where {entry.title.lower()} is rarer than there, fewer such answers are right."
            )
    with st.expander("Where the answer turns, and why there", icon=":material/tune:"):
        st.markdown(operating_point_sentence(reading))


def interval_of(reading: Reading) -> tuple[Doubles, Doubles] | None:
    """Low and high end of each class's probability, where the bundle knows them."""
    if reading.trust is None:
        return None
    return reading.trust.low[0], reading.trust.high[0]


def operating_point_sentence(reading: Reading) -> str:
    """Say where the answer turns, how that was chosen, and what a probability is here."""
    point = reading.operating_point
    calibration = (
        f"Probabilities are calibrated on validation data ({point.calibration.method}, "
        f"{point.calibration.temperature:.2f})."
    )
    if point.positive is None or point.threshold is None:
        return calibration
    title = reading.card.classes[point.positive].title.lower()
    return (
        f"Operating point: the answer is “{title}” from a probability of "
        f"{percent(point.threshold)} upwards. {point.rule.rstrip('.')}. "
        f"It was chosen on {point.chosen_on.rstrip('.')}. {calibration}"
    )
