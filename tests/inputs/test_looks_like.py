"""The kind of an upload is told from its beginning, and never wrongly of what can be read."""

from __future__ import annotations

import gzip
import io
import random
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from medmodels.inputs import raster
from medmodels.inputs.csv_text import HEAD
from medmodels.inputs.errors import InputError
from medmodels.inputs.looks_like import PICTURES, looks_like
from medmodels.inputs.open_scan import open_scan
from medmodels.inputs.open_sequences import open_sequences
from medmodels.inputs.open_signal import understand
from medmodels.samples import SAMPLES
from tests.inputs.scan_files import dicom, ramp
from tests.inputs.test_sequence_layouts import as_embl, as_fasta, as_genbank, dress, make

OPENERS = {
    "scan": open_scan,
    "signal": lambda data: understand({"upload": data}),
    "sequence": open_sequences,
}
BASES_TEXT = "ACGTTGCA" * 10


def table(rows: int, delimiter: str = ",", *, header: bool = True, wide: int = 2) -> str:
    """Samples as an ECG viewer exports them."""
    lines = [delimiter.join(["time (s)", *(f"V{k + 1}" for k in range(wide))])] * header
    for i in range(rows):
        values = (f"{np.sin(i / 5 + k):.3f}" for k in range(wide))
        lines.append(delimiter.join([f"{i / 250:.3f}", *values]))
    return "\n".join(lines) + "\n"


def test_the_readable_pictures_are_those_of_the_reader():
    assert set(raster.NAMES) | {"tiff", "dicom"} == PICTURES


def test_every_sample_case_is_told_by_what_reads_it():
    found = set()
    for path in sorted(SAMPLES.iterdir()):
        if path.suffix == ".toml" or path.name.endswith((".beats.csv", ".sites.csv")):
            expected = None
        else:
            expected = {".csv": "signal", ".fa": "sequence"}.get(path.suffix, "scan")
        assert looks_like(path.read_bytes()) == expected, path.name
        found.add(expected)
    assert {"scan", "signal"} <= found


def test_what_one_kind_reads_no_other_kind_reads():
    samples = [path.read_bytes() for path in sorted(SAMPLES.iterdir())]
    samples.append(f">gene\n{BASES_TEXT}\n".encode())
    told = 0
    for data in samples:
        kind = looks_like(data)
        if kind is None:
            continue
        OPENERS[kind](data)
        for other in set(OPENERS) - {kind}:
            with pytest.raises(InputError):
                OPENERS[other](data)
            told += 1
    assert told >= 20


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=400))
def test_nothing_breaks_it(data):
    assert looks_like(data) in (None, "scan", "signal", "sequence")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from([as_fasta, as_genbank, as_embl]))
def test_sequences_in_any_layout(seed, layout):
    rng = random.Random(seed)
    sequences = [make(rng) for _ in range(rng.randint(1, 4))]
    written = [dress(s, rng) for s in sequences] if layout is as_fasta else sequences
    text = "\n".join(layout([f"s{i}" for i in range(len(written))], written, rng))
    assert looks_like(text) == looks_like(text.encode()) == "sequence"


@settings(max_examples=60, deadline=None)
@given(
    rows=st.integers(500, 900), delimiter=st.sampled_from([",", ";", "\t", " "]),
    header=st.booleans(), wide=st.integers(1, 12),
)  # fmt: skip
def test_tables_of_samples(rows, delimiter, header, wide):
    text = table(rows, delimiter, header=header, wide=wide)
    assert looks_like(text) == looks_like(text.encode("utf-16")) == "signal"


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 60), st.integers(1, 60),
    st.sampled_from(["PNG", "JPEG", "BMP", "WEBP", "TIFF"]), st.sampled_from(["L", "RGB"]),
)  # fmt: skip
def test_pictures_of_any_size(width, height, name, mode):
    out = io.BytesIO()
    Image.new(mode, (width, height), 7).save(out, name)
    assert looks_like(out.getvalue()) == "scan"


