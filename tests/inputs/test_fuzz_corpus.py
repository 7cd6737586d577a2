"""Thousands of mutated files through every reader: an item or one clear refusal, in time.

``DIAPHANE_FUZZ=20000`` asks for more files than the usual run, which takes half a
minute on two cores. Every file has a recipe by which it can be made again:
``python -m tests.inputs.fuzz.worker png-8#17``.
"""

from __future__ import annotations

import os
import time
import zipfile
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medmodels.inputs.errors import InputError
from medmodels.inputs.open_scan import open_scan
from medmodels.inputs.open_sequences import open_sequences
from medmodels.inputs.open_signal import open_signal
from medmodels.worklist.sources import in_upload
from tests.inputs.fuzz.corpus import SECONDS, run_corpus
from tests.inputs.fuzz.recipes import mutated, recipes
from tests.inputs.fuzz.seeds import PLANTED, seeds
from tests.inputs.scan_files import picture, ramp, tiff

FILES = int(os.environ.get("DIAPHANE_FUZZ", "3000"))
#: What reading a small damaged file may hold above what the process holds, MB.
MEMORY_MB = 256


@pytest.fixture(scope="module")
def corpus() -> list[dict]:
    return run_corpus(recipes(FILES))


def test_every_file_is_an_item_or_a_clear_refusal(corpus: list[dict]) -> None:
    assert len(corpus) >= FILES
    wrong = [one for one in corpus if one["outcome"] not in ("read", "refused")]
    assert wrong == []


def test_none_takes_long_or_much_memory(corpus: list[dict]) -> None:
    assert [one for one in corpus if one["seconds"] > SECONDS] == []
    assert [one for one in corpus if one["mb"] > MEMORY_MB] == []


def test_the_damage_is_neither_too_light_nor_too_heavy(corpus: list[dict]) -> None:
    outcomes = Counter(one["outcome"] for one in corpus)
    assert min(outcomes["read"], outcomes["refused"]) > 0.15 * len(corpus)
    assert sum("in vain" in one["steps"] for one in corpus) < 0.05 * len(corpus)
    readers = Counter(seeds()[one["recipe"].split("#")[0]].reader for one in corpus)
    assert set(readers) == {"scan", "signal", "sequence", "pasted", "archive"}


def test_a_recipe_makes_the_same_bytes_again() -> None:
    for name in seeds():
        assert mutated(f"{name}#3") == mutated(f"{name}#3")


def _opened(read, *args, **named):
    """The item, or None for a refusal."""
    try:
        return read(*args, **named)
    except InputError:
        return None


# What the corpus found, each as small as it can be.


def _refusal(read, *args) -> str:
    with pytest.raises(InputError) as refused:
        read(*args)
    return str(refused.value)


def test_a_bigtiff_whose_directory_lies_beyond_any_file() -> None:
    data = bytearray(tiff(ramp(64, 64), bigtiff=True))
    data[8:16] = b"\xff" * 8
    assert "damaged" in _refusal(open_scan, bytes(data))


def test_a_jpeg_of_thousands_of_empty_scans_is_refused_before_it_is_drawn() -> None:
    data = picture(np.dstack([ramp(64, 64)] * 3), "JPEG", progressive=True)
    start = data.rindex(b"\xff\xda")
    empty = data[start : start + 2 + int.from_bytes(data[start + 2 : start + 4], "big")]
    assert open_scan(data[:-2] + empty * 20 + data[-2:]).shape == (64, 64)
    assert "draws over itself" in _refusal(open_scan, data[:-2] + empty * 5000 + data[-2:])


def test_a_quote_that_never_closes() -> None:
    rows = "".join(f"{i / 125:.3f},{np.sin(i / 9):.4f}\n" for i in range(750))
    assert _refusal(open_signal, {"a.csv": ('0,"' + "A" * 140_000 + "\n" + rows).encode()})


@pytest.mark.parametrize("cell", ["1", "", "0.5", "ACGT"])
def test_a_hundred_thousand_columns(cell: str) -> None:
    wide = (",".join([cell] * 100_000) + "\n").encode()
    assert _refusal(open_signal, {"a.csv": wide * 3})
    assert _refusal(open_sequences, wide * 3)
    rows = "".join(f"{i / 125:.3f},{np.sin(i / 9):.4f}\n" for i in range(750)).encode()
    assert "row 751" in _refusal(open_signal, {"a.csv": rows + wide})


def test_rows_that_are_leads_are_told_to_be_turned_around() -> None:
    rows = "".join(",".join(["0.5"] * 2500) + "\n" for _ in range(4))
    assert "transpose" in _refusal(open_signal, {"a.csv": rows.encode()})


