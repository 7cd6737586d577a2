"""Text in the pixels of many scans: which lines say so, in the app and from the command line."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from medmodels.bundles import FOLDER_VARIABLE, load_bundle
from medmodels.command_line import main
from medmodels.inputs.burned_in import SEEN, STATED
from medmodels.worklist.line import Line
from medmodels.worklist.line_files import LineFile
from medmodels.worklist.run import read_sources
from medmodels.worklist.sources import in_upload
from tests.bundles_fixture import SCAN_TASK, SEQUENCE_TASK
from tests.inputs.scan_files import dicom, picture
from tests.inputs.test_burned_in import drawn, ground

WRITTEN = drawn("DOE^JANE 1931").astype(np.uint16) * 16
PLAIN = ground().astype(np.uint16) * 16
FILES = {
    "both.dcm": dicom(WRITTEN, bits=12, BurnedInAnnotation="YES"),
    "no.dcm": dicom(PLAIN, bits=12, BurnedInAnnotation="NO"),
    "seen.png": picture(drawn("DOE^JANE 1931").astype(np.uint8), "PNG"),
    "stated.dcm": dicom(PLAIN, bits=12, BurnedInAnnotation="YES"),
    "x.txt": b"no scan",
}


def test_lines_say_what_the_files_say_and_what_is_seen_where_it_is_looked_for(one_of_each):
    bundle = load_bundle(SCAN_TASK, one_of_each)
    looked = [line for line, _ in read_sources(bundle, in_upload(FILES, "scan"), text=True)]
    assert [line.burned_in for line in looked] == [(STATED, SEEN), (), (SEEN,), (STATED,), ()]
    stated = [line for line, _ in read_sources(bundle, in_upload(FILES, "scan"))]
    assert [line.burned_in for line in stated] == [(STATED,), (), (), (STATED,), ()]
    assert [line.probability for line in looked] == [line.probability for line in stated]


@pytest.mark.parametrize(("more", "seen"), [((), ""), (("--text",), "seen")])
def test_the_command_has_a_column_for_it(one_of_each, tmp_path, monkeypatch, more, seen):
    monkeypatch.setenv(FOLDER_VARIABLE, str(one_of_each))
    folder = tmp_path / "cases"
    folder.mkdir()
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    out = tmp_path / "out.csv"
    assert main(["batch", str(folder), "--task", SCAN_TASK, "--out", str(out), *more]) == 0
    rows = {row["file"]: row for row in csv.DictReader(out.read_text().splitlines()[1:])}
    assert rows["stated.dcm"]["burned_in"] == "stated"
    assert rows["both.dcm"]["burned_in"] == ("stated; seen" if seen else "stated")
    assert rows["seen.png"]["burned_in"] == seen
    assert rows["no.dcm"]["burned_in"] == rows["x.txt"]["burned_in"] == ""


def test_a_run_that_was_begun_before_there_was_the_column_ends(tmp_path):
    import pyarrow.parquet

    old = Line("a.png", "answer", "finding", 0.9).to_dict()
    del old["burned_in"]
    (tmp_path / "out.partial.jsonl").write_text(json.dumps(old) + "\n")
    table = LineFile(tmp_path / "out.parquet", ("finding",))
    with table:
        table.add(Line("b.png", "answer", "finding", 0.9, burned_in=(STATED,)))
    table.finish()
    rows = pyarrow.parquet.read_table(tmp_path / "out.parquet").to_pylist()
    assert [(row["file"], row["burned_in"]) for row in rows] == [("a.png", ""), ("b.png", "stated")]


def test_no_reason_calls_a_sequence_by_a_name_that_may_be_a_person_s(
    one_of_each, tmp_path, monkeypatch
):
    monkeypatch.setenv(FOLDER_VARIABLE, str(one_of_each))
    folder = tmp_path / "cases"
    folder.mkdir()
    text = "".join(f">Petra_{i}\n{'ACGT' * 20 + 'N' * 60}\n" for i in range(3))
    (folder / "a.fa").write_text(text)
    out = tmp_path / "out.jsonl"
    assert main(["batch", str(folder), "--task", SEQUENCE_TASK, "--out", str(out)]) == 0
    assert "a.fa" in out.read_text()
    assert "Petra" not in out.read_text()
