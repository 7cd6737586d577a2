"""The README shows the numbers of the bundles as they are."""

from __future__ import annotations

from medmodels.evaluation.results_table import README, with_results


def test_the_readme_shows_the_current_results():
    shown = README.read_text()
    assert with_results(shown) == shown, "run python -m medmodels.evaluation.results_table"
