"""Entries as GenBank and EMBL publish them: the bases stand between ORIGIN or SQ and //.

Layout after the DDBJ/ENA/GenBank flat file formats: numbered lines with blocks of ten
bases; the entry's name is the second word of its LOCUS or ID line.
"""

from __future__ import annotations

import re

from medmodels.inputs.errors import InputError
from medmodels.inputs.sequence_limits import EXPECTED
from medmodels.inputs.sequences import Draft, Layout

_NAME = re.compile(r"(LOCUS|ID)\s+([^\s;]+)")
_START = re.compile(r"(ORIGIN|SQ)\b")


def flat_kind(lines: list[str]) -> str | None:
    """Tell "GenBank" or "EMBL" by the first line; None for any other text."""
    first = next((line for line in lines if line.strip()), "")
    found = _NAME.match(first)
    # Bases may be pasted that begin with these letters; an entry has headings too.
    if found is None or not any(re.match(r"(DEFINITION|ACCESSION|FEATURES|ORIGIN|AC|DE|FT|SQ)\b", s)
                                for s in lines):  # fmt: skip
        return None
    return "GenBank" if found[1] == "LOCUS" else "EMBL"


def read_flat(lines: list[str], kind: str) -> Layout:
    """Part the entries of a flat file.

    Parameters
    ----------
    lines : list of str
    kind : str
        From `flat_kind`.

    Returns
    -------
    Layout

    Raises
    ------
    InputError
        No entry holds bases.
    """
    drafts: list[Draft] = []
    name, body, inside = "", list[tuple[int, str]](), False
    for number, line in enumerate([*lines, "//"], start=1):
        if line.startswith("//"):
            if inside:
                drafts.append(Draft(name, tuple(body)))
            name, body, inside = "", [], False
        elif inside:
            body.append((number, line))
        elif _START.match(line):
            inside = True
        elif found := _NAME.match(line):
            name = found[2]
    if not any(draft.lines for draft in drafts):
        raise InputError(
            f"a {kind} entry without its bases.",
            EXPECTED,
            "Export the entry with its sequence, or as FASTA.",
        )
    return Layout(kind, tuple(drafts))
