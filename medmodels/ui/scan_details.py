"""Details on demand: the file and the software; and the reading as files."""

from __future__ import annotations

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.reading import Reading
from medmodels.ui.keep_reading import show_keep
from medmodels.ui.scan_case import ScanCase


def show_limits(bundle: Bundle) -> None:
    """Say where the network fails, from its card; stands beside every answer."""
    card = bundle.card
    with st.container(border=True):
        st.markdown("**:material/report: Before you believe it**")
        st.markdown("\n".join(f"- {limit}" for limit in card.limits))
        st.caption(f"Made for: {card.intended_use} {card.not_for}")


def show_details(bundle: Bundle, case: ScanCase, reading: Reading) -> None:
    """Offer the reading as files; draw what was done to the input, timings, digests, versions.

    The reading is the case's, at the operating point that the visitor chose.
    """
    show_keep(reading, case.jobs)
    scan = case.scan
    with st.expander("Details: the file, the network, timings, versions", icon=":material/info:"):
        file_side, network_side = st.columns(2)
        rows, columns = scan.shape
        codes = [code for code in (scan.modality, scan.body_part, scan.view) if code]
        facts = [
            f"{scan.source}; {columns} × {rows} pixels",
            *([f"Frame {scan.frame + 1} of {scan.frames}"] if scan.frames > 1 else []),
            *(
                [f"{scan.spacing_mm[0]:.3g} × {scan.spacing_mm[1]:.3g} mm a pixel"]
                if scan.spacing_mm
                else ["No pixel spacing in the file"]
            ),
            *(["DICOM says: " + ", ".join(codes)] if codes else []),
        ]  # fmt: skip
        with file_side:
            st.markdown("**The file**\n" + "".join(f"\n- {fact}" for fact in facts))
            notes = scan.notes or ("Nothing was changed on the way in.",)
            st.markdown("**What was done to it**\n" + "".join(f"\n- {note}" for note in notes))
            st.markdown(f"SHA-256 of the file\n```text\n{reading.input_digest}\n```")
        with network_side:
            st.markdown(f"**The network**\n\n{bundle.card.network['description']}")
            timings = {"decode": case.decode_s, **reading.timings}
            st.markdown(
                "**Timings**\n"
                + "".join(f"\n- {name}: {1000 * s:.0f} ms" for name, s in timings.items())
            )
            st.markdown(f"SHA-256 of the bundle\n```text\n{reading.bundle_digest}\n```")
        versions = ", ".join(f"{name} {number}" for name, number in reading.versions.items())
        st.caption(f"Versions: {versions}.")
