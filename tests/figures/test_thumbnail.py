"""Small pictures: the scan where nothing is to be shown, the map's colours where it is."""

from __future__ import annotations

import numpy as np

from medmodels.explain.saliency_map import SaliencyMap
from medmodels.figures.saliency_scale import SaliencyScale
from medmodels.figures.thumbnail import map_thumbnail, plain_thumbnail

SEEN = np.full((32, 32, 1), 0.5, np.float32)


def saliency(values, *, signed):
    return SaliencyMap(
        values=values, grid=(4, 4), signed=signed, method="m", class_index=0, unit="u"
    )


def test_plain():
    small = plain_thumbnail(SEEN, 16)
    assert small.shape == (16, 16, 1)
    assert (small == 128).all()
    assert plain_thumbnail(np.zeros((20, 20, 3), np.float32), 8).shape == (8, 8, 3)


def test_a_map_colours_what_it_points_at_on_the_absolute_scale():
    values = np.zeros((32, 32), np.float32)
    values[:, 16:] = 2.0
    values[:, :8] = -2.0
    small = map_thumbnail(SEEN, saliency(values, signed=True), SaliencyScale(2.0, True), 32)
    assert (small[16, 12] == 128).all()
    towards, against = small[16, 28].astype(int), small[16, 2].astype(int)
    assert towards[0] > towards[2]  # orange
    assert against[2] > against[1]  # violet
    # Where the scale is a hundred times higher, there is next to nothing to see.
    faint = map_thumbnail(SEEN, saliency(values, signed=True), SaliencyScale(200.0, True), 32)
    assert np.abs(faint.astype(int) - 128).max() <= 4


def test_an_unsigned_map_and_colour():
    values = np.linspace(0, 1, 32, dtype=np.float32)[None].repeat(32, axis=0)
    small = map_thumbnail(
        np.full((32, 32, 3), 0.5, np.float32), saliency(values, signed=False),
        SaliencyScale(1.0, True), 32,
    )  # fmt: skip
    assert small.shape == (32, 32, 3)
    assert (small[0, 0] == 128).all()
    assert not (small[0, 31] == 128).all()
