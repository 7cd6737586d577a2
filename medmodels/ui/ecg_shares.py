"""How much the trace, the timing and the shape of a beat weighed, on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import streamlit as st

from medmodels.bundles import Bundle, ClassCard
from medmodels.figures.beat_shares import beat_shares
from medmodels.inputs.beat_rhythm import RHYTHM_NAMES
from medmodels.inputs.beat_windows import BeatInputSpec
from medmodels.ui.ecg_reading import Case
from medmodels.ui.ecg_saliency import CONTEXT
from medmodels.ui.loading import ensure_ready
from medmodels.ui.theme import palette, show_figure

if TYPE_CHECKING:
    from medmodels.explain.beat_contributions import BeatContributions


def show_shares(bundle: Bundle, case: Case, beat: int, entry: ClassCard, class_index: int) -> None:
    """Offer the shares of a beat's answer, and draw them once asked for.

    Parameters
    ----------
    bundle : Bundle
    case : Case
        Of a recording; a table of beats has no usual beat.
    beat : int
    entry : ClassCard
    class_index : int
        The class explained, and its card.
    """
    key = ("shares", beat, class_index)
    if key not in case.shown:
        asked = st.button(
            "Weigh the trace against the timing",
            icon=":material/balance:",
            key="ecg_weigh",
            help="A map over the trace cannot show that a beat came early. This compares trace "
            "and timing together with the usual beat of the recording; about a second.",
        )
        if not asked:
            return
        ensure_ready(bundle)
        with st.spinner("Comparing with the usual beat …"):
            case.shown[key] = _shares(bundle, case, beat, class_index)
    found = cast("BeatContributions", case.shown[key])
    names = BeatInputSpec.from_card(bundle.card.input).rhythm
    timing = np.array([name in RHYTHM_NAMES for name in names])
    parts = {
        "Its trace": float(found.trace.sum()),
        "Its timing": float(found.rhythm[timing].sum()),
        "Its shape, measured": float(found.rhythm[~timing].sum()),
    }
    st.markdown(
        f"**Why {entry.title.lower()} ({entry.letter})**, against the usual beat of this recording"
    )
    show_figure(
        beat_shares(parts, palette()),
        key="ecg_shares",
        alt="Logits that trace, timing and measured shape added to the class: "
        + ", ".join(f"{name} {value:+.2f}" for name, value in parts.items()),
    )
    st.caption(
        f"Together {sum(parts.values()):+.2f} logit, the difference to the usual beat in this "
        f"beat's place, to within {found.completeness_error:.2g} (integrated gradients). "
        "Measured shape compares the beat with the heart's own unhurried beats and its neighbours."
    )


def _shares(bundle: Bundle, case: Case, beat: int, class_index: int) -> BeatContributions:
    from medmodels.explain.beat_contributions import contributions

    inputs = case.beats.inputs
    first, last = max(beat - CONTEXT, 0), min(beat + CONTEXT + 1, len(inputs.windows))
    return contributions(
        bundle.network,
        [inputs.windows[first:last], inputs.rhythm[first:last]],
        class_index,
        beat=beat - first,
        usual=[np.median(inputs.windows, axis=0), np.median(inputs.rhythm, axis=0)],
    )
