"""Tables that grow line by line, and are gone on with after a stop at any byte."""

from __future__ import annotations

import csv
import errno
import json
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medmodels import NOTICE
from medmodels.inputs.errors import InputError
from medmodels.worklist.line import Line
from medmodels.worklist.line_files import ENDINGS, LineFile

CLASSES = ("normal", "finding")
LINES = [
    Line("a.png", "answer", "finding", 0.9, 2, 0.9, 0.1, ("finding",), {"finding": 1}),
    Line("b, \"c\".png", "abstain", reasons=("One.", "Two."), bundle_digest="b"),
    Line("=1+1|calc", "unreadable", reasons=("+cmd",), bundle_digest="b"),
]  # fmt: skip


def write(path, lines=LINES):
    table = LineFile(path, CLASSES)
    with table:
        for line in lines:
            table.add(line)
    table.finish()
    return path


def test_csv_is_safe_in_a_spreadsheet_and_says_what_it_is_not(tmp_path):
    text = write(tmp_path / "out.csv").read_text()
    first, *rest = text.splitlines()
    assert first == f"# {NOTICE}"
    rows = list(csv.DictReader(rest))
    assert rows[0]["file"] == "a.png"
    assert (rows[0]["probability"], rows[0]["n_finding"], rows[0]["n_normal"]) == ("0.9", "1", "0")
    assert rows[0]["labels_left"] == "finding"
    assert (rows[1]["file"], rows[1]["probability"]) == ('b, "c".png', "")
    assert rows[1]["reasons"] == "One.; Two."
    assert (rows[2]["file"], rows[2]["reasons"]) == ("'=1+1|calc", "'+cmd")


def test_json_lines_hold_everything(tmp_path):
    rows = [json.loads(one) for one in write(tmp_path / "out.jsonl").read_text().splitlines()]
    assert [row["file"] for row in rows] == [line.file for line in LINES]
    assert rows[0]["counts"] == {"finding": 1}
    assert all(row["notice"] == NOTICE for row in rows)


def test_parquet_is_made_at_the_end(tmp_path):
    import pyarrow.parquet

    path = write(tmp_path / "out.parquet")
    table = pyarrow.parquet.read_table(path)
    assert table.column("file").to_pylist() == [line.file for line in LINES]
    assert table.column("n_finding").to_pylist() == [1, 0, 0]
    assert table.schema.metadata[b"notice"].decode() == NOTICE
    assert [one.name for one in tmp_path.iterdir()] == ["out.parquet"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_there_is_known_and_gone_on_with(tmp_path, ending):
    path = tmp_path / f"out{ending}"
    assert LineFile(path, CLASSES).done() == set()
    write(path, LINES[:2])
    assert LineFile(path, CLASSES).done() == {"a.png", 'b, "c".png'}
    write(path, LINES[2:])
    assert LineFile(path, CLASSES).done() == {line.file for line in LINES}


@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
@given(cut=st.integers(1, 5000))
def test_a_line_that_was_cut_short_is_written_again(tmp_path_factory, ending, cut):
    path = tmp_path_factory.mktemp("cut") / f"out{ending}"
    whole = write(path).read_bytes()
    cut = min(cut, len(whole))
    path.write_bytes(whole[:cut])
    known = LineFile(path, CLASSES).done()
    assert known <= {line.file for line in LINES}
    write(path, [line for line in LINES if line.file not in known])
    assert path.read_bytes() == whole


@pytest.mark.parametrize(
    ("ending", "content"),
    [(".csv", b"a,b\n1,2\n"), (".jsonl", b"[1]\n"), (".jsonl", b"words\n"), (".parquet", b"PAR0")],
)
def test_a_file_that_holds_something_else_is_left_alone(tmp_path, ending, content):
    path = tmp_path / f"out{ending}"
    path.write_bytes(content)
    with pytest.raises(InputError, match="for the results"):
        LineFile(path, CLASSES).done()
    assert path.read_bytes() == content


@pytest.mark.parametrize("ending", ENDINGS)
def test_two_networks_do_not_write_into_one_table(tmp_path, ending):
    path = tmp_path / f"out{ending}"
    write(path, [Line("a.png", "answer", "finding", 0.9, bundle_digest="b" * 64)])
    before = path.read_bytes()
    assert LineFile(path, CLASSES).done("b" * 64) == {"a.png"}
    with pytest.raises(InputError, match="another network"):
        LineFile(path, CLASSES).done("c" * 64)
    assert path.read_bytes() == before


def test_lines_that_wait_beside_a_parquet_file_are_known_too(tmp_path):
    path = write(tmp_path / "out.parquet", LINES[:1])
    # Files came into the folder, and the run that read them was stopped.
    with LineFile(path, CLASSES) as table:
        table.add(LINES[1])
    assert LineFile(path, CLASSES).done() == {line.file for line in LINES[:2]}
    write(path, LINES[2:])
    assert LineFile(path, CLASSES).done() == {line.file for line in LINES}
    import pyarrow.parquet

    assert pyarrow.parquet.read_table(path).num_rows == len(LINES)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_place_that_cannot_be_written_is_said(tmp_path, ending):
    with pytest.raises(InputError, match="cannot be written to"):
        LineFile(tmp_path / "none" / f"out{ending}", CLASSES).__enter__()


def test_a_full_disk_is_said_and_what_is_there_is_gone_on_with(tmp_path):
    path = tmp_path / "out.csv"

    def refuse(_text):
        raise OSError(errno.ENOSPC, "No space left on device")

    with LineFile(path, CLASSES) as table:
        table.add(LINES[0])
        table._file.close()
        table._file = SimpleNamespace(write=refuse, close=lambda: refuse(""))
        with pytest.raises(InputError, match="a full disk"):
            table.add(LINES[1])
    assert LineFile(path, CLASSES).done() == {"a.png"}


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(InputError, match="unknown kind"):
        LineFile(tmp_path / "out.xlsx", CLASSES)
