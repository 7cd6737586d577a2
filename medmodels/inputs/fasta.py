"""FASTA: a line that starts with > names the sequence on the lines below it.

After Pearson and Lipman, PNAS 1988;85:2444-2448; lines that start with ; are comments,
as in their program.
"""

from __future__ import annotations

from medmodels.inputs.errors import InputError
from medmodels.inputs.sequence_limits import EXPECTED
from medmodels.inputs.sequences import Draft, Layout


def is_fasta(lines: list[str]) -> bool:
    """Whether the first line that is neither blank nor a comment starts with >."""
    first = next((s for line in lines if (s := line.lstrip()) and not s.startswith(";")), "")
    return first.startswith(">")


def read_fasta(lines: list[str]) -> Layout:
    """Part the sequences of a FASTA file.

    Parameters
    ----------
    lines : list of str
        `is_fasta` is true of them.

    Returns
    -------
    Layout
        A draft is named by the first word behind its >.
    """
    drafts: list[Draft] = []
    name, body = "", list[tuple[int, str]]()
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if text.startswith(">"):
            drafts.append(Draft(name, tuple(body)))
            name, body = next(iter(text[1:].split()), ""), []
        elif text and not text.startswith(";"):
            body.append((number, text))
    drafts.append(Draft(name, tuple(body)))
    # The first stands for what precedes the first >, which is nothing.
    return Layout("FASTA", tuple(drafts[1:]))


def refuse_fastq(lines: list[str]) -> None:
    """Refuse the reads of a sequencing machine.

    Raises
    ------
    InputError
        The text is FASTQ: @name, bases, +, qualities.
    """
    filled = [line for line in lines[:40] if line.strip()]
    if len(filled) >= 3 and filled[0].startswith("@") and filled[2].startswith("+"):
        raise InputError(
            "raw reads of a sequencing machine (FASTQ).",
            EXPECTED,
            "Assemble or align the reads, and export the sequence as FASTA.",
        )
