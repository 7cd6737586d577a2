"""Every plot that a page draws has words for those who cannot see it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*(ROOT / "medmodels" / "ui").rglob("*.py"), *(ROOT / "pages").glob("*.py")])
_FEWEST_WORDS = 3


def _calls(path: Path) -> list[ast.Call]:
    """Calls that draw a plot; the empty one that Home loads and hides is none."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else None
            name = node.func.id if isinstance(node.func, ast.Name) else name
            hidden = "dia-preload-figure" in ast.unparse(node)
            if name in ("plotly_chart", "show_figure") and not hidden:
                found.append(node)
    return found


def test_there_are_plots():
    assert sum(len(_calls(path)) for path in PAGES) > 40


@pytest.mark.parametrize("path", [path for path in PAGES if _calls(path)], ids=lambda p: p.name)
def test_every_plot_is_given_words(path):
    for call in _calls(path):
        alt = next((word.value for word in call.keywords if word.arg == "alt"), None)
        assert alt is not None, f"line {call.lineno}: a plot without words"
        # Joined from constants or f-strings: what stands there in any case is enough to tell.
        said = " ".join(
            str(part.value)
            for part in ast.walk(alt)
            if isinstance(part, ast.Constant) and isinstance(part.value, str)
        )
        named = any(isinstance(part, ast.Name | ast.Attribute | ast.Call) for part in ast.walk(alt))
        assert len(said.split()) >= _FEWEST_WORDS or named, f"line {call.lineno}: “{said}”"


# Streamlit's own charts take no text alternative.
_WORDLESS = {
    "pyplot", "line_chart", "bar_chart", "area_chart", "altair_chart", "vega_lite_chart",
    "scatter_chart", "map", "pydeck_chart",
}  # fmt: skip


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_no_plot_is_drawn_in_a_way_that_has_no_words(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert not (node.value.id == "st" and node.attr in _WORDLESS), node.lineno


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_every_image_has_words(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.image":
            assert any(word.arg in ("caption", "alt") for word in node.keywords), node.lineno
    text = path.read_text()
    assert text.count("<img") <= text.count("alt=")
