"""Bad uploads: one clear message each, with the place, and no name in it."""

from __future__ import annotations

import gzip

import pytest

from medmodels.inputs import sequence_limits
from medmodels.inputs.errors import InputError
from medmodels.inputs.open_sequences import open_sequences

GOOD = "ACGT" * 20
#: Human haemoglobin beta, the first 60 amino acids.
PROTEIN = "MVHLTPEEKSAVTALWGKVNVDEVGGEALGRLLVVYPWTQRFFESFGDLSTPDAVMGNPK"


def refused(data: bytes | str) -> InputError:
    with pytest.raises(InputError) as caught:
        open_sequences(data)
    error = caught.value
    assert error.found
    assert error.expected
    assert error.action
    assert "Mustermann" not in str(error)
    return error


@pytest.mark.parametrize("data", [b"", b" \n\t\n", "", "\n \n", b"\xef\xbb\xbf\n", ">a\n>b\n"])
def test_nothing_to_read(data):
    assert "empty" in refused(data).found


@pytest.mark.parametrize(
    ("data", "words", "action"),
    [
        (gzip.compress(GOOD.encode(), mtime=0), "a gzip archive", "Unpack"),
        (b"%PDF-1.7\n", "a PDF document", "FASTA"),
        (b"<!DOCTYPE html><html><body>ACGT</body></html>", "a web page", "FASTA"),
        (bytes(range(256)) * 20, "not text", "FASTA"),
        (f"@r1\n{GOOD}\n+\n{'I' * 80}\n".encode(), "FASTQ", "FASTA"),
        (b"LOCUS  X  80 bp\nDEFINITION  none\n//\n", "a GenBank entry without its bases", "FASTA"),
        (b"time,II\n0,0.1\n1,0.2\n2,0.3\n", "a table without a column of bases", "FASTA"),
    ],
)
def test_what_is_no_sequence(data, words, action):
    error = refused(data)
    assert words in error.found
    assert action in error.action


def test_a_bad_letter_is_named_with_its_position_and_line():
    # Position 13 of the sequence: 10 on its first line, gaps and numbers not counted.
    error = refused(">Mustermann\n\n1 ACGT-ACGTAC\n11 GT!T" + GOOD)
    assert error.found == 'the sign "!" at position 13, line 4, which stands for no base.'


def test_of_many_sequences_the_one_with_the_bad_letter_is_said():
    error = refused(f">Mustermann\n{GOOD}\n>other\n{GOOD}\n{GOOD[:9]}J{GOOD}\n")
    assert "position 90 of sequence 2, line 5" in error.found


def test_in_a_table_it_is_the_row():
    text = f"name,sequence\na,{GOOD}\nMustermann,{GOOD}5@{GOOD}\n" + f"b,{GOOD}\n" * 9
    assert 'the sign "@" at position 81 of row 2, line 3' in refused(text).found


@pytest.mark.parametrize(
    ("letter", "shown"),
    [("\x07", "a sign that cannot be shown"), ("\xdf", '"\xdf"'), ("\u0410", '"\u0410"')],
)
def test_letters_from_elsewhere_are_not_taken_for_bases(letter, shown):
    # A sharp s is two S in capitals, and S is a code; a Cyrillic A looks like one.
    assert f"{shown} at position 11" in refused(GOOD[:10] + letter + GOOD).found


def test_a_protein_is_told_by_its_first_amino_acid():
    error = refused(f">Mustermann\n{PROTEIN}\n")
    assert "a protein, it seems: the letter L at position 4, line 2" in error.found
    assert "leucine" in error.found
    assert "nucleotide" in error.action


def test_a_protein_in_a_table():
    text = "id,sequence\n" + f"Mustermann,{PROTEIN}\n" * 2
    assert "the letter L at position 4 of row 1, line 2" in refused(text).found


def test_a_protein_without_any_letter_that_only_proteins_have():
    error = refused("MKVRHSDWYKVSHRMKDTGACSVYWKRHMDSVYKRHWSMDVKSRHYWMKDVSRHYWKVMSD")
    assert "most are not A, C, G or T, the first of them M at position 1, line 1" in error.found


def test_only_unknown_bases():
    assert refused("N" * 100).found == "only unknown bases (N) in the sequence."
    assert "of sequence 2" in refused(f">a\n{GOOD}\n>b\n{'n' * 90}\n").found


def test_too_short():
    assert refused(">a\n" + "A" * 59).found == "a sequence of 59 bases."
    assert refused("A").found == "a sequence of 1 base."
    assert "2 sequences, of which the longest has 40" in refused(
        f">a\n{GOOD[:40]}\n>b\nACG\n").found  # fmt: skip
    open_sequences(GOOD[:60])


def test_a_row_without_its_sequence():
    text = f"name,label,sequence\na,N,{GOOD}\nMustermann,N\n" + f"b,N,{GOOD}\n" * 12
    assert "a row without a sequence, on line 3" in refused(text).found


def test_too_much(monkeypatch):
    for limit, data, words in (
        ("MAX_BYTES", GOOD * 9, "a file of 0 MB"),
        ("MAX_BASES", f">a\n{GOOD}\n>b\n{GOOD}", "160 bases"),
        ("MAX_SEQUENCES", f">a\n{GOOD}\n" * 101, "101 sequences"),
        ("MAX_LINES", f"{GOOD}\n" * 3 + "A\n" * 110, "113 lines"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(sequence_limits, limit, 100)
            assert words in refused(data).found
        open_sequences(data)
