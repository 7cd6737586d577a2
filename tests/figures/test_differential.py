"""A differential count drawn: one dot a class, its interval, its count in words."""

from __future__ import annotations

import pytest

from medmodels.bundles import parse_card
from medmodels.figures.differential import differential_figure
from medmodels.figures.theme import LIGHT
from medmodels.reading.differential import Differential, Share
from tests.bundles_fixture import SIGNAL_CARD


def test_each_class_has_its_dot_its_interval_and_its_count():
    classes = parse_card(SIGNAL_CARD).classes
    shares = tuple(
        Share(entry, count, 10, low, high)
        for entry, count, low, high in zip(
            classes, (6, 3, 1, 0), (0.3, 0.1, 0.02, 0.0), (0.8, 0.6, 0.4, 0.28), strict=True
        )
    )
    figure = differential_figure(Differential(shares, (), ()), LIGHT)
    (dots,) = figure.data
    # The card's first class stands on top.
    assert list(dots.y) == [entry.title for entry in reversed(classes)]
    assert list(dots.x) == [0.0, 0.1, 0.3, 0.6]
    assert dots.error_x.array[-1] == pytest.approx(0.2)
    assert dots.error_x.arrayminus[-1] == pytest.approx(0.3)
    said = [annotation.text for annotation in figure.layout.annotations]
    assert said[-1] == "<b>60.0%</b>  (30.0% to 80.0%)  6"
    # Never by colour alone.
    assert len(set(dots.marker.symbol)) == len({entry.severity for entry in classes})
