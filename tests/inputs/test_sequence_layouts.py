"""Sequences survive every layout in which they are written; anything else is an InputError."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medmodels.inputs.bases import MIXTURES
from medmodels.inputs.errors import InputError
from medmodels.inputs.open_sequences import open_sequences
from medmodels.inputs.sequences import Sequences


def make(rng: random.Random, least: int = 60, most: int = 400) -> str:
    codes = "ACGT" * 20 + "".join(MIXTURES)
    return "".join(rng.choice(codes) for _ in range(rng.randint(least, most)))


def dress(sequence: str, rng: random.Random) -> str:
    """Lower case, RNA and gaps here and there."""
    rna = rng.random() < 0.3
    written = []
    for letter in sequence:
        shown = "U" if rna and letter == "T" else letter
        written.append(shown.lower() if rng.random() < 0.3 else shown)
        written.append("-" * (rng.random() < 0.02))
    return "".join(written)


def wrap(text: str, width: int) -> list[str]:
    return [text[i : i + width] for i in range(0, len(text), width)]


def as_fasta(names, sequences, rng):
    width = rng.choice([10, 60, 70, 80, 10_000])
    out = []
    for name, sequence in zip(names, sequences, strict=True):
        out += [f">{name} some words", *wrap(sequence, width)]
        out += [""] * rng.randint(0, 2)
    return out


def as_genbank(names, sequences, rng):
    out = []
    for name, sequence in zip(names, sequences, strict=True):
        out += [f"LOCUS       {name}  {len(sequence)} bp", "DEFINITION  A gene.", "ORIGIN"]
        for i, line in enumerate(wrap(sequence, 60)):
            out.append(f"{60 * i + 1:>9} " + " ".join(wrap(line, 10)))
        out.append("//")
    return out


def as_embl(names, sequences, rng):
    out = []
    for name, sequence in zip(names, sequences, strict=True):
        out += [f"ID   {name}; SV 1; linear;", "DE   A gene.", f"SQ   Sequence {len(sequence)} BP;"]
        for i, line in enumerate(wrap(sequence, 60)):
            out.append("     " + " ".join(wrap(line, 10)) + f" {60 * i + len(line):>9}")
        out.append("//")
    return out


def as_table(names, sequences, rng):
    delimiter = rng.choice([",", ";", "\t", "|"])
    quote = rng.choice(["", '"'])
    columns = ["name", "sequence", "length"]
    order = rng.sample(range(3), 3)
    rows = [columns] if rng.random() < 0.5 or len(names) == 1 else []
    rows += [[n, s, str(len(s))] for n, s in zip(names, sequences, strict=True)]
    return [delimiter.join(quote + row[i] + quote for i in order) for row in rows]


LAYOUTS = {"FASTA": as_fasta, "GenBank": as_genbank, "EMBL": as_embl, "table": as_table}


@settings(max_examples=120, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    layout=st.sampled_from(sorted(LAYOUTS)),
    count=st.integers(1, 6),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1", "pasted"]),
)
def test_sequences_survive_any_layout(seed, layout, count, ending, encoding):
    rng = random.Random(seed)
    sequences = [make(rng) for _ in range(count)]
    names = [f"HUM{k}A-{rng.randint(1, 9999)}" for k in range(count)]
    lines = LAYOUTS[layout](names, [dress(one, rng) for one in sequences], rng)
    text = ending.join(lines) + ending
    found = open_sequences(text if encoding == "pasted" else text.encode(encoding))
    assert found.sequences == tuple(sequences)
    assert found.names == tuple(names)
    assert found.labels is None
    assert layout in found.source or layout == "table"
    assert found.bases == sum(map(len, sequences))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), width=st.sampled_from([10, 60, 75]), numbers=st.booleans())
def test_plain_letters_are_one_sequence_and_blank_lines_part_two(seed, width, numbers):
    rng = random.Random(seed)
    sequences = [make(rng) for _ in range(rng.randint(1, 3))]
    blocks = []
    for sequence in sequences:
        lines = wrap(dress(sequence, rng), width)
        blocks.append("\n".join(f"{i * width + 1:>7} {line}" if numbers else line
                                for i, line in enumerate(lines)))  # fmt: skip
    found = open_sequences("\n\n".join(blocks))
    assert found.sequences == tuple(sequences)
    assert found.names == tuple(f"sequence {k + 1}" for k in range(len(sequences)))
    assert any("joined into one" in note for note in found.notes)


def test_the_uci_file_with_its_spaces_and_without_a_header():
    rows = [("EI", "ATRINS-DONOR-521"), ("IE", "ATRINS-ACCEPTOR-701"), ("N", "ATRINS-NEG-841")]
    rng = random.Random(1)
    sequences = [make(rng, 60, 60) for _ in rows]
    text = "".join(
        f"{label},  {name},        {one}\n"
        for (label, name), one in zip(rows, sequences, strict=True)
    )
    found = open_sequences(text.encode())
    assert found.sequences == tuple(sequences)
    assert found.names == tuple(name for _, name in rows)
    assert found.labels == ("EI", "IE", "N")
    assert found.source == "CSV, 3 sequences"


def test_the_column_of_bases_is_found_among_others_and_labels_by_their_name():
    lines = ["id,class,split,note,window"]
    lines += [f"r{i},{'donor' if i % 2 else 'none'},train,ACGT,{'GATTACA' * 9}" for i in range(6)]
    found = open_sequences("\n".join(lines))
    assert found.sequences == ("GATTACA" * 9,) * 6
    assert found.labels == ("none", "donor") * 3
    assert found.names == tuple(f"r{i}" for i in range(6))
    assert "The bases are in column 5." in found.notes


def test_one_column_below_a_heading_is_one_sequence_a_row():
    found = open_sequences("Sequence\n" + ("acgt" * 15 + "\n") * 3)
    assert found.sequences == ("ACGT" * 15,) * 3
    assert found.names == ("row 1", "row 2", "row 3")


def test_names_that_recur_are_numbered():
    one = "ACGT" * 15
    text = f">a\n{one}\n>a\n{one}\n>a (2)\n{one}\n>\n{one}\n"
    # "a (2)" is the first word "a" again.
    assert open_sequences(text).names == ("a", "a (2)", "a (3)", "sequence 4")


def test_short_ones_are_left_out_with_a_note_where_others_are_long_enough():
    text = f">a\nACGT\n>b\n{'ACGT' * 15}\n>c\n{'A' * 59}\n"
    found = open_sequences(text)
    assert found.names == ("b",)
    assert found.notes == (
        "2 of 3 sequences are shorter than 60 bases and were left out (sequences 1, 3).",
    )


def test_what_was_done_to_the_letters_is_said():
    found = open_sequences("acgu" * 10 + "--X" + "ACGR" * 10)
    assert found.sequences == ("ACGT" * 10 + "N" + "ACGR" * 10,)
    assert set(found.notes) == {
        "RNA: U was read as T.",
        "2 gap signs left out; positions count bases only.",
        "1 letter X read as N, any base.",
        "11 of 81 bases are not known exactly; read as a mixture of the bases that the letter "
        "stands for.",
    }


def test_the_digest_is_that_of_the_bytes():
    text = "ACGT" * 15
    found = open_sequences(text.encode())
    assert found.digest == open_sequences(text).digest
    assert found.digest != open_sequences(text.lower()).digest
    assert len(found.digest) == 64


def accepted(data: bytes | str) -> None:
    """Anything may come in; only sequences or an InputError may come out."""
    found: Sequences | InputError
    try:
        found = open_sequences(data)
    except InputError as error:
        found = error
    if isinstance(found, InputError):
        assert all((found.found, found.expected, found.action))
        return
    assert set("".join(found.sequences)) <= set(MIXTURES)
    assert len(set(found.names)) == len(found.names) == len(found.sequences) > 0


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2000))
def test_random_bytes(data):
    accepted(data)


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet="ACGTUNRacgtun>;,\t |\"'\n\r 0123456789-EIXN@+#\u00df\u200b", max_size=1500)
)
def test_random_text(text):
    accepted(text)
    accepted(text.encode())


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_truncated_and_damaged_files(data):
    rng = random.Random(data.draw(st.integers(0, 2**32 - 1)))
    layout = LAYOUTS[data.draw(st.sampled_from(sorted(LAYOUTS)))]
    whole = "\n".join(layout(["a", "b"], [make(rng), make(rng)], rng)).encode()
    accepted(whole[: data.draw(st.integers(0, len(whole)))])
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 5))):
        damaged[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    accepted(bytes(damaged))


def test_the_data_as_they_are_shared(shared_data):
    path = shared_data / "dna-splice" / "index.csv"
    if not path.exists():
        pytest.skip("the splice junctions are not on this machine")
    found = open_sequences(path.read_bytes())
    assert len(found.sequences) == 3004
    assert set(map(len, found.sequences)) == {60}
    assert found.labels is not None
    assert {label: found.labels.count(label) for label in ("EI", "IE", "N")} == {
        "EI": 679, "IE": 672, "N": 1653,
    }  # fmt: skip
    assert found.names[0] == "ATRINS-DONOR-521"