@pytest.mark.parametrize("number", ["9" * 25, "9" * 5000])
def test_numbers_in_a_wfdb_header_that_no_machine_holds(number: str) -> None:
    for line in (f"a.dat 16 200({number})/mV", f"a.dat 16x{number} 200", f"a.dat 16+{number} 200"):
        header = f"a 1 125 750\n{line}\n".encode()
        assert "impossibly large" in _refusal(open_signal, {"a.hea": header, "a.dat": bytes(1500)})


@pytest.mark.parametrize("gain", ["1e-308", "1e308", "1e309", "0"])
def test_a_gain_that_is_none_is_asked_for(gain: str) -> None:
    samples = np.round(100 * np.sin(np.arange(750) / 9)).astype("<i2").tobytes()
    files = {"a.hea": f"a 1 125 750\na.dat 16 {gain}/mV\n".encode(), "a.dat": samples}
    signal = open_signal(files)
    assert not signal.amplitude_known
    assert np.abs(signal.samples).max() == pytest.approx(0.5)
    assert "gain" in _refusal(lambda: open_signal(files, gain=1e-300))


def test_a_damaged_entry_of_an_archive_is_refused_by_itself() -> None:
    for name, method in (("zip", zipfile.ZIP_DEFLATED), ("zip-lzma", zipfile.ZIP_LZMA)):
        data = bytearray(seeds()[name].files[f"{PLANTED}.zip"])
        start = 30 + int.from_bytes(data[26:28], "little") + 12
        data[start : start + 40] = b"\xa5" * 40
        first, *_ = in_upload({"a.zip": bytes(data)}, "scan")
        assert "damaged" in _refusal(first.load), method


def test_entries_without_a_name_are_passed_over() -> None:
    data = seeds()["zip-stored"].files[f"{PLANTED}.zip"]
    nameless = data.replace(b"c.csv", b"\0\0\0\0\0")
    assert len(list(in_upload({"a.zip": nameless}, "signal"))) == 3
    assert len(list(in_upload({"/": b"1,2", "..": b"3,4"}, "signal"))) == 2


@pytest.mark.parametrize("filler", ["7", " ", "(", "1,", "[ ", '"'])
def test_long_lines_take_no_square_of_their_length(filler: str) -> None:
    """Patterns that back up over 60,000 characters took a minute, or years."""
    long = (filler * 60_000)[:60_000]
    rows = "".join(f"{i / 125:.3f},{np.sin(i / 9):.4f}\n" for i in range(750))
    start = time.process_time()
    for text in (f"# {long}\nt,II\n{rows}", f"t,x{long}y\n{rows}", f"{long}\n{rows}"):
        _opened(open_signal, {"a.csv": text.encode()}, rate=125)
    for line in (f"a 1 1{long}x\na.dat 16\n", f"a 1 125 9\na.dat 16 2{long}x\n"):
        _refusal(open_signal, {"a.hea": line.encode(), "a.dat": b""})
    assert time.process_time() - start < SECONDS


# Bytes that follow no file at all.
_MODEST = settings(max_examples=60, deadline=None, derandomize=True)


@_MODEST
@given(st.binary(max_size=2000), st.sampled_from(["a.zip", "a.hea", "a.csv", "a"]))
def test_any_bytes_in_an_upload(data: bytes, name: str) -> None:
    for start in (b"", b"PK\3\4", b"PK\5\6" + bytes(18)):
        for kind in ("scan", "signal", "sequence"):
            for source in in_upload({name: start + data}, kind):
                _opened(source.load)


_BASES = st.text("ACGTNacgtu>- \n\t,;.*|0123456789LOCUSID/", max_size=900)


@_MODEST
@given(_BASES, st.sampled_from(["", ">a\n", "LOCUS  X 9 bp DNA\nORIGIN\n", "sequence\n", "@r\n"]))
def test_any_text_as_bases(text: str, start: str) -> None:
    for given_as in (start + text, (start + text).encode("utf-16")):
        found = _opened(open_sequences, given_as)
        assert found is None or all(len(one) >= 60 for one in found.sequences)


_FIELD = st.sampled_from(
    ["0", "1", "-1", "125", "1e9", "16", "212x3", "16:9+4", "200(3)/mV", "a.dat"]
)


@_MODEST
@given(st.lists(st.lists(_FIELD, max_size=9), max_size=5), st.binary(max_size=400))
def test_any_fields_in_a_wfdb_header(fields: list[list[str]], data: bytes) -> None:
    header = "\n".join(["a 1 125 20", *(" ".join(["a.dat", "16", *line]) for line in fields)])
    found = _opened(open_signal, {"a.hea": header.encode(), "a.dat": data * 20})
    assert found is None or not np.isinf(found.samples).any()
