"""Keras functional graphs, all ending in logits."""
