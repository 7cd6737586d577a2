"""What a reader says of a case, beside what the network said."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from medmodels import NOTICE
from medmodels.reading.site_files import as_cell
from medmodels.worklist.line import Line
from medmodels.worklist.read_first import Impression

ACCEPT: Final = "accept"
DISAGREE: Final = "disagree"
_COLUMNS = (
    "case", "file", "state", "answer", "probability", "severity", "urgency", "doubt",
    "labels_left", "reasons", "burned_in", "first_answer", "first_confidence", "first_seconds",
    "review", "reader_answer", "comment", "input_sha256", "bundle",
)  # fmt: skip


@dataclass(frozen=True)
class Review:
    """A reader's verdict on one case.

    Parameters
    ----------
    verdict : str
        `ACCEPT` or `DISAGREE`.
    answer : str
        Name of the class that the reader would have given; empty where that was
        not said.
    comment : str
    """

    verdict: str
    answer: str = ""
    comment: str = ""


def reviewed_rows(
    lines: Sequence[Line],
    reviews: Mapping[int, Review],
    impressions: Mapping[int, Impression] | None = None,
    *,
    names: bool,
) -> list[dict[str, Any]]:
    """Lines with what was said of them, as plain values.

    Parameters
    ----------
    lines : sequence of Line
    reviews : mapping of int to Review
        By place among the lines.
    impressions : mapping of int to Impression, optional
        Likewise, of cases that were read first; how long each took in seconds.
    names : bool
        Whether files are named: their names are often people's.
    """
    rows = []
    for number, line in enumerate(lines):
        review, known = reviews.get(number), line.to_dict()
        first = (impressions or {}).get(number)
        known |= {
            "case": number + 1,
            "file": line.file if names else None,
            "first_answer": first.answer if first else None,
            "first_confidence": first.confidence if first else None,
            "first_seconds": round(first.seconds, 1) if first else None,
            "review": review.verdict if review else None,
            "reader_answer": (review.answer or None) if review else None,
            "comment": (review.comment or None) if review else None,
        }
        rows.append({name: known[name] for name in _COLUMNS})
    return rows


def reviewed_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows of `reviewed_rows` for a spreadsheet; no cell is taken for a formula."""
    return rows_csv(rows, _COLUMNS)


def rows_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Rows of plain values as CSV with these columns, under the notice."""
    text = io.StringIO()
    text.write(f"# {NOTICE}\n")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(columns)
    for row in rows:
        table.writerow([_cell(row[name]) for name in columns])
    return text.getvalue()


def rows_json(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows of plain values as JSON, with the notice."""
    return json.dumps({"notice": NOTICE, "cases": list(rows)}, indent=1, allow_nan=False)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        value = "; ".join(value)
    # A number may begin with a minus sign and is no formula.
    return as_cell(value) if isinstance(value, str) else "" if value is None else str(value)
