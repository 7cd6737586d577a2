"""Sample sequences: byte for byte the same, read by the app, sites where they are said to be."""

from __future__ import annotations

import tomllib

import pytest

from medmodels.inputs.open_sequences import open_sequences
from medmodels.training.dna_samples import SAMPLES, make, sites_csv, write_samples


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("samples")
    write_samples(folder)
    return folder


def test_made_twice_they_are_the_same(folder, tmp_path):
    for path in write_samples(tmp_path):
        assert path.read_bytes() == (folder / path.name).read_bytes()


def test_the_catalogue_names_the_files_that_were_written(folder):
    entries = tomllib.loads((folder / "dna.toml").read_text())["samples"]
    assert [entry["file"] for entry in entries] == [f"{sample.name}.fa" for sample in SAMPLES]
    written = {entry[key] for entry in entries for key in ("file", "sites")} | {"dna.toml"}
    assert {path.name for path in folder.iterdir()} == written
    assert all(entry["synthetic"] is True and entry["task"] == "dna-splice" for entry in entries)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_the_app_reads_them_and_every_site_has_its_letters(folder, sample):
    found = open_sequences((folder / f"{sample.name}.fa").read_bytes())
    assert found.sequences == (make(sample),)
    assert len(found.sequences[0]) == sample.length
    rows = [row.split(",") for row in sites_csv(sample).split()[1:]]
    assert len(rows) == len(sample.sites)
    for before, name in rows:
        at = int(before)
        if name == "EI":
            assert found.sequences[0][at : at + 2] == "GT"
        else:
            assert found.sequences[0][at - 2 : at] == "AG"


def test_two_introns_are_planted_in_order():
    names = [row.split(",")[1] for row in sites_csv(SAMPLES[-1]).split()[1:]]
    assert names == ["EI", "IE", "EI", "IE"]
