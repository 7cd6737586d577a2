"""The table of unlikeness, on scores whose quantiles are known."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from medmodels.training.outlier_table import kinds_table, outlier_table


def test_quantiles_run_from_the_least_to_the_greatest_in_steps_of_half_a_percent() -> None:
    usual = np.linspace(0, 4, 401)
    table = outlier_table("distance", [8, 32], usual, (3.0000049, 4.0), "Measured.", [])
    assert (table["warn"], table["refuse"]) == (3.0, 4.0)
    np.testing.assert_allclose(table["validation_quantiles"], np.linspace(0, 4, 201))
    assert (table["method"], table["features"], table["why"]) == ("distance", [8, 32], "Measured.")


def test_kinds_keep_their_order() -> None:
    kinds = {
        "b": SimpleNamespace(title="Bones", group="near"),
        "a": SimpleNamespace(title="Apples", group="not medical"),
    }
    assert kinds_table(kinds) == [
        {"name": "b", "title": "Bones", "group": "near"},
        {"name": "a", "title": "Apples", "group": "not medical"},
    ]
