"""Offer to turn or invert a scan that lies the wrong way, and to undo that."""

from __future__ import annotations

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.inputs.correction import CORRECTIONS
from medmodels.ui.scan_case import ScanCase, reread


def offer_correction(bundle: Bundle, case: ScanCase) -> None:
    """Draw one button where the scan seems to lie wrongly, or was put right."""
    trust = case.reading.trust
    if case.lies:
        st.caption("You had this scan turned or inverted before it was read.")
        st.button(
            "Undo: read it as it came",
            key=f"{case.key}-as-it-came",
            icon=":material/undo:",
            on_click=_reread,
            args=(bundle, case, ""),
        )
    elif trust is not None and trust.unlike is not None and trust.unlike.turn in CORRECTIONS:
        way = trust.unlike.turn
        st.button(
            CORRECTIONS[way],
            key=f"{case.key}-put-right",
            type="primary",
            icon=":material/rotate_90_degrees_cw:",
            on_click=_reread,
            args=(bundle, case, way),
        )


def _reread(bundle: Bundle, case: ScanCase, lies: str) -> None:
    reread(bundle, case, lies=lies)
