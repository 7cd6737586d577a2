"""A figure that hangs on controls alone is drawn once."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest

from medmodels.figures.theme import DARK, LIGHT
from medmodels.ui import kept_figures
from medmodels.ui.kept_figures import kept_figure


@pytest.fixture(autouse=True)
def _forget():
    kept_figures._kept.clear()
    yield
    kept_figures._kept.clear()


def test_it_is_drawn_once_for_the_same_controls_and_theme(monkeypatch):
    drawn: list[str] = []

    def figure_of(name: str) -> go.Figure:
        return kept_figure(
            ("roc", "digest", 0, None, 0.5), lambda: drawn.append(name) or go.Figure()
        )  # type: ignore[func-returns-value]

    monkeypatch.setattr(kept_figures, "palette", lambda: LIGHT)
    assert figure_of("light") is figure_of("light again")
    monkeypatch.setattr(kept_figures, "palette", lambda: DARK)
    figure_of("dark")
    assert drawn == ["light", "dark"]


@pytest.mark.parametrize(
    "other", [("roc", "digest", 1), ("roc", "digest", 0.5), ("roc", "d", None)]
)
def test_another_value_is_another_figure(other):
    first = kept_figure(("roc", "digest", None), go.Figure)
    assert kept_figure(other, go.Figure) is not first
