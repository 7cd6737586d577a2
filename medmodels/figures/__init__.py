"""Pure functions from a reading or an evaluation to a Plotly figure."""
