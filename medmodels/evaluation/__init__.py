"""Metrics with bootstrap intervals, recomputed from stored predictions."""
