"""Scan: one image, its answer and what the answer rests on."""

from __future__ import annotations

import streamlit as st

from medmodels.ui.loading import warm_soon

st.title("Scan")
warm_soon()
