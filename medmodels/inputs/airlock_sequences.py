"""Sequences without the words around them: letters, and names that are identifiers.

Reading needs the bases and something to tell sequences apart by. A name is kept where it is
an accession number, a place in a genome or a numbered word (`sequence_identifiers`), because
exported sites (BED, CSV) are found again by it; any other name becomes "sequence 1". Of a
table the columns of bases, of names and of labels are kept, of an entry of GenBank or EMBL
its name and its bases, of FASTA the identifier. All the rest is free text, and is dropped.
Lines keep their numbers, so that what was said of a line stays true.
"""

from __future__ import annotations

import re

from medmodels.inputs.bases import MIXTURES
from medmodels.inputs.errors import InputError
from medmodels.inputs.fasta import is_fasta
from medmodels.inputs.flat_file import flat_kind
from medmodels.inputs.identifying_photo import Notes
from medmodels.inputs.open_sequences import open_sequences
from medmodels.inputs.sequence_identifiers import is_identifier, with_version
from medmodels.inputs.sequence_table import find_columns, is_telling
from medmodels.inputs.sequence_text import pasted_lines, text_lines
from medmodels.inputs.sequences import Sequences

NAMES = "names of sequences that are no accession number"
DESCRIPTIONS = "descriptions behind the names"
COMMENTS = "comments"
ANNOTATIONS = "annotations of the entry (definition, authors, sample, remarks)"
COLUMNS = "columns beside bases, names and labels"
LABELS = "labels in free words"

_LETTERS = "".join({*MIXTURES, "U", "X"})
# Line numbers and white space are left out when sequences are read, and could be a date.
_NO_BASES = re.compile(rf"[^{_LETTERS}{_LETTERS.lower()}.~*-]", re.ASCII)
_ENTRY = re.compile(r"(LOCUS|ID)\s+([^\s;]+)(?:;\s*SV\s+(\d+))?")
_VERSION = re.compile(r"VERSION\s+(\S+)")
_STARTS = re.compile(r"(ORIGIN|SQ)\b")


def clean_sequences(data: bytes | str, notes: Notes) -> bytes:
    """Keep what reading needs of a file of sequences.

    Parameters
    ----------
    data : bytes or str
        A file, or pasted text, as for `open_sequences`.
    notes : Notes
        Told what is dropped.

    Returns
    -------
    bytes
        In the same layout, with the same bases; names that are not kept are "sequence 1", ...

    Raises
    ------
    InputError
        As for reading it: what cannot be read cannot be cleaned.
    """
    before = open_sequences(data)
    lines = pasted_lines(data) if isinstance(data, str) else text_lines(data)
    clean = "\n".join(_cleaned(lines, notes)).encode()
    try:
        same = _essence(open_sequences(clean)) == _essence(before)
    except InputError:
        same = False
    # Whatever the layout, words never stay: then the bases alone are written down.
    return clean if same else _anew(before)


def _cleaned(lines: list[str], notes: Notes) -> list[str]:
    if is_fasta(lines):
        return _fasta(lines, notes)
    if (kind := flat_kind(lines)) is not None:
        return _entries(lines, kind, notes)
    return _table(lines, notes) or [_bases(line) for line in lines]


def _bases(text: str) -> str:
    return _NO_BASES.sub("", text)


def _fasta(lines: list[str], notes: Notes) -> list[str]:
    kept, number = [], 0
    for line in lines:
        text = line.strip()
        if text.startswith(">"):
            number += 1
            name, *words = text[1:].split(maxsplit=1) or [""]
            if words:
                notes.add(DESCRIPTIONS)
            # Without a name, a sequence is called by its number.
            kept.append(f">{_kept(name, '', notes)}")
        elif text.startswith(";"):
            notes.add(COMMENTS)
            kept.append("")
        else:
            kept.append(_bases(text))
    return kept


def _entries(lines: list[str], kind: str, notes: Notes) -> list[str]:
    """The name of each entry, and its bases (flat file formats of GenBank and EMBL)."""
    kept = [""] * len(lines)
    at, behind, name, version, inside, number = None, None, "", "", False, 0
    for place, line in enumerate([*lines, "//"]):
        if line.startswith("//"):
            if at is not None:
                number += 1
                known = with_version(name, version)
                name = name if known else _kept(name, f"sequence_{number}", notes)
                stated = f" SV {version};" if known and "." not in version else ""
                kept[at] = f"LOCUS {name} bp" if kind == "GenBank" else f"ID   {name};{stated} BP."
                if known and behind is not None:
                    kept[behind] = f"VERSION {version}"
            if place < len(lines):
                kept[place] = "//"
            at, behind, name, version, inside = None, None, "", "", False
        elif inside:
            kept[place] = _bases(line)
        elif start := _STARTS.match(line):
            kept[place], inside = ("SQ   BP;" if start[1] == "SQ" else "ORIGIN"), True
        elif found := _ENTRY.match(line):
            at, name, version = place, found[2], found[3] or ""
        elif found := _VERSION.match(line):
            behind, version = place, found[1]
        elif line.strip():
            notes.add(ANNOTATIONS)
    return kept


def _table(lines: list[str], notes: Notes) -> list[str] | None:
    found = find_columns(lines)
    if found is None:
        return None
    kept, between = [""] * len(lines), found.delimiter
    # A table by spaces has no empty cells; these two are taken neither for bases nor for names.
    nothing = {"digits": "0", "words": "?"} if between == " " else {"digits": "", "words": ""}
    if found.header_line is not None:
        kept[found.header_line - 1] = between.join(
            name if is_identifier(name) or is_telling(name) else nothing["words"]
            for name in found.header
        )
    if any(line.lstrip().startswith("#") for line in lines):
        notes.add(COMMENTS)
    for number, (line, row) in enumerate(found.rows, start=1):
        cells = []
        for place, cell in enumerate(row):
            if place == found.bases:
                cells.append(_bases(cell))
            elif place == found.names:
                other = f"row_{number}" if between == " " else f"row {number}"
                cells.append(_kept(cell, other if cell.strip() else nothing["words"], notes))
            elif place == found.labels and (is_identifier(cell) or not cell.strip()):
                cells.append(cell)
            else:
                if cell.strip() not in ("", *nothing.values()):
                    notes.add(LABELS if place == found.labels else COLUMNS)
                plain = cell.replace(".", "").isdigit()
                cells.append(nothing["digits" if plain else "words"])
        kept[line - 1] = between.join(cells)
    return kept


def _kept(name: str, instead: str, notes: Notes) -> str:
    if not name.strip() or is_identifier(name):
        return name.strip()
    notes.add(NAMES)
    return instead


def _essence(found: Sequences) -> object:
    """All of some sequences but their names and what their labels say."""
    return found.sequences, found.source, found.notes, found.labels is None


def _anew(found: Sequences) -> bytes:
    """FASTA of nothing but bases and identifiers."""
    return "".join(
        f">{name if is_identifier(name) and ' ' not in name else ''}\n{letters}\n"
        for name, letters in zip(found.names, found.sequences, strict=True)
    ).encode()
