"""Where sequences of bases come from: a file, pasted text, or a sample case."""

from __future__ import annotations

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.inputs.airlock_text import admit_sequences
from medmodels.ui.bases_case import BasesSource
from medmodels.ui.sample_picker import opening_sample, pick_sample
from medmodels.ui.taken_over import taking
from medmodels.ui.upload import take_admitted

_SOURCE = "bases-source"


def choose_bases(bundle: Bundle) -> tuple[BasesSource | None, bool]:
    """Offer an upload, a field to paste into and the samples; the last one used counts.

    Parameters
    ----------
    bundle : Bundle

    Returns
    -------
    source : BasesSource or None
        None while there is nothing to read.
    both : bool
        Whether the other strand is to be read, too.
    """
    length = int(bundle.card.input["length"])
    upload, paste = st.columns([1, 1], gap="large")
    with upload:
        data = take_admitted(
            "Upload sequences: FASTA, GenBank, CSV or TSV with a column of sequences, or text",
            key="bases-upload",
            help="The file stays on this computer and in this session.",
            expected="sequence",
        )
        if data is not None:
            with taking("bases-upload"):
                st.session_state[_SOURCE] = BasesSource(data)
    with paste, st.form("bases-paste", border=False):
        text = st.text_area(
            f"Or paste bases, {length} or more of them", key="bases-text", height=90,
            placeholder=">name\nACGT …",
        )  # fmt: skip
        if st.form_submit_button("Read", icon=":material/play_arrow:") and text.strip():
            st.session_state[_SOURCE] = BasesSource(admit_sequences(text))
    sample = pick_sample(bundle, key="bases-sample", uploader="bases-upload")
    if sample is not None:
        with opening_sample():
            st.session_state[_SOURCE] = BasesSource(sample.read_bytes(), sample)
    both = st.toggle(
        "Read both strands", key="bases-both",
        help="A gene can lie on either strand: the other one is read in its own direction.",
    )  # fmt: skip
    return st.session_state.get(_SOURCE), both
