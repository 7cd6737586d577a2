"""Home: what this is, what it can read, where to start, where it fails."""

from __future__ import annotations

import streamlit as st

from medmodels.ui.errors import show_bundle_error
from medmodels.ui.home_card import show_card, show_limits
from medmodels.ui.loading import shelf, warm_soon
from medmodels.ui.navigation import enter_by_front_door
from medmodels.ui.theme import preload_figures

enter_by_front_door()
st.title("Diaphane", anchor=False)
st.html(
    '<p class="dia-lead">Give it a scan, an ECG or a sequence: you see a neural network’s answer, '
    "how sure it is, and what the answer rests on; and no answer where it should give none. Then "
    "judge for yourself, because it also tells you where it fails.</p>"
)
for message in shelf().refused:
    show_bundle_error(message)
bundles = shelf().bundles
if bundles:
    for title, show in (("What it can read", show_card), ("Where it fails", show_limits)):
        st.header(title, anchor=False)
        for start in range(0, len(bundles), 2):
            for column, bundle in zip(
                st.columns(min(2, len(bundles))), bundles[start : start + 2], strict=False
            ):
                with column:
                    show(bundle)
else:
    st.info(
        "No trained network is installed. `python -m medmodels train` makes one.",
        icon=":material/inventory_2:",
    )
preload_figures()
warm_soon()
