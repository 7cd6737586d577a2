"""Which names of sequences are identifiers of a database, and which may be anything.

A name is kept where it has the form of an accession number, of a place in a genome, or of
words that sequences are numbered with; ``Petra_1931`` has none of them. Accession numbers
of INSDC (two letters, six digits) look like initials with a date of birth: they count only
with their version, as NCBI, ENA and DDBJ write them.
"""

from __future__ import annotations

import re

_VERSION = r"\.\d{1,3}"
_INSDC = rf"(?:[A-Z]\d{{5}}|[A-Z]{{2}}(?:\d{{6}}|\d{{8}})|[A-Z]{{4,6}}\d{{8,12}}){_VERSION}"
_REFSEQ = rf"[ANWXY][CGMPRSTWZ]_(?:[A-Z]{{4}})?\d{{6,9}}(?:{_VERSION})?"
_ENSEMBL = rf"ENS[A-Z]{{0,5}}[EGPRT]\d{{11}}(?:{_VERSION})?"
_OTHERS = r"LRG_\d{1,5}(?:t\d{1,2})?|CCDS\d{1,6}(?:\.\d{1,2})?|rs\d{3,12}"
_CHROMOSOME = (
    r"(?:chr)?(?:[1-9]|1\d|2[0-2]|X|Y|MT?)(?:_[A-Z]{2}\d{6}v\d(?:_(?:random|alt|fix))?)?"
    r"|chrUn(?:_[A-Z]{2}\d{6}v\d)?"
)
_PLACE = r"(?::c?\d{1,9}(?:-|\.\.)\d{1,9})?(?:\([+-]\))?"
_ACCESSION = rf"(?:{_INSDC}|{_REFSEQ}|{_ENSEMBL}|{_OTHERS})"
# NCBI's way of naming the database: gi|1293613|gb|U49845.1|
_PIPED = rf"(?:gi\|\d{{1,12}}\|)?(?:ref|gb|emb|dbj)\|{_ACCESSION}\|?"
_IDENTIFIER = re.compile(rf"(?:{_PIPED}|{_ACCESSION}|{_CHROMOSOME}){_PLACE}", re.ASCII)

# What sequences are called where they are only numbered, and what their classes are called.
_LISTED = (
    "acceptor alt antisense canonical cds chromosome clone codon complement contig control "
    "cryptic dna donor downstream end exon exons false five forward fragment fwd gene genomic "
    "insert intergenic intron introns junction made minus mrna mut mutant mutated neg negative "
    "neither no none normal plus pos positive prime promoter query random read ref reference "
    "region rev reverse rna row sample scaffold sense seq sequence sequences site sites splice "
    "start strand synthetic test three train transcript true two unknown upstream utr "
    "validation variant wildtype window windows wt yes ei ie n hg18 hg19 hg38 grch37 grch38"
)
_WORDS = frozenset(_LISTED.split())
_PARTS = re.compile(r"[\s_.\-:/|+()']+")
_NUMBERED = re.compile(r"([a-z]*)(\d{0,4})", re.ASCII)
_SHORT = re.compile(r"[A-Za-z]?\d{1,3}", re.ASCII)
_MOST_NUMBERS = 2


def is_identifier(name: str) -> bool:
    """Whether a sequence's name says which sequence it is, and cannot say whose.

    Parameters
    ----------
    name : str
        As it is written.

    Examples
    --------
    >>> [is_identifier(name) for name in ("NM_000546.6", "U49845.1", "chr7:100-460", "exon_3")]
    [True, True, True, True]
    >>> [is_identifier(name) for name in ("Petra", "PD310203", "1931-02-03", "exon_3_Petra")]
    [False, False, False, False]
    """
    name = name.strip()
    return bool(_IDENTIFIER.fullmatch(name) or _SHORT.fullmatch(name)) or is_plain_word(name)


def is_plain_word(text: str) -> bool:
    """Whether a text is made of words for sequences and of up to two short numbers."""
    numbers = words = 0
    for part in filter(None, _PARTS.split(text.strip().lower())):
        found = _NUMBERED.fullmatch(part)
        if part in _WORDS:
            words += 1
        elif found is None or (found[1] and found[1] not in _WORDS):
            return False
        else:
            words += bool(found[1])
            numbers += bool(found[2])
    return words > 0 and numbers <= _MOST_NUMBERS


def with_version(name: str, version: str) -> bool:
    """Whether an entry's name is an accession number, as its version beside it shows.

    Parameters
    ----------
    name : str
    version : str
        ``X56734.1``, or only ``1``.
    """
    whole = version if "." in version else f"{name}.{version}"
    return whole.startswith(f"{name}.") and bool(_IDENTIFIER.fullmatch(whole))
