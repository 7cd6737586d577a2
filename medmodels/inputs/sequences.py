"""Decoded sequences of bases."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sequences:
    """One or many sequences of one upload.

    Parameters
    ----------
    names : tuple of str
        One for each sequence, all different.
    sequences : tuple of str
        Upper case IUPAC codes of DNA (T, not U); see `medmodels.inputs.bases`.
    labels : tuple of str or None
        Reference labels as written, "" where a row has none; None when the source
        has no such column. Never used to answer.
    source : str
        Layout in words ("FASTA, 2 sequences").
    digest : str
        SHA-256 of the source bytes, hexadecimal.
    notes : tuple of str
        What was understood or done on the way in, in plain sentences.
    strands : tuple of str
        "+" for a sequence as it was given, "-" for its other strand; empty
        where all are as given. Names then come twice.
    """

    names: tuple[str, ...]
    sequences: tuple[str, ...]
    labels: tuple[str, ...] | None
    source: str
    digest: str
    notes: tuple[str, ...] = field(default=())
    strands: tuple[str, ...] = ()

    @property
    def bases(self) -> int:
        """Number of bases in all sequences together."""
        return sum(map(len, self.sequences))


@dataclass(frozen=True)
class Draft:
    """A sequence as it is written, before its letters are checked.

    Parameters
    ----------
    name : str
        Empty where the source gives none.
    lines : tuple of (int, str)
        Line number in the source, from 1, and the text that holds bases.
    label : str or None
    """

    name: str
    lines: tuple[tuple[int, str], ...]
    label: str | None = None


@dataclass(frozen=True)
class Layout:
    """How an upload is laid out, and what it holds.

    Parameters
    ----------
    kind : str
        "FASTA", "GenBank", "EMBL", "CSV", "TSV", "table" or "plain text".
    drafts : tuple of Draft
    unit : str
        What one draft is called in messages: "sequence" or "row".
    notes : tuple of str
    """

    kind: str
    drafts: tuple[Draft, ...]
    unit: str = "sequence"
    notes: tuple[str, ...] = field(default=())
