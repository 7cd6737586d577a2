"""The command that reads a folder into a table."""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
import queue
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from medmodels.bundles import FOLDER_VARIABLE
from medmodels.command_line import main
from medmodels.worklist.batch import _pace, _put
from tests.bundles_fixture import SCAN_TASK, made_ramps
from tests.worklist.made_files import png

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path, one_of_each, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(one_of_each))
    folder = tmp_path / "cases"
    folder.mkdir()
    for number, ramp in enumerate(made_ramps(6)):
        (folder / f"{number}.png").write_bytes(png(ramp))
    (folder / "note.txt").write_text("no scan")
    return folder


def rows(path):
    return list(csv.DictReader(path.read_text().splitlines()[1:]))


def run(folder, out, *more):
    return main(["batch", str(folder), "--task", SCAN_TASK, "--out", str(out), *more])


def test_one_line_a_file_and_no_name_on_the_screen(folder, tmp_path, capsys):
    out = tmp_path / "out.csv"
    assert run(folder, out, "--size", "4") == 0
    found = rows(out)
    assert [row["file"] for row in found] == [*(f"{i}.png" for i in range(6)), "note.txt"]
    assert found[-1]["state"] == "unreadable"
    assert len({row["bundle"] for row in found}) == 1
    assert all(len(row["input_sha256"]) == 64 for row in found)
    told = capsys.readouterr().err
    assert "7 to read, 0 known" in told
    assert "7 of 7" in told
    assert "1 could not be read." in told
    assert "note" not in told
    assert ".png" not in told


def test_a_stopped_run_goes_on_where_it_was(folder, tmp_path, capsys):
    whole, out = tmp_path / "whole.jsonl", folder / "out.jsonl"
    run(folder, whole)
    lines = whole.read_text().splitlines(keepends=True)
    out.write_text("".join(lines[:3]) + lines[3][:20])
    # The table lies among the cases, and is none.
    assert run(folder, out) == 0
    assert "4 to read" in capsys.readouterr().err
    found = [json.loads(line) for line in out.read_text().splitlines()]
    assert [one["file"] for one in found] == [json.loads(line)["file"] for line in lines]
    assert run(folder, out) == 0
    assert "0 to read" in capsys.readouterr().err


@pytest.mark.timeout(240)
def test_several_processes_read_every_file_once(folder, tmp_path):
    alone, out = tmp_path / "alone.csv", tmp_path / "out.parquet"
    run(folder, alone)
    # As a person runs it: what starts processes looks at what was started itself.
    subprocess.run(
        [sys.executable, "-m", "medmodels", "batch", str(folder), "--task", SCAN_TASK,
         "--out", str(out), "--jobs", "2"],
        cwd=ROOT, check=True,
    )  # fmt: skip
    import pyarrow.parquet

    found = {row["file"]: row for row in pyarrow.parquet.read_table(out).to_pylist()}
    expected = {row["file"]: row for row in rows(alone)}
    assert set(found) == set(expected)
    assert {name: one["state"] for name, one in found.items()} == {
        name: one["state"] for name, one in expected.items()
    }


def test_who_interrupts_a_run_is_told_how_to_go_on(folder, tmp_path, capsys, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("medmodels.worklist.batch.read_sources", interrupted)
    assert run(folder, tmp_path / "out.csv") == 130
    assert "Run the same command again" in capsys.readouterr().err


def test_results_that_cannot_be_written_are_said(folder, tmp_path, capsys):
    assert run(folder, tmp_path / "none" / "out.csv") == 1
    assert "cannot be written to" in capsys.readouterr().err


def test_the_wait_for_the_network_is_no_part_of_the_pace():
    assert _pace(0, 0.0, 67) == ""
    assert _pace(16, 4.0, 32) == ", 4.0 a second, 8 s left"


class Full:
    """A queue that nobody empties."""

    def __init__(self) -> None:
        self.let_go = False

    def put(self, _said, timeout):  # noqa: ARG002
        raise queue.Full

    def cancel_join_thread(self) -> None:
        self.let_go = True


def test_a_worker_whose_run_was_killed_does_not_wait_for_good(monkeypatch):
    alive = iter([True, True, False])
    parent = SimpleNamespace(is_alive=lambda: next(alive))
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: parent)
    assert not _put(full := Full(), 0)
    assert full.let_go


def test_a_worker_that_dies_is_said(folder, monkeypatch, tmp_path, capsys):
    def dies(*_):
        os._exit(3)

    # Forked, the worker is this function; started anew it would not know of it.
    monkeypatch.setattr("medmodels.worklist.batch._work", dies)
    forks = multiprocessing.get_context("fork")
    monkeypatch.setattr("medmodels.worklist.batch.multiprocessing.get_context", lambda _: forks)
    assert run(folder, tmp_path / "out.csv", "--jobs", "2") == 1
    told = capsys.readouterr().err
    assert "ended early" in told
    assert "it goes on where it was" in told


@pytest.mark.parametrize(
    ("more", "words"),
    [(["--jobs", "0"], "less than one"), (["--size", "0"], "less than one")],
)
def test_numbers_that_make_no_sense_are_refused(folder, tmp_path, capsys, more, words):
    assert run(folder, tmp_path / "out.csv", *more) == 1
    assert words in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_said(one_of_each, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv(FOLDER_VARIABLE, str(one_of_each))
    assert run(tmp_path / "none", tmp_path / "out.csv") == 1
    assert "no such folder" in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()
