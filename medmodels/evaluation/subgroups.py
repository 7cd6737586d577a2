"""Results for parts of the data: by subtype, age, sex or view."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.evaluation.metrics import Rows, evaluate_rows
from medmodels.evaluation.reliability import FEWEST_GROUPS


def subgroups_of(
    rows: Rows, columns: Mapping[str, npt.NDArray[np.str_]], classes: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Every subgroup's results, with intervals over its patients.

    Parameters
    ----------
    rows : Rows
        Of one split.
    columns : mapping of ndarray of str, shape (n,)
        By name; the value of each row, "" where it is not known.
    classes : tuple of str

    Returns
    -------
    list of dict
        One for each column, by name: ``name``, ``unknown`` (rows without a value)
        and ``rows``: ``value``, ``n``, ``groups``, ``accuracy``, ``auc`` (null
        where a class is absent) and ``classes`` with ``n`` and ``sensitivity`` of
        each. Without at least five patients an estimate has no interval.
    """
    return [
        {
            "name": name,
            "unknown": int((values == "").sum()),
            "rows": [
                {"value": value} | _judged(rows.where(values == value), classes)
                for value in sorted({str(v) for v in values} - {""}, key=_natural)
            ],
        }
        for name, values in sorted(columns.items())
    ]


def _judged(rows: Rows, classes: tuple[str, ...]) -> dict[str, Any]:
    result = evaluate_rows(rows, classes)
    few = result["groups"] < FEWEST_GROUPS

    def kept(estimate: dict[str, float | None]) -> dict[str, float | None]:
        return estimate | {"low": None, "high": None} if few else estimate

    return {
        "n": result["n"],
        "groups": result["groups"],
        "accuracy": kept(result["accuracy"]),
        "auc": kept(result["auc"]) if "auc" in result else None,
        "classes": {
            name: {"n": numbers["n"], "sensitivity": kept(numbers["sensitivity"])}
            for name, numbers in result["classes"].items()
        },
    }


def _natural(value: str) -> tuple[bool, int, str]:
    """Sort "under 40" and "40 to 59" as numbers are read, words last."""
    number = re.search(r"\d+", value)
    if number is None:
        return (True, 0, value)
    first = int(number.group())
    open_below = value.lower().startswith(("under", "below", "<", "up to"))
    return (False, first - open_below, value)
