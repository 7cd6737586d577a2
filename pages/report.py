"""Model report: how good a network is, for whom, and how much worse elsewhere."""

from __future__ import annotations

import streamlit as st

from medmodels.ui.errors import show_bundle_error
from medmodels.ui.loading import shelf
from medmodels.ui.navigation import enter_by_front_door
from medmodels.ui.report_page import choose_bundle, show_report

enter_by_front_door()
st.title("Model report", anchor=False)
for message in shelf().refused:
    show_bundle_error(message)
bundles = shelf().bundles
if bundles:
    show_report(choose_bundle(bundles))
else:
    st.info(
        "No trained network is installed. `python -m medmodels train` makes one.",
        icon=":material/inventory_2:",
    )
