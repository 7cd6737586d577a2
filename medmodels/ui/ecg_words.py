"""Plain sentences about beats; every class name comes from the card."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from medmodels.bundles import ClassCard


def say_answer(counts: Sequence[int], classes: Sequence[ClassCard]) -> str:
    """Say in one sentence what the beats were read as.

    Parameters
    ----------
    counts : sequence of int
        Beats of each class.
    classes : sequence of ClassCard

    Returns
    -------
    str
        The gravest classes first; classes of severity 0 as "the rest".

    Examples
    --------
    >>> normal = ClassCard("N", "Normal", "N", 0, "")
    >>> ectopic = ClassCard("V", "Ventricular", "V", 2, "")
    >>> say_answer([2262, 12], [normal, ectopic])
    'Of 2,274 beats, 12 are read as ventricular (V); the other 2,262 as normal (N).'
    >>> say_answer([80, 0], [normal, ectopic])
    'All 80 beats are read as normal (N).'
    """
    total = int(sum(counts))
    order = sorted(range(len(classes)), key=lambda i: (-classes[i].severity, -counts[i]))
    abnormal = [i for i in order if classes[i].severity and counts[i]]
    quiet = [i for i in order if not classes[i].severity and counts[i]]
    if not abnormal:
        if len(quiet) == 1:
            lead = "The only beat is" if total == 1 else f"All {total:,} beats are"
            return f"{lead} read as {_name(classes[quiet[0]])}."
        return f"Of {_beats(total)}, " + _listed(counts, classes, quiet) + "."
    rest = sum(counts[i] for i in quiet)
    sentence = f"Of {_beats(total)}, {_listed(counts, classes, abnormal)}"
    if len(quiet) == 1:
        others = f"{rest:,}" if rest > 1 else "one"
        return f"{sentence}; the other {others} as {_name(classes[quiet[0]])}."
    return f"{sentence}; the other {rest:,} are not." if rest else f"{sentence}; none is normal."


def say_share(count: int, total: int) -> str:
    """Say a count as a share of all beats.

    Examples
    --------
    >>> say_share(12, 2274), say_share(0, 10), say_share(1, 10000)
    ('0.5% of the beats', 'none', 'less than 0.1% of the beats')
    """
    if not count:
        return "none"
    share = count / total
    return "less than 0.1% of the beats" if share < 0.001 else f"{share:.1%} of the beats"


def say_left(seconds: float) -> str:
    """Say how long it will take.

    Examples
    --------
    >>> say_left(2.2), say_left(75)
    ('about 3 s left', 'about 2 min left')
    """
    return (
        f"about {int(np.ceil(seconds))} s left"
        if seconds < 60
        else f"about {round(seconds / 60 + 0.4)} min left"
    )


def intervals_around(
    times_s: npt.NDArray[np.float64], beat: int
) -> tuple[float | None, float | None, float]:
    """Intervals before and after a beat, and the recording's usual one.

    Parameters
    ----------
    times_s : ndarray, float64, shape (n_beats,)
    beat : int

    Returns
    -------
    before, after : float or None
        Milliseconds; None at the ends.
    usual : float
        Median interval, milliseconds; NaN with one beat only.
    """
    rr = np.diff(times_s) * 1000
    before = float(rr[beat - 1]) if beat else None
    after = float(rr[beat]) if beat < len(rr) else None
    return before, after, float(np.median(rr)) if len(rr) else float("nan")


def csv_cell(value: object) -> str:
    """Write a cell that no spreadsheet runs as a formula.

    Text that starts like a formula gets an apostrophe (OWASP, "CSV injection").

    Examples
    --------
    >>> csv_cell("=1+1"), csv_cell("V"), csv_cell(-3.5), csv_cell('a "b", c')
    ("'=1+1", 'V', '-3.5', '"a ""b"", c"')
    """
    text = str(value)
    if isinstance(value, str) and text[:1] in ("=", "+", "-", "@", "\t", "\r"):
        text = "'" + text
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\n\r') else text


def _name(entry: ClassCard) -> str:
    return f"{entry.title.lower()} ({entry.letter})"


def _beats(total: int) -> str:
    return "1 beat" if total == 1 else f"{total:,} beats"


def _listed(counts: Sequence[int], classes: Sequence[ClassCard], indices: Sequence[int]) -> str:
    parts = [f"{counts[i]:,} as {_name(classes[i])}" for i in indices]
    verb = "is read" if counts[indices[0]] == 1 else "are read"
    parts[0] = parts[0].replace(" as ", f" {verb} as ", 1)
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
