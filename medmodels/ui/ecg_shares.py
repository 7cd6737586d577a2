"""How much the trace, the timing and the measured shape of a beat weighed."""

from __future__ import annotations

import numpy as np
import streamlit as st

from medmodels.bundles import Bundle, ClassCard
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.figures.beat_shares import beat_shares
from medmodels.inputs.beat_rhythm import RHYTHM_NAMES
from medmodels.inputs.beat_windows import BeatInputSpec
from medmodels.ui.theme import palette, show_figure


def show_shares(bundle: Bundle, entry: ClassCard, found: SaliencyMap) -> None:
    """Draw what a map with values for the numbers, too, gives to each kind of evidence.

    Parameters
    ----------
    bundle : Bundle
    entry : ClassCard
        The class explained.
    found : SaliencyMap
        With ``context``.
    """
    assert found.context is not None
    names = BeatInputSpec.from_card(bundle.card.input).rhythm
    timing = np.array([name in RHYTHM_NAMES for name in names])
    numbers = found.context.sum(axis=0)
    parts = {
        "Its trace": float(found.values.sum()),
        "Its timing": float(numbers[timing].sum()),
        "Its shape, measured": float(numbers[~timing].sum()),
    }
    st.markdown(f"**Why {entry.title.lower()} ({entry.letter})**, against {found.baseline}")
    show_figure(
        beat_shares(parts, palette()),
        key="ecg_shares",
        alt="Logits that trace, timing and measured shape added to the class: "
        + ", ".join(f"{name} {value:+.2f}" for name, value in parts.items()),
    )
    st.caption(
        f"Together {sum(parts.values()):+.2f} logit, to within {found.completeness_error:.2g}: "
        "the difference that this beat makes. The map above shows the part of the trace alone. "
        "Measured shape compares the beat with the heart's own unhurried beats and its neighbours."
    )
