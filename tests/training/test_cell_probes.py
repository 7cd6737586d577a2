"""Probes hide the cell or all but the cell, and nothing of the other."""

from __future__ import annotations

import numpy as np

from medmodels.training.cell_probes import CELL_RADIUS, probes


def test_each_probe_hides_one_part_and_together_they_cover_the_picture() -> None:
    pictures = np.random.default_rng(0).integers(0, 100, (3, 40, 40, 3), dtype=np.uint8)
    pictures[:, [0, -1]] = pictures[:, :, [0, -1]] = 200
    made = dict(probes(pictures))
    hidden = {name: (one != pictures).any(axis=3) for name, one in made.items()}
    middle, around = hidden["cell hidden"], hidden["surroundings hidden"]
    assert not (middle & around).any()
    # The rest but the edge, which had the plain colour before.
    assert (middle | around)[:, 1:-1, 1:-1].all()
    assert middle[:, 20, 20].all()
    assert not middle[:, 0].any()
    share = middle.mean()
    assert abs(share - np.pi * CELL_RADIUS**2) < 0.01
    for name, one in made.items():
        assert (one[hidden[name]] == 200).all()
