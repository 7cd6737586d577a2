"""What was tried and not taken, as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from medmodels.reports import model_words as words
from medmodels.reports.model_blocks import Table

_TITLES = {
    "auroc": "AUC", "ece": "Expected calibration error", "log_loss": "Log loss",
    "standard_error": "Standard error of what it loses to the best",
    "macro_f1": "Macro F1", "mean_disturbed": "Mean accuracy when disturbed",
    "near_auroc": "AUC, near kinds only", "what": "What it is",
    "refused_at_5": "Refused when 5% of its own are",
}  # fmt: skip


def candidate_table(caption: str, candidates: Sequence[Mapping[str, Any]]) -> Table:
    """One candidate a row, with every number or name that is stored about it.

    Parameters
    ----------
    caption : str
    candidates : sequence of mapping
        Values are text, numbers, estimates or nothing; what is nested otherwise
        is left to the JSON.
    """
    columns = list(
        dict.fromkeys(key for entry in candidates for key in entry if _plain(entry[key]))
    )
    return Table(
        caption,
        tuple(_TITLES.get(key, _capital(key.replace("_", " "))) for key in columns),
        tuple(tuple(_cell(entry.get(key)) for key in columns) for entry in candidates),
    )


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | float) or (isinstance(value, Mapping) and "value" in value)


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        return words.interval(value) if "value" in value else "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return words.number(value, 4)
    return str(value) if isinstance(value, str | int) else "–"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
