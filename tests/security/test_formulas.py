"""No table that leaves the app holds a cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import pytest

from medmodels.inputs.errors import InputError
from medmodels.reading.site_files import as_cell, from_cell, sites_bed, sites_csv
from medmodels.ui.ecg_list import csv_cell
from medmodels.ui.try_record import to_csv
from medmodels.worklist.line import refused_line
from medmodels.worklist.line_files import LineFile
from medmodels.worklist.review import rows_csv

# OWASP, "CSV injection"; in full width too, which some spreadsheets take for the same.
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FORMULAS = [f'{start}HYPERLINK("http://evil.example";"x")' for start in STARTS]


@dataclass(frozen=True)
class Entry:
    name: str


@dataclass(frozen=True)
class Found:
    sequence: str
    entry: Entry
    strand: str = "+"
    before: int = 7
    probability: float = 0.5


def harmless(text: str, between: str = ",") -> None:
    lines = "".join(line for line in io.StringIO(text, newline="") if not line.startswith("#"))
    rows = list(csv.reader(io.StringIO(lines, newline=""), delimiter=between))
    assert len(rows) >= 1
    assert [cell for row in rows for cell in row if cell.startswith(STARTS)] == []


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_cell_comes_back_as_it_was(formula):
    assert not as_cell(formula).startswith(STARTS)
    assert from_cell(as_cell(formula)) == formula


@pytest.mark.parametrize("formula", FORMULAS)
def test_every_table_is_harmless(formula, tmp_path):
    sites = [Found(formula, Entry(formula))]
    harmless(sites_csv(sites))
    harmless(rows_csv([{"comment": formula, "reasons": [formula]}], ["comment", "reasons"]))
    harmless(to_csv([{"Hidden": formula, "Shown now": True}]).decode())
    harmless(f"{csv_cell(formula)}\n")
    refused = InputError(formula, formula, formula)
    with LineFile(tmp_path / "lines.csv", ("a",)) as file:
        file.add(refused_line(formula, refused, "digest", "digest"))
    harmless((tmp_path / "lines.csv").read_bytes().decode())


@pytest.mark.parametrize("name", [*FORMULAS, "#hidden", "track name=x", "browser hide all"])
def test_a_line_of_bed_is_a_site_whatever_its_name(name):
    (line,) = sites_bed([Found(name, Entry("EI"))]).splitlines()[1:]
    cells = line.split("\t")
    assert len(cells) == 6
    assert not cells[0].startswith((*STARTS, "#", "track", "browser"))
