"""Thresholds and what they call in vain, by hand."""

from __future__ import annotations

import numpy as np

from medmodels.training.dna_scan_rates import scan_rates


def test_by_hand():
    donors = np.array([[0.95, 0.02, 0.03], [0.5, 0.2, 0.3], [0.2, 0.1, 0.7], [0.1, 0.8, 0.1]])
    labels = np.array([0, 0, 0, 1])
    # A thousand places without a site, with donor probabilities of 0.000, 0.001, ... 0.999.
    places = np.zeros((1000, 3))
    places[:, 0] = np.arange(1000) / 1000
    places[:, 1] = 0.01
    found = scan_rates(donors, labels, places, rates=(600.0, 100.0, 10.0))
    first, second, third = found["EI"]
    # 600 in 1,000 may be called: those from 0.400 up. The threshold is the one below, 0.399.
    assert first == {
        "rate": 600.0, "threshold": 0.399, "in_vain_per_1000": 600.0, "found": 2, "sites": 3,
        "places": 1000,
    }  # fmt: skip
    assert (second["threshold"], second["found"]) == (0.899, 1)
    assert (third["threshold"], third["found"], third["in_vain_per_1000"]) == (0.989, 0, 10.0)
    # All places are alike for acceptors: none can be called without all.
    assert found["IE"][2] == {
        "rate": 10.0, "threshold": 0.01, "in_vain_per_1000": 0.0, "found": 1, "sites": 1,
        "places": 1000,
    }  # fmt: skip
    assert "N" not in found
