"""Which column of a table is the time and which are leads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from medmodels.inputs.amplitudes import parse_unit
from medmodels.inputs.csv_hints import (
    TimeUnit,
    is_label,
    split_name,
    stated_lead,
    stated_unit,
    time_unit,
)
from medmodels.inputs.csv_layout import Layout
from medmodels.inputs.understanding import Column

_PREVIEW = 5
# The more a column says about time, the lower its number.
_RANK: dict[TimeUnit, int] = {"clock": 0, "s": 1, "ms": 1, "us": 1, "unknown": 2, "sample": 3}


@dataclass(frozen=True)
class Columns:
    """The columns of a table and the one that holds the time.

    Parameters
    ----------
    columns : tuple of Column
    time : int or None
        Index of the time column.
    time_unit : TimeUnit
        "sample" for a counter; "unknown" where only the steps can tell.
    """

    columns: tuple[Column, ...]
    time: int | None
    time_unit: TimeUnit

    @property
    def leads(self) -> list[int]:
        """Indices of the columns that hold leads."""
        return [i for i, column in enumerate(self.columns) if column.role == "lead"]


def assign_columns(layout: Layout) -> Columns:
    """Give each column its role from the header and from the first rows.

    Parameters
    ----------
    layout : Layout

    Returns
    -------
    Columns
    """
    width = len(layout.kinds)
    named = [_name_and_unit(layout, i) for i in range(width)]
    candidates = {
        i: unit for i in range(width) if (unit := _time_unit(layout, i, *named[i])) is not None
    }
    time = min(candidates, key=lambda i: (_RANK[candidates[i]], i), default=None)
    if width == 1:
        # A lone column that counts up evenly is still the only thing there is to read.
        time = None
    overall = stated_unit(layout.preamble)
    columns, number = [], 0
    for i, (name, written) in enumerate(named):
        preview = tuple(row[i] for row in layout.rows[:_PREVIEW])
        if i == time:
            columns.append(Column(name or "time", "time", first_values=preview))
        elif layout.kinds[i] != "number" or (i in candidates and width > 1) or is_label(name):
            columns.append(Column(name or f"column {i + 1}", "ignored", first_values=preview))
        else:
            number += 1
            stated = parse_unit(written) or overall
            name = name or (stated_lead(layout.preamble) if width == 1 else None) or ""
            columns.append(
                Column(
                    name or f"lead {number}",
                    "lead",
                    unit=stated or "unknown",
                    unit_stated=stated is not None,
                    first_values=preview,
                )
            )
    return Columns(_distinct(columns), time, candidates[time] if time is not None else "unknown")


def _name_and_unit(layout: Layout, index: int) -> tuple[str, str]:
    name, unit = split_name(layout.names[index])
    return name, layout.units[index] or unit


def _time_unit(layout: Layout, index: int, name: str, unit: str) -> TimeUnit | None:
    """The unit of a column that can be a time; None for any other column."""
    if layout.kinds[index] == "clock":
        return "clock"
    if layout.kinds[index] != "number" or parse_unit(unit) is not None:
        return None
    stated = time_unit(name, unit)
    if stated not in (None, "sample") and len(name) > 1:
        return stated
    values = numbers([row[index] for row in layout.rows], layout)
    steps = np.diff(values[np.isfinite(values)])
    if len(steps) < 2 or steps.min() < 0 or steps.max() <= 0:
        return None
    if stated is not None:
        return stated
    # Without a telling name only the first column is taken, and only if it is even.
    resolution = 10.0 ** -max(_decimals(row[index], layout.decimal) for row in layout.rows)
    even = float(np.median(steps))
    if index > 0 or even <= 0 or np.abs(steps - even).max() > 1.01 * resolution:
        return None
    if float(values[0]).is_integer() and np.all(steps == 1.0):
        return "sample"
    return "unknown" if np.abs(steps - even).max() < 0.5 * even else None


def numbers(fields: list[str], layout: Layout) -> npt.NDArray[np.float64]:
    """Values of a few fields; NaN where a field is no number."""
    values = np.full(len(fields), np.nan)
    for i, field in enumerate(fields):
        plain = field.replace(layout.thousands, "") if layout.thousands else field
        try:
            values[i] = float(plain.replace(layout.decimal, "."))
        except ValueError:
            continue
    return values


def _decimals(field: str, decimal: str) -> int:
    """Decimal places of a number; exponents are taken as full precision."""
    if "e" in field.lower():
        return 12
    return len(field.partition(decimal)[2])


def time_resolution(layout: Layout, index: int) -> float:
    """Smallest difference that a numeric time column can show, in its own unit."""
    return 10.0 ** -max(_decimals(row[index], layout.decimal) for row in layout.rows)


def _distinct(columns: list[Column]) -> tuple[Column, ...]:
    """Number repeated names, so that each can be chosen by name."""
    seen: dict[str, int] = {}
    distinct = []
    for column in columns:
        seen[column.name] = seen.get(column.name, 0) + 1
        again = seen[column.name]
        name = column.name if again == 1 else f"{column.name} ({again})"
        distinct.append(
            Column(name, column.role, column.unit, column.unit_stated, column.first_values)
        )
    return tuple(distinct)
