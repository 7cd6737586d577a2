"""From letters as they are written to checked upper case DNA."""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass

from medmodels.inputs.bases import MIXTURES
from medmodels.inputs.errors import InputError
from medmodels.inputs.sequence_limits import EXPECTED
from medmodels.inputs.sequences import Draft

#: Left out wherever they stand: white space, the numbers of GenBank's lines, and what
#: comes along when a page is copied (no-break space, zero-width space, byte-order mark).
_LAYOUT = string.whitespace + string.digits + "\xa0\u200b\u2060\ufeff"
_GAPS = "-.~"
# Only ASCII letters are raised: upper() would turn a sharp s into two codes for "C or G".
_RAISED = {ord(letter): letter.upper() for letter in string.ascii_lowercase}
_TABLE: dict[int, str | None] = (
    _RAISED
    | {ord("U"): "T", ord("u"): "T", ord("X"): "N", ord("x"): "N"}
    | dict.fromkeys(map(ord, _LAYOUT + _GAPS))
)
_CODES = frozenset(MIXTURES)
#: Letters that name an amino acid and no base (IUPAC-IUB 1983).
_AMINO_ACIDS = {
    "E": "glutamic acid", "F": "phenylalanine", "I": "isoleucine", "L": "leucine",
    "P": "proline", "Q": "glutamine", "Z": "glutamine or glutamic acid",
    "J": "leucine or isoleucine", "O": "pyrrolysine",
}  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """A checked sequence, and what was done to it.

    Parameters
    ----------
    letters : str
        Upper case IUPAC codes of DNA.
    gaps : int
        Gap signs that were left out.
    rna : bool
        Whether U was read as T.
    masked : int
        Letters X that were read as N.
    """

    letters: str
    gaps: int
    rna: bool
    masked: int


def tidy(text: str) -> str:
    """Upper case DNA letters without white space, numbers and gap signs; not checked.

    Examples
    --------
    >>> tidy("  61 ggu-raG nnn")
    'GGTRAGNNN'
    """
    return text.translate(_TABLE)


def looks_like_bases(text: str, least: int = 8) -> bool:
    """Whether a text holds nothing but codes, most of them A, C, G, T or N."""
    letters = tidy(text)
    return (
        len(letters) >= least and _CODES.issuperset(letters) and 2 * _plain(letters) >= len(letters)
    )


def check(draft: Draft, where: str) -> Checked:
    """Check the letters of one sequence.

    Parameters
    ----------
    draft : Draft
    where : str
        Ends a sentence about a position: "" or " of sequence 2".

    Returns
    -------
    Checked

    Raises
    ------
    InputError
        A letter that stands for no base, with its position (from 1, gaps not
        counted) and its line; protein instead of DNA; nothing but unknown bases.
    """
    written = "".join(text for _, text in draft.lines)
    # A lone star ends a sequence in some exports.
    letters = tidy(written).removesuffix("*")
    if not _CODES.issuperset(letters):
        raise _wrong_letter(draft, letters, where)
    if letters and 2 * _plain(letters) < len(letters):
        raise _hardly_dna(draft, where)
    if letters and not set(letters) - {"N"}:
        raise InputError(
            f"only unknown bases (N){where or ' in the sequence'}.",
            EXPECTED,
            "Check that the sequence was exported and not masked.",
        )
    return Checked(
        letters,
        gaps=sum(map(written.count, _GAPS)),
        rna="u" in written or "U" in written,
        masked=written.count("x") + written.count("X"),
    )


def _plain(letters: str) -> int:
    return sum(map(letters.count, "ACGTN"))


def _wrong_letter(draft: Draft, letters: str, where: str) -> InputError:
    at, line, letter = _first(draft, lambda letter: letter not in _CODES)
    place = f"at position {at:,}{where}, line {line:,}"
    unknown = set(letters) - _CODES
    if unknown <= {*_AMINO_ACIDS, "*"} and unknown != {"*"}:
        at, line, letter = _first(draft, lambda letter: letter in _AMINO_ACIDS)
        return InputError(
            f"a protein, it seems: the letter {letter} at position {at:,}{where}, line {line:,}, "
            f"is an amino acid ({_AMINO_ACIDS[letter]}) and no base.",
            "DNA or RNA: the letters A, C, G and T or U, and the IUPAC codes for mixtures.",
            "Upload the gene's nucleotide sequence, not the protein made from it.",
        )
    sign = f'"{letter}"' if letter.isprintable() else "a sign that cannot be shown"
    what = f"the letter {letter}" if letter.isascii() and letter.isalpha() else f"the sign {sign}"
    return InputError(
        f"{what if letter.isprintable() else sign} {place}, which stands for no base.",
        "the letters A, C, G and T or U, and the IUPAC codes for mixtures "
        "(R, Y, S, W, K, M, B, D, H, V, N).",
        "Correct that letter, or write N for a base that is not known.",
    )


def _hardly_dna(draft: Draft, where: str) -> InputError:
    at, line, letter = _first(draft, lambda letter: letter not in "ACGTN")
    return InputError(
        f"letters of which most are not A, C, G or T, the first of them {letter} at position "
        f"{at:,}{where}, line {line:,}: a protein, it seems.",
        "DNA or RNA, in which most bases are known.",
        "Upload the gene's nucleotide sequence, not the protein made from it.",
    )


def _first(draft: Draft, wanted: Callable[[str], bool]) -> tuple[int, int, str]:
    """Position, line and letter of the first letter that is wanted."""
    before = 0
    for line, text in draft.lines:
        letters = tidy(text)
        for at, letter in enumerate(letters, start=1):
            if wanted(letter):
                return before + at, line, letter
        before += len(letters)
    raise AssertionError("there is such a letter")
