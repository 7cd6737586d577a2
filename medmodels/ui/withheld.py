"""What stands in the place of an answer that is withheld, and how a visitor can insist."""

from __future__ import annotations

import hashlib
import html

import streamlit as st

from medmodels.reading import Reading
from medmodels.trust.decision import WARN
from medmodels.ui.theme import SEVERITY_ICONS, palette

_INSISTED = "insisted"


def is_withheld(reading: Reading) -> bool:
    """Whether no label of this reading may be shown now."""
    return reading.decision.abstains and _key(reading) not in st.session_state.get(_INSISTED, ())


def show_withheld(reading: Reading) -> None:
    """Say that there is no answer, and why."""
    first, *others = reading.decision.reasons
    st.html(
        f'<p class="dia-answer" style="--dia-colour:{palette().severity[2]}" '
        f'data-testid="answer" role="status">No answer. {html.escape(first.sentence)}</p>'
    )
    if others:
        st.markdown("Also:" + "".join(f"\n- {reason.sentence}" for reason in others))


def offer_to_insist(reading: Reading) -> None:
    """Offer to show the network's output all the same."""
    st.button(
        "Show what the network computed all the same",
        key=f"insist-{_key(reading)}",
        on_click=_insist,
        args=(_key(reading),),
        icon=":material/visibility:",
        help="It is then shown with the reasons against it.",
    )


def show_doubts(reading: Reading) -> None:
    """Put the reasons to doubt an answer above it: of a warning, or of one that was insisted on."""
    reasons = reading.decision.reasons
    if reading.decision.abstains:
        lines = "".join(f"\n- {reason.sentence}" for reason in reasons)
        st.error(
            f"**Shown because you asked for it. Diaphane would give no answer here.**{lines}",
            icon=":material/gpp_bad:",
        )
        st.button(
            "Hide it again", key=f"hide-{_key(reading)}", on_click=_relent, args=(_key(reading),)
        )
    elif reading.decision.kind == WARN:
        lines = "".join(f"\n- {reason.sentence}" for reason in reasons)
        st.markdown(f"{SEVERITY_ICONS[1]} **With a warning**{lines}")


def _key(reading: Reading) -> str:
    # Frames and corrections of one file share its digest, but not their logits.
    output = hashlib.sha256(reading.logits.tobytes()).hexdigest()
    return f"{reading.input_digest[:12]}-{reading.bundle_digest[:8]}-{output[:8]}"


def _insist(key: str) -> None:
    st.session_state[_INSISTED] = (*st.session_state.get(_INSISTED, ()), key)


def _relent(key: str) -> None:
    kept = tuple(other for other in st.session_state.get(_INSISTED, ()) if other != key)
    st.session_state[_INSISTED] = kept
