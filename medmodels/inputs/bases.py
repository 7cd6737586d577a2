"""The letters of DNA: IUPAC codes, their one-hot mixtures, and the other strand.

Codes after the Nomenclature Committee of the International Union of Biochemistry,
"Nomenclature for incompletely specified bases in nucleic acid sequences"
(Cornish-Bowden, Nucleic Acids Res 1985;13:3021-3030).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

#: The order of the channels.
BASES = "ACGT"

#: What each letter stands for.
MIXTURES: dict[str, str] = {
    "A": "A", "C": "C", "G": "G", "T": "T",
    "R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC",
    "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG",
    "N": "ACGT",
}  # fmt: skip

_COMPLEMENTS = str.maketrans("ACGTRYSWKMBDHVN", "TGCAYRSWMKVHDBN")


def _rows() -> npt.NDArray[np.float32]:
    """One row for every byte; the sum of a row is 0 where the byte is no code."""
    rows = np.zeros((256, len(BASES)), dtype=np.float32)
    for code, bases in MIXTURES.items():
        for base in bases:
            rows[ord(code), BASES.index(base)] = 1.0 / len(bases)
    return rows


_ROWS = _rows()


def one_hot(sequence: str) -> npt.NDArray[np.float32]:
    """Turn letters into mixtures of the four bases.

    Parameters
    ----------
    sequence : str
        Upper case IUPAC codes; T, not U.

    Returns
    -------
    ndarray, float32, shape (L, 4)
        In the order A, C, G, T; every row sums to 1. R is half A and half G, N a
        quarter of each.

    Raises
    ------
    ValueError
        When a letter is no upper case code; says which and where.

    Examples
    --------
    >>> one_hot("GRN").tolist()
    [[0.0, 0.0, 1.0, 0.0], [0.5, 0.0, 0.5, 0.0], [0.25, 0.25, 0.25, 0.25]]
    """
    # One byte a character, so that a position in the bytes is one in the sequence.
    codes = np.frombuffer(sequence.encode("ascii", errors="replace"), dtype=np.uint8)
    mixed = _ROWS[codes]
    unknown = np.flatnonzero(mixed.sum(axis=1) == 0)
    if len(unknown):
        at = int(unknown[0])
        raise ValueError(f"{sequence[at]!r} at position {at + 1} is no upper case IUPAC code")
    return mixed


def reverse_complement(sequence: str) -> str:
    """The other strand, read in its own direction (5' to 3').

    Parameters
    ----------
    sequence : str
        Upper case IUPAC codes.

    Returns
    -------
    str
        As long; the complement of R (A or G) is Y (T or C), and so on.

    Examples
    --------
    >>> reverse_complement("GGTRAGN")
    'NCTYACC'
    """
    return sequence.translate(_COMPLEMENTS)[::-1]
