"""The limits within which sequences are read, and the messages beyond them."""

from __future__ import annotations

from medmodels.inputs.errors import InputError

#: What is looked at around a splice junction: 30 bases on either side.
MIN_BASES = 60
#: Five million bases take a few minutes; the longest human gene has 2.3 million.
MAX_BASES = 5_000_000
#: Room for names, line ends and labels beside the bases.
MAX_BYTES = 16 * 1024 * 1024
MAX_SEQUENCES = 10_000
#: Five million bases in GenBank's lines of 60 are 83,000 lines.
MAX_LINES = 1_000_000

EXPECTED = (
    f"DNA or RNA of at least {MIN_BASES} bases: FASTA, GenBank, a table (CSV or TSV) with a "
    "column of sequences, or pasted letters."
)


def check_bytes(length: int) -> None:
    """Refuse a file that is too long.

    Parameters
    ----------
    length : int
        Bytes.

    Raises
    ------
    InputError
        Over 16 MB.
    """
    if length > MAX_BYTES:
        raise InputError(
            f"a file of {length / 2**20:,.0f} MB.",
            f"a file of at most {MAX_BYTES // 2**20} MB.",
            "Upload the region of interest, or one chromosome region at a time.",
        )


def check_lines(lines: int) -> None:
    """Refuse a text of very many lines, each of which would cost memory of its own.

    Raises
    ------
    InputError
        More than a million.
    """
    if lines > MAX_LINES:
        raise InputError(
            f"{lines:,} lines.",
            f"at most {MAX_LINES:,} lines.",
            "Export the sequence as FASTA, with 60 bases or more on a line.",
        )


def check_count(sequences: int) -> None:
    """Refuse too many sequences.

    Raises
    ------
    InputError
        More than 10,000.
    """
    if sequences > MAX_SEQUENCES:
        raise InputError(
            f"{sequences:,} sequences.",
            f"at most {MAX_SEQUENCES:,} sequences in one file.",
            "Split the file into parts.",
        )


def check_bases(bases: int) -> None:
    """Refuse too many bases.

    Raises
    ------
    InputError
        More than 5 million in all.
    """
    if bases > MAX_BASES:
        raise InputError(
            f"{bases:,} bases.",
            f"at most {MAX_BASES:,} bases in all sequences together.",
            "Upload the region of interest, or split the file into parts.",
        )


def too_short(bases: int, unit: str, count: int) -> InputError:
    """Make the error for sequences of which none is long enough.

    Parameters
    ----------
    bases : int
        In the longest one.
    unit : str
        "sequence" or "row".
    count : int
        How many there are.
    """
    written = f"{bases} base{'s' * (bases != 1)}"
    found = (
        f"a sequence of {written}."
        if count == 1
        else f"{count:,} {unit}s, of which the longest has {written}."
    )
    return InputError(
        found,
        f"at least {MIN_BASES} bases: 30 on either side of the place that is judged.",
        "Add the bases before and after it.",
    )
