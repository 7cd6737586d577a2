"""Streamlit pieces that pages share; the only Streamlit import in medmodels."""
