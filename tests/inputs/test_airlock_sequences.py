"""Sequences leave the airlock as they would be read, without the words around them."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medmodels.inputs import airlock_sequences as airlock
from medmodels.inputs.airlock import admit
from medmodels.inputs.airlock_sequences import clean_sequences
from medmodels.inputs.airlock_table import DROPPED
from medmodels.inputs.airlock_text import admit_sequences
from medmodels.inputs.errors import InputError
from medmodels.inputs.identifying_photo import Notes
from medmodels.inputs.looks_like import looks_like
from medmodels.inputs.open_scan import open_scan
from medmodels.inputs.open_sequences import open_sequences
from medmodels.inputs.sequence_identifiers import is_identifier
from tests.inputs.test_sequence_layouts import LAYOUTS, dress, make, wrap

ONE, TWO = "ACGTTGCAAC" * 7, "GGTAAGTNNA" * 8
PLANTED = ("Petra", "Planted", "1931", "0203")

GENBANK = f"""LOCUS       SCU49845     70 bp    DNA             PLN       21-JUN-1999
DEFINITION  Gene of Petra Planted, born 1931-02-03.
ACCESSION   U49845
VERSION     U49845.1
SOURCE      Petra Planted
  AUTHORS   Planted,P.
COMMENT     born 1931
FEATURES             Location/Qualifiers
     source          1..70
                     /isolate="Petra Planted"
ORIGIN      Petra Planted
        1 {ONE[:10]} {ONE[10:60].lower()}
       61 {ONE[60:]}
//
LOCUS       U49845     80 bp    DNA
DEFINITION  Petra.
VERSION     U49845.1
ORIGIN
        1 {TWO}
//
"""
EMBL = f"""ID   X56734; SV 1; linear; mRNA; STD; PLN; 70 BP.
DE   Gene of Petra Planted
CC   born 1931-02-03
SQ   Sequence 70 BP; Petra Planted
     {ONE}        70
//
ID   PETRA1931; SV 1; linear;
DE   Petra
SQ   Sequence 80 BP;
     {TWO}        80
