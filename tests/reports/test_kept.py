"""Which file is made of a reading, what it is called, and that it is written or said why not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from medmodels.command_line import main
from medmodels.inputs.errors import InputError
from medmodels.reports.all_exports import EXPORTS, exports_for, file_name
from medmodels.reports.kept import chosen_export, keep
from medmodels.samples import SAMPLES
from tests.bundles_fixture import SEQUENCE_TASK
from tests.reports.made_readings import MADE
from tests.reports.reading_kinds import KINDS, declined


@pytest.mark.parametrize("name", KINDS)
def test_every_reading_can_be_kept_as_pdf_html_and_json(readings, name):
    assert [export.key for export in exports_for(readings[name])][:3] == ["pdf", "html", "json"]


def test_names_and_keys_are_told_apart(readings):
    keys = [export.key for export in EXPORTS]
    assert len(set(keys)) == len(keys)
    names = [file_name(readings["scan"], export) for export in EXPORTS]
    assert len(set(names)) == len(names)
    for name in names:
        assert re.fullmatch(r"reading-d{12}(-[a-z-]+)?(\.[a-z]+)+", name)
    for export in EXPORTS:
        assert export.about.endswith(".")
        assert export.mime.count("/") == 1


@pytest.mark.parametrize(
    ("name", "kind", "key"),
    [("a.pdf", None, "pdf"), ("A.HTML", None, "html"), ("b", "json", "json"),
     ("b.txt", "pdf", "pdf"), ("a.fhir.json", None, "fhir"), ("a.fhir.json", "json", "json")],
)  # fmt: skip
def test_the_ending_or_the_word_tells_the_kind(name, kind, key):
    assert chosen_export(Path(name), kind).key == key


@pytest.mark.parametrize(("name", "kind"), [("a.docx", None), ("a", None), ("a.pdf", "word")])
def test_another_kind_is_refused_and_the_kinds_named(name, kind):
    with pytest.raises(InputError, match="pdf, html, json") as caught:
        chosen_export(Path(name), kind)
    assert "docx" not in str(caught.value)


def test_what_cannot_be_written_is_said_without_its_name(readings, tmp_path):
    export = chosen_export(Path("a.json"), None)
    with pytest.raises(InputError, match="cannot be written") as caught:
        keep(readings["scan"], export, tmp_path / "jane-roe" / "a.json", made=MADE)
    assert "jane-roe" not in str(caught.value)


def test_of_a_withheld_answer_nothing_is_kept_but_the_reasons(readings):
    for export in exports_for(readings["scan explained"])[:3]:
        made = export.make(declined(readings["scan explained"]), made=MADE)
        if export.key != "pdf":  # which is packed; its own test looks inside
            assert b"probabilities" not in made
            assert b"with a probability of" not in made


def test_the_command_line_keeps_what_it_read(one_of_each, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(one_of_each))
    file = str(SAMPLES / "dna-donor.fa")
    for ending, start in (("pdf", b"%PDF-"), ("html", b"<!doctype html>"), ("json", b"{")):
        out = tmp_path / f"kept.{ending}"
        assert main(["read", file, "--task", SEQUENCE_TASK, "--report", str(out)]) == 0
        assert out.read_bytes().startswith(start)
    assert "The network’s answer" in capsys.readouterr().out
    kept = json.loads((tmp_path / "kept.json").read_text())
    assert main(["read", file, "--task", SEQUENCE_TASK, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    for changing in ("made", "seconds"):
        kept.pop(changing)
        told.pop(changing)
    assert told == kept


def test_an_unknown_kind_is_refused_before_anything_is_read(one_of_each, monkeypatch, capsys):
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(one_of_each))
    arguments = ["read", "nothing.fa", "--task", SEQUENCE_TASK, "--report", "a.docx"]
    assert main(arguments) == 1
    assert "Say which with --as" in capsys.readouterr().err
