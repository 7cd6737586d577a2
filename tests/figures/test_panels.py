"""Panels are laid out as plotly itself would."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest
from plotly.subplots import make_subplots

from medmodels.figures.panel_grid import grid_axes, panel_titles
from medmodels.figures.panels import in_panel, on_panel, panel_axes, upright
from medmodels.figures.theme import LIGHT, Settings, styled


def same_layout(ours: Settings, theirs: go.Figure) -> None:
    """Equal, word for word, but for the last digit of a number."""
    told = theirs.layout.to_plotly_json()
    told.pop("template", None)
    assert ours.keys() == told.keys()
    for name, axis in told.items():
        axis["domain"] = pytest.approx(axis["domain"])
        assert ours[name] | {"domain": list(ours[name]["domain"])} == axis


@pytest.mark.parametrize("heights", [[1.0], [2.0, 1.0], [0.66, 0.34, 0.66, 0.34]])
def test_panels_above_one_another(heights: list[float]) -> None:
    figure = make_subplots(
        rows=len(heights), cols=1, shared_xaxes=True, vertical_spacing=0.03, row_heights=heights
    )
    axes = panel_axes(heights, 0.03, {}, "s", [{}] * len(heights))
    lowest = f"xaxis{len(heights)}" if len(heights) > 1 else "xaxis"
    assert axes[lowest].pop("title") == {"text": "s"}
    same_layout(axes, figure)


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 3), (2, 5), (3, 2)])
def test_rows_and_columns_of_panels(rows: int, columns: int) -> None:
    figure = make_subplots(
        rows=rows, cols=columns, shared_xaxes="all", shared_yaxes="all",
        horizontal_spacing=0.015, vertical_spacing=0.14,
    )  # fmt: skip
    same_layout(grid_axes(rows, columns, (0.015, 0.14), {}, {}), figure)


def test_panels_beside_one_another_with_their_own_horizontal_axis() -> None:
    figure = make_subplots(rows=1, cols=3, shared_yaxes=True, horizontal_spacing=0.04)
    same_layout(grid_axes(1, 3, (0.04, 0), {}, {}, own_x=True), figure)


def test_a_panel_has_its_title_above_its_middle() -> None:
    axes = grid_axes(2, 2, (0.2, 0.1), {}, {})
    first, last = panel_titles(axes, ["a", "b"], [{"size": 13}] * 2)
    assert (first["text"], first["x"], first["y"]) == ("a", pytest.approx(0.2), pytest.approx(1))
    assert (last["text"], last["x"]) == ("b", pytest.approx(0.8))


def test_an_upright_line_is_the_one_that_plotly_draws() -> None:
    line = {"color": "#112233", "width": 1}
    figure = make_subplots(rows=2, cols=1)
    for row in (1, 2):
        figure.add_scatter(x=[0, 1], y=[0, 1], row=row, col=1)
    figure.add_vline(x=0.5, line=line)
    assert [shape.to_plotly_json() for shape in figure.layout.shapes] == [
        upright(0.5, line, k) for k in range(2)
    ]
    assert in_panel(1) == {"xaxis": "x2", "yaxis": "y2"}
    assert on_panel(0) == {"xref": "x", "yref": "y"}


def test_a_figures_own_settings_lie_over_the_shared_look() -> None:
    own = {"font": {"size": 20}, "yaxis2": {"title": {"text": "bits"}, "nticks": 3}}
    layout = styled(go.Figure(layout={"hovermode": "x"}), LIGHT, layout=own).layout
    assert (layout.font.size, layout.font.color) == (20, LIGHT.ink)
    assert (layout.yaxis2.title.text, layout.yaxis2.title.font.color) == ("bits", LIGHT.muted)
    assert layout.hovermode == "x"
    assert own == {"font": {"size": 20}, "yaxis2": {"title": {"text": "bits"}, "nticks": 3}}


def test_a_word_that_plotly_does_not_know_is_still_refused() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        styled(go.Figure(), LIGHT, layout={"xaxis": {"nonsense": 1}})
