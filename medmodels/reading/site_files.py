"""Called sites as files: CSV for a spreadsheet, BED for a genome browser."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from medmodels import NOTICE
from medmodels.reading.sites import Site

# A cell that begins with one of these is a formula to a spreadsheet, in full width too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# A line of BED that begins with one of these is no site (UCSC Genome Browser, "BED format").
_NO_SITE = ("#", "track", "browser")


def sites_csv(sites: Sequence[Site]) -> str:
    """Return one row a site, with a comment that says what this is not.

    Parameters
    ----------
    sites : sequence of Site

    Returns
    -------
    str
        Columns sequence, strand, after_base (counted from 1), class,
        probability.
    """
    text = io.StringIO()
    text.write(f"# {NOTICE}\n")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["sequence", "strand", "after_base", "class", "probability"])
    for site in sites:
        # A strand is written out: "+" alone would be taken for the start of a formula.
        strand = "forward" if site.strand == "+" else "reverse"
        name, called = as_cell(site.sequence), as_cell(site.entry.name)
        rows.writerow([name, strand, site.before, called, f"{site.probability:.4f}"])
    return text.getvalue()


def as_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula (OWASP, "CSV injection").

    Examples
    --------
    >>> as_cell("=1+1"), as_cell("chr7")
    ("'=1+1", 'chr7')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def from_cell(cell: str) -> str:
    """The text that `as_cell` was given.

    Examples
    --------
    >>> from_cell("'=1+1"), from_cell("'n'")
    ('=1+1', "'n'")
    """
    text = cell.removeprefix("'")
    return text if text.startswith(_FORMULA) else cell


def sites_bed(sites: Sequence[Site]) -> str:
    """Return the sites as BED6: the base before each junction and the one after it.

    BED counts from 0 and leaves out the end (UCSC Genome Browser, "BED
    format"); its score is the probability times 1,000, a name has no blanks.

    Parameters
    ----------
    sites : sequence of Site
    """
    lines = [f"# {NOTICE}"]
    for site in sites:
        name = "_".join(site.sequence.split()) or "sequence"
        name = f"_{name}" if name.startswith((*_FORMULA, *_NO_SITE)) else name
        score = round(1000 * site.probability)
        lines.append(
            f"{name}\t{site.before - 1}\t{site.before + 1}\t{site.entry.name}\t{score}\t"
            f"{site.strand}"
        )
    return "\n".join(lines) + "\n"
