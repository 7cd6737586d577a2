"""What a network looks for: stored, and read again."""

from __future__ import annotations

import numpy as np

from medmodels.explain.motif import Motif, stored_motif


def motif() -> Motif:
    weights, shares = np.zeros((4, 4)), np.full((4, 4), 0.25)
    weights[3, 3], weights[2, 2], weights[0, 0] = 2.0, 3.0, -9.0
    shares[2], shares[3] = [0, 0, 1, 0], [0.1, 0.1, 0.2, 0.6]
    return Motif(weights, shares, 12)


def test_the_highest_places_come_in_the_windows_order_with_their_base():
    assert motif().highest() == [(2, "G"), (3, "T")]
    assert motif().highest(1) == [(2, "G")]


def test_what_is_stored_is_read_again():
    stored = motif().arrays("EI")
    assert set(stored) == {"motif/EI/weights", "motif/EI/shares", "motif/EI/n"}
    assert stored["motif/EI/weights"].dtype == stored["motif/EI/shares"].dtype == np.float32
    found = stored_motif(stored, "EI")
    assert found is not None
    assert found.n == 12
    assert found.highest() == motif().highest()
    assert stored_motif(stored, "IE") is None
