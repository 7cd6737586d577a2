"""Home: what this is, what it can read, where to start, where it fails."""

from __future__ import annotations

import streamlit as st

from medmodels.ui.loading import warm_soon

st.title("Diaphane")
warm_soon()
