"""Letters of windows by their names, and how they differ, by hand."""

from __future__ import annotations

from medmodels.inputs.window_letters import around_junction, differences, letters_of, marked


def test_letters_are_found_by_their_names(tmp_path):
    table = tmp_path / "index.csv"
    table.write_text("name,label,split,sequence\na,EI,train,  acgt \nb,N,train,NNGT\n")
    assert letters_of(table, ["b", "a", "b"]) == ["NNGT", "ACGT", "NNGT"]
    assert letters_of(table, ["a", "c"]) is None
    assert letters_of(tmp_path / "none.csv", ["a"]) is None


def test_differences_are_lower_case_and_counted():
    assert marked("ACGT", "AGGA") == "AcGt"
    assert differences("ACGT", "AGGA") == 2
    assert around_junction("AACCGGTT", 3) == "ACCGGT"
