"""Which kind of input some bytes or a pasted text may be, told without decoding them.

Only the beginning is looked at, however long the file is: this is for pointing a
visitor to another task, and whatever reads the file afterwards looks properly.
"""

from __future__ import annotations

import re
from typing import Final

from medmodels.inputs import sniff
from medmodels.inputs.bases import BASES, MIXTURES
from medmodels.inputs.beat_table import is_beat_table
from medmodels.inputs.csv_columns import assign_columns
from medmodels.inputs.csv_layout import find_layout
from medmodels.inputs.csv_text import HEAD, clean_text
from medmodels.inputs.errors import InputError
from medmodels.inputs.fasta import is_fasta
from medmodels.inputs.flat_file import flat_kind
from medmodels.inputs.sequence_letters import tidy
from medmodels.inputs.sequence_limits import MIN_BASES
from medmodels.inputs.sequence_table import read_table
from medmodels.inputs.sequence_text import text_lines
from medmodels.inputs.signal_limits import MAX_LEADS, MIN_RATE, MIN_SECONDS

#: The kinds of file that `medmodels.inputs.open_scan` decodes.
PICTURES: Final = frozenset({"png", "jpeg", "bmp", "webp", "tiff", "dicom"})

_CODES = "".join(MIXTURES)
# One letter in twenty may be a slip, which the reader names with its place.
_NEARLY = 0.95
# Annotations of beats are letters too, a few of them among many numbers.
_LETTERS = 0.5
# Below this share of known bases there is nothing to read.
_KNOWN = 0.2
_LINES = 200
_PAIRS = re.compile(r"(LOCUS|ID|SQ)\b.*\bbp\b", re.IGNORECASE)
_FASTQ = re.compile(r"@[^\n]*\n[^\n]*\n\+")


def looks_like(data: bytes | str) -> str | None:
    r"""Tell the kind of input by its content.

    Parameters
    ----------
    data : bytes or str
        A file, of which the first 64 kB are looked at, or pasted text.

    Returns
    -------
    str or None
        As the cards of tasks name it: "scan" (a picture), "signal" (the header of a
        WFDB record, or a table of numbers with enough rows for an ECG), "sequence"
        (FASTA, a GenBank or EMBL entry of DNA, a table with a column of bases, or
        text of nearly nothing but bases). None for everything else.

    Examples
    --------
    >>> looks_like(b"\x89PNG\r\n\x1a\n..."), looks_like(">gene\n" + "GGTRAGT" * 20)
    ('scan', 'sequence')
    >>> looks_like("".join(f"{i / 250},{i % 9}.1\n" for i in range(2500)))
    'signal'
    >>> looks_like("Dear colleague, thank you for referring this patient.")
    """
    raw = data[:HEAD].encode(errors="replace") if isinstance(data, str) else bytes(data[:HEAD])
    found = sniff.kind(raw)
    if found in PICTURES:
        return "scan"
    if found == "wfdb-header":
        return "signal"
    try:
        lines = text_lines(raw)
    except InputError:
        return None
    # A row that is cut through its middle must not count against a table.
    if _is_sequence(lines, lines[:-1] if len(raw) < len(data) else lines):
        return "sequence"
    return "signal" if _is_signal(raw, len(data) / len(raw)) else None


def _is_sequence(lines: list[str], whole: list[str]) -> bool:
    if is_fasta(lines):
        return _nearly_bases(
            "".join(s for line in lines if not (s := line.strip()).startswith(">"))
        )
    if _FASTQ.match("\n".join(lines[:3])):
        return False
    if flat_kind(lines) is not None:
        # The bases stand at the end of an entry; the lines before count base pairs, or amino acids.
        return any(map(_PAIRS.match, lines))
    try:
        table = read_table(whole[:_LINES])
    except InputError:
        return False
    if table is not None:
        cells = (text for draft in table.drafts for _, text in draft.lines)
        return _nearly_bases("".join(cells))
    text = "".join("".join(lines).split())
    return _nearly_bases(text) and sum(map(str.isalpha, text)) >= _LETTERS * len(text)


def _nearly_bases(text: str) -> bool:
    """Whether a text is long enough for a reading, and nearly all of it codes of bases."""
    letters = tidy(text)
    codes, known = (sum(map(letters.count, wanted)) for wanted in (_CODES, BASES))
    return (
        len(letters) >= MIN_BASES
        and codes >= _NEARLY * len(letters)
        and 2 * (known + letters.count("N")) >= len(letters)
        and known >= _KNOWN * len(letters)
    )


def _is_signal(raw: bytes, times: float) -> bool:
    """Whether a text is a table of samples or beats; ``times`` as long as what is seen of it."""
    try:
        text = clean_text(raw)
        layout = find_layout(text)
        leads = len(assign_columns(layout).leads)
    except InputError:
        return False
    if is_beat_table(layout):
        return True
    rows = times * (text.rstrip().count(b"\n", layout.body) + 1)
    return 0 < leads <= MAX_LEADS and rows >= MIN_SECONDS * MIN_RATE
