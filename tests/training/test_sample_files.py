"""Files of made-up samples and their list, as they are read again."""

from __future__ import annotations

import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest

from medmodels.training.sample_files import SampleList, write_where_asked

LIST = SampleList("made.toml", "Made up.", "a-task", {"file": ".txt", "truth": ".truth.csv"})
SAMPLES = [
    SimpleNamespace(name="one", title="One", description="The first."),
    SimpleNamespace(name="two", title="Two", description="The second."),
]


def test_every_sample_has_its_files_and_its_entry(tmp_path: Path) -> None:
    made = LIST.write(tmp_path / "new", SAMPLES, lambda sample: (f"{sample.name}\n", "1\n"))
    assert [path.name for path in made] == [
        "made.toml", "one.txt", "one.truth.csv", "two.txt", "two.truth.csv",
    ]  # fmt: skip
    assert (tmp_path / "new" / "two.txt").read_bytes() == b"two\n"
    listed = (tmp_path / "new" / "made.toml").read_text()
    assert listed.startswith("# Made up.\n")
    assert tomllib.loads(listed)["samples"][1] == {
        "title": "Two", "description": "The second.", "file": "two.txt",
        "truth": "two.truth.csv", "task": "a-task", "synthetic": True,
    }  # fmt: skip


def test_a_text_for_each_ending_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="zip"):
        LIST.write(tmp_path, SAMPLES, lambda _: ("only one",))


def test_the_folder_comes_from_the_command_line(tmp_path: Path) -> None:
    asked: list[Path] = []
    write_where_asked("Make samples.", asked.append, [str(tmp_path)])
    assert asked == [tmp_path]