//
"""
FILES = {
    "FASTA": (
        f">NM_000546.6 TP53 of Petra Planted\n{ONE}\n;Planted, 1931\n>Petra_Planted born 1931\n"
        f"1 {TWO[:40]} 1931\n{TWO[40:]}\n>exon_3\n{TWO}\n>\n{ONE}\n",
        ("NM_000546.6", "sequence 2", "exon_3", "sequence 4"),
        (airlock.DESCRIPTIONS, airlock.COMMENTS, airlock.NAMES),
    ),
    "GenBank": (GENBANK, ("sequence_1", "U49845"), (airlock.ANNOTATIONS, airlock.NAMES)),
    "EMBL": (EMBL, ("X56734", "sequence_2"), (airlock.ANNOTATIONS, airlock.NAMES)),
    "table with a header": (
        "# Petra Planted\nPatient,name,class,Sequence,born\n"
        f"Petra Planted,chr7:100-169,donor,{ONE},1931\n"
        f"\"Planted, Petra\",Petra,Planted,{TWO},0203\n",
        ("chr7:100-169", "row 2"),
        (airlock.COMMENTS, airlock.COLUMNS, airlock.NAMES, airlock.LABELS),
    ),
    "table without one": (
        f"EI;Petra 1;{ONE};1931\nN;Planted;{TWO};0203\n",
        ("row 1", "row 2"), (airlock.NAMES, airlock.COLUMNS),
    ),
    "table by spaces": (
        f"Petra {ONE} Planted\nPlanted {TWO} 1931\n", ("row_1", "row_2"),
        (airlock.NAMES, airlock.COLUMNS),
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout", FILES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "pasted"])
def test_bases_stay_and_words_go(layout, encoding):
    text, names, found = FILES[layout]
    data = text if encoding == "pasted" else text.encode(encoding)
    notes = Notes()
    clean = clean_sequences(data, notes)
    assert not [word for word in PLANTED if word in clean.decode()]
    assert notes.names() == found
    before, after = open_sequences(data), open_sequences(clean)
    assert after.sequences == before.sequences
    assert after.names == names
    assert (after.source, after.notes) == (before.source, before.notes)
    # Whoever cannot read it as it is can still be told where it belongs.
    assert looks_like(clean) == "sequence"
    again = Notes()
    assert clean_sequences(clean, again) == clean
    assert not again.names()


def test_labels_that_are_terms_stay_and_others_become_empty():
    text, _, _ = FILES["table with a header"]
    assert open_sequences(clean_sequences(text, Notes())).labels == ("donor", "")


def test_a_line_keeps_its_number():
    text = FILES["FASTA"][0]
    assert clean_sequences(text, Notes()).count(b"\n") == text.count("\n")


def test_what_is_clean_is_left_with_its_names():
    text = f">chr17:7661779-7661848\n{ONE}\n>ENST00000269305.9\n{TWO}\n"
    notes = Notes()
    assert clean_sequences(text.encode(), notes) == text.encode()
    assert not notes.names()


def test_plain_letters_lose_what_stands_between_them():
    clean = clean_sequences(f"1931-02-03 {ONE}\n\n{TWO} 0203\n", Notes())
    assert clean == f"--{ONE}\n\n{TWO}\n".encode()


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\0\1", b"%PDF-1.7", f">Petra\n{ONE}!".encode(), b">Petra\nMKVLPetra\n",
        b"Dear colleague, Petra Planted came to see me.\n", b"LOCUS Petra\nDEFINITION none\n//\n",
    ],
)  # fmt: skip
def test_what_cannot_be_read_cannot_be_cleaned(data):
    with pytest.raises(InputError):
        clean_sequences(data, Notes())


@settings(max_examples=120, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    layout=st.sampled_from(sorted(LAYOUTS)),
    names=st.lists(
        st.text("abcdefgh0123456789_.|#>;\"'=+@", min_size=1, max_size=12).filter(str.strip),
        min_size=1, max_size=6, unique=True,
    ),
)  # fmt: skip
def test_whatever_the_names_the_bases_are_the_same_and_no_odd_name_stays(seed, layout, names):
    rng = random.Random(seed)
    sequences = [make(rng) for _ in names]
    lines = LAYOUTS[layout](names, [dress(one, rng) for one in sequences], rng)
    text = "\n".join(lines) + "\n"
    try:
        before = open_sequences(text)
    except InputError:
        return
    after = open_sequences(clean_sequences(text.encode(), Notes()))
    assert after.sequences == before.sequences
    for name in after.names:
        # Of names that recur, the later ones are numbered.
        assert is_identifier(name) or is_identifier(name.rpartition(" (")[0])


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("NM_000546", True), ("NC_000017.11:7661779-7687550", True), ("gi|1293|gb|U49845.1|", True),
        ("CM000679.2", True), ("AB123456.1", True), ("LRG_321", True),
        ("chr1_KI270706v1_random", True),
        ("chrX", True), ("MT", True), ("17:100-200(+)", True), ("s12", True), ("donor-7", True),
        ("window_0012", True), ("Exon 3", True), ("gene", True),
        # Initials with a date of birth, and other things that people are called.
        ("AB123456", False), ("P310203", False), ("JD19310203", False), ("19310203", False),
        ("1931", False), ("DOE", False), ("Doe_Jane", False), ("gene_of_Jane", False),
        ("exon_1931_02_03", False), ("", False), ("NM_000546_Jane", False), ("chr7_Jane", False),
    ],
)  # fmt: skip
def test_an_identifier_is_of_a_sequence_and_not_of_a_person(name, kept):
    assert is_identifier(name) is kept


def test_wrapped_bodies_are_the_same():
    text = ">Petra\n" + "\n".join(wrap(ONE, 10)) + "\n"
    assert clean_sequences(text, Notes()) == text.replace("Petra", "").encode()


def test_a_file_is_known_by_what_came_and_read_as_it_was():
    text = FILES["GenBank"][0].encode()
    file = admit(text, expected="sequence")
    assert file.digest == hashlib.sha256(text).hexdigest()
    assert file.found == FILES["GenBank"][2]
    found = open_sequences(file)
    assert found.digest == open_sequences(text).digest
    assert found.sequences == (ONE, TWO)
    assert "Petra" not in repr(file) + repr(found) + file.data.decode()


@pytest.mark.parametrize("text", [f">Petra\n{ONE}J", "Dear colleague, Petra came.", ">a\n>Petra\n"])
def test_of_a_text_that_is_no_sequence_only_the_reason_is_held(text):
    for data in (text, text.encode()):
        file = admit_sequences(data)
        assert file.data == b""
        with pytest.raises(InputError) as after:
            open_sequences(file)
        with pytest.raises(InputError) as before:
            open_sequences(data)
        assert str(after.value) == str(before.value)


def test_a_recording_that_comes_as_a_sequence_is_held_as_a_recording_is():
    rows = "".join(f"{i / 250:.3f},{i % 9}.1\n" for i in range(2500))
    file = admit(f"# Petra Planted\n# fs = 250\ntime,II\n{rows}".encode(), expected="sequence")
    assert looks_like(file.data) == "signal"
    assert b"Petra" not in file.data
    assert file.found == (DROPPED,)
    assert file.refused is not None


def test_what_comes_as_a_scan_and_is_none_is_held_as_what_it_is():
    text = f">Petra Planted\n{ONE}\n".encode()
    file = admit(text, expected="scan")
    assert file.data == f">\n{ONE}\n".encode()
    with pytest.raises(InputError, match="plain text"):
        open_scan(file)
    # Opened where it belongs, it is what it says.
    assert open_sequences(replace(file, refused=None)).sequences == (ONE,)
    letter = admit(b"Dear colleague, Petra came.", expected="scan")
    assert letter.data == b""
    with pytest.raises(InputError, match="plain text"):
        open_scan(letter)