def test_dicom_with_and_without_its_preamble():
    data = dicom(ramp())
    assert looks_like(data) == "scan"
    assert looks_like(b"MZ" + data[2:]) == "scan"


@pytest.mark.parametrize(
    "text",
    [
        table(499),  # 2 s: shorter than any recording that is read
        "name,age\nAda,36\nCharles,44\n" * 400,
        f"@read1\n{BASES_TEXT}\n+\n{'I' * len(BASES_TEXT)}\n",
        ">protein\n" + "MKVLAAGIVGLCARTWEQPFHDY" * 10,
        f"LOCUS  X 90 aa\nDEFINITION  A protein.\nORIGIN\n{'mkvlaagivg' * 9}\n//\n",
        "N" * 200,
        "0.1 0.2 A\n" * 400 + "0.1 0.2 N\n" * 50 + "and some words\n",
        "The patient was seen again after three weeks and felt well. " * 20,
        BASES_TEXT[:59],
        "",
        " \n\t\n",
    ],
)
def test_what_is_none_of_them(text):
    assert looks_like(text) is None


def test_letters_beside_numbers_are_no_bases():
    assert looks_like("".join(f"{np.sin(i):.4f} {'AN'[i % 2]}\n" for i in range(900))) == "signal"


def test_a_slip_of_a_letter_or_two_is_for_the_reader_to_name():
    slipped = f">gene\n{BASES_TEXT}?!{BASES_TEXT}\n"
    assert looks_like(slipped) == "sequence"
    with pytest.raises(InputError, match="position 81"):
        open_sequences(slipped)


def test_a_table_is_of_sequences_where_a_column_holds_bases():
    rows = "".join(f"s{i},{i / 7:.3f},{BASES_TEXT}\n" for i in range(30))
    assert looks_like("name,score,sequence\n" + rows) == "sequence"
    assert looks_like(rows) == "sequence"
    # A name alone does not make a column of numbers one of bases.
    numbers = "sequence,II\n" + "".join(f"{i},{np.sin(i):.3f}\n" for i in range(800))
    assert looks_like(numbers) == "signal"


def test_beats_one_a_row_need_few_rows():
    rng = np.random.default_rng(0)
    rows = "".join(",".join(f"{x:.4f}" for x in rng.random(188)) + "\n" for _ in range(8))
    assert looks_like(rows) == "signal"


def test_the_header_of_a_record_is_a_signal_and_a_packed_file_is_not():
    header = b"100 2 360 650000\n100.dat 212 200 11 1024 995 -22131 0 MLII\n"
    assert looks_like(header) == "signal"
    assert looks_like(gzip.compress(table(900).encode())) is None


@settings(max_examples=30, deadline=None)
@given(st.sampled_from([table(9000), f">gene\n{'ACGT' * 40_000}", "ACGT" * 40_000]), st.binary())
def test_only_the_beginning_counts(text, end):
    data = text.encode()[:HEAD]
    assert looks_like(data + bytes(len(end)) + end) == looks_like(data + b"1\n" * 40)


@pytest.mark.parametrize("kind", ["table", "bases", "picture", "zeros", "random"])
def test_fifty_megabytes_take_no_time(kind):
    size = 50_000_000
    data = {
        "table": lambda: (table(2000) * 900).encode()[:size],
        "bases": lambda: b">gene\n" + b"ACGT" * (size // 4),
        "picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(size),
        "zeros": lambda: bytes(size),
        "random": lambda: np.random.default_rng(0).bytes(size),
    }[kind]()
    looks_like(data)
    start = time.perf_counter()
    looks_like(data)
    assert time.perf_counter() - start < 0.2


def test_real_files_are_told(shared_data: Path):
    expected = {
        "dna-splice/index.csv": "sequence", "ecg-mitdb/100.hea": "signal",
        "ecg-mitdb/100.dat": None, "ecg-mitdb/100.atr": None, "chest-xray/index.csv": None,
    }  # fmt: skip
    for name, kind in expected.items():
        assert looks_like((shared_data / name).read_bytes()) == kind, name
