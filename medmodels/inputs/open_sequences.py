"""The one way from uploaded bytes or pasted text to sequences of bases."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from medmodels.inputs.airlock import Admitted
from medmodels.inputs.fasta import is_fasta, read_fasta, refuse_fastq
from medmodels.inputs.flat_file import flat_kind, read_flat
from medmodels.inputs.sequence_letters import Checked, check
from medmodels.inputs.sequence_limits import (
    MIN_BASES,
    check_bases,
    check_bytes,
    check_count,
    too_short,
)
from medmodels.inputs.sequence_table import read_table
from medmodels.inputs.sequence_text import empty, pasted_lines, text_lines
from medmodels.inputs.sequences import Draft, Layout, Sequences

_NAME_LENGTH = 80
_NAMED = 5


def open_sequences(item: bytes | str | Admitted) -> Sequences:
    r"""Read sequences of DNA or RNA.

    Parameters
    ----------
    item : bytes, str or Admitted
        A file's bytes (FASTA with one or many sequences, a GenBank or EMBL entry, CSV
        or TSV with a column of sequences, plain text), or pasted text in any of these
        layouts; or one that went through the airlock, whose digest is that of what
        came. The layout is told from the content.

    Returns
    -------
    Sequences
        Lower case is raised, U is read as T, X as N; white space, line numbers and
        gap signs are left out. Sequences shorter than 60 bases are left out with a
        note where others are long enough.

    Raises
    ------
    InputError
        Nothing to read, a letter that stands for no base (with line and position),
        protein instead of DNA, too short, too long, or too many.

    Examples
    --------
    >>> found = open_sequences(">exon 1\n" + "acguRn" * 10 + "\n>exon2\n" + "GGTA" * 20)
    >>> found.names, [len(sequence) for sequence in found.sequences]
    (('exon', 'exon2'), [60, 80])
    >>> found.sequences[0][:6], found.source
    ('ACGTRN', 'FASTA, 2 sequences')
    """
    digest = ""
    if isinstance(item, Admitted):
        if item.refused is not None:
            raise item.refused.alone()
        data: bytes | str = item.data
        digest = item.digest
    else:
        data = item
    if isinstance(data, str):
        raw = data.encode("utf-8", errors="replace")
        check_bytes(len(raw))
        lines = pasted_lines(data)
    else:
        raw = data
        check_bytes(len(raw))
        lines = text_lines(data)
    layout = _layout(lines)
    check_count(len(layout.drafts))
    checked = _check_all(layout)
    kept = [i for i, one in enumerate(checked) if len(one.letters) >= MIN_BASES]
    if not kept:
        longest = max((len(one.letters) for one in checked), default=0)
        if not longest:
            raise empty()
        raise too_short(longest, layout.unit, len(checked))
    drafts = [layout.drafts[i] for i in kept]
    labels = [draft.label for draft in drafts]
    return Sequences(
        names=_distinct(_name(layout.drafts[i], layout.unit, i) for i in kept),
        sequences=tuple(checked[i].letters for i in kept),
        labels=None if None in labels else tuple(str(label) for label in labels),
        source=f"{layout.kind}, {len(kept):,} sequence{'s' * (len(kept) != 1)}",
        digest=digest or hashlib.sha256(raw).hexdigest(),
        notes=(*layout.notes, *_notes(layout, checked, kept)),
    )


def _layout(lines: list[str]) -> Layout:
    if is_fasta(lines):
        return read_fasta(lines)
    refuse_fastq(lines)
    if (kind := flat_kind(lines)) is not None:
        return read_flat(lines, kind)
    return read_table(lines) or _plain(lines)


def _plain(lines: list[str]) -> Layout:
    """Letters only: one sequence, or several with blank lines between them."""
    blocks: list[list[tuple[int, str]]] = [[]]
    for number, line in enumerate(lines, start=1):
        if line.strip():
            blocks[-1].append((number, line))
        elif blocks[-1]:
            blocks.append([])
    drafts = tuple(Draft("", tuple(block)) for block in blocks if block)
    notes = []
    if any(len(draft.lines) > 1 for draft in drafts):
        notes.append(
            "Lines that follow each other were joined into one sequence; to keep sequences "
            "apart, put a line that starts with > before each."
        )
    return Layout("plain text", drafts, notes=tuple(notes))


def _check_all(layout: Layout) -> list[Checked]:
    checked, total, many = [], 0, len(layout.drafts) > 1
    for number, draft in enumerate(layout.drafts, start=1):
        one = check(draft, f" of {layout.unit} {number:,}" if many else "")
        total += len(one.letters)
        check_bases(total)
        checked.append(one)
    return checked


def _notes(layout: Layout, checked: list[Checked], kept: list[int]) -> Iterable[str]:
    left_out = sorted(set(range(len(checked))) - set(kept))
    if left_out:
        named = ", ".join(f"{i + 1:,}" for i in left_out[:_NAMED])
        more = ", ..." if len(left_out) > _NAMED else ""
        yield (
            f"{len(left_out):,} of {len(checked):,} sequences are shorter than {MIN_BASES} bases "
            f"and were left out ({layout.unit}{'s' * (len(left_out) != 1)} {named}{more})."
        )
    read = [checked[i] for i in kept]
    if any(one.rna for one in read):
        yield "RNA: U was read as T."
    if gaps := sum(one.gaps for one in read):
        yield f"{gaps:,} gap sign{'s' * (gaps != 1)} left out; positions count bases only."
    if masked := sum(one.masked for one in read):
        yield f"{masked:,} letter{'s' * (masked != 1)} X read as N, any base."
    letters = sum(len(one.letters) for one in read)
    mixed = letters - sum(one.letters.count(base) for one in read for base in "ACGT")
    if mixed:
        yield (
            f"{mixed:,} of {letters:,} bases {'are' if mixed != 1 else 'is'} not known exactly; "
            "read as a mixture of the bases that the letter stands for."
        )


def _name(draft: Draft, unit: str, index: int) -> str:
    written = "".join(c for c in draft.name.strip()[:_NAME_LENGTH] if c.isprintable())
    return written or f"{unit} {index + 1}"


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Number repeated names, so that each stands for one sequence."""
    times: dict[str, int] = {}
    for name in names:
        one = name
        while one in times:
            times[name] += 1
            one = f"{name} ({times[name]})"
        times[one] = 1
    return tuple(times)
