"""Whether a comma parts two numbers or the whole from the decimals of one."""

from __future__ import annotations

import re
from itertools import pairwise

from medmodels.inputs.csv_fit import ROWS, Fit, Line, try_fit
from medmodels.inputs.errors import InputError


def settle_comma(fit: Fit, lines: list[Line]) -> Fit:
    """Tell a decimal comma from a delimiter where a comma separates whole numbers only.

    ``-0,145`` is one number and ``995,1011`` are two. A second "column" that is never
    signed and has leading zeros, or always the same width beside a first that hardly
    varies, holds decimals.
    """
    if fit.delimiter != "," or fit.decimal != ".":
        return fit
    rows = [row for row in fit.fields[fit.first :][:ROWS] if len(row) == len(fit.kinds)]
    if not all(re.fullmatch(r"[+-]?\d*", field) for row in rows for field in row):
        return fit
    signed_zero = any(field in ("-0", "+0") for row in rows for field in row)
    tails = [row[1] for row in rows if len(row) > 1]
    padded = any(len(tail) > 1 and tail[0] == "0" for tail in tails)
    if any(tail[:1] in "+-" and tail for tail in tails) or "" in tails:
        return fit
    if len(fit.kinds) > 2:
        if signed_zero and len(fit.kinds) % 2 == 0:
            raise InputError(
                "commas both between the values and inside them.",
                "one mark between values and another inside them.",
                "Export with a semicolon between values, or with decimal points.",
            )
        return fit
    title = fit.fields[fit.first - 1] if fit.first else []
    if len(fit.kinds) == 2 and len(title) == 2 and all(title) and not _is_setting(title):
        # Two names above two columns.
        return fit
    heads = {row[0] for row in rows}
    whole = [int(row[0]) for row in rows if row[0].strip("+-")]
    steps = {b - a for a, b in pairwise(whole)}
    counter = len(steps) == 1 and steps != {0}
    even = len({len(tail) for tail in tails}) == 1 and len(tails[0]) >= 2
    # One decimal place: the digits after the comma are all used, as no label's are.
    tenths = {len(tail) for tail in tails} == {1} and len(set(tails)) >= 8
    one_column = signed_zero or padded or tenths or (even and len(rows) >= 5 and len(heads) <= 20)
    if not one_column or (counter and not signed_zero and not padded):
        return fit
    single = try_fit(lines, " ", ",")
    return single if single is not None and len(single.kinds) == 1 else fit


def _is_setting(title: list[str]) -> bool:
    """Whether two fields are a setting of the recorder ("Unit", "µV") and not two names."""
    settings = ("unit", "lead", "rate", "gain", "device", "version", "name", "date")
    return any(word in title[0].lower() for word in settings)
