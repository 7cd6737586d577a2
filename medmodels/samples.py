"""Sample cases that ship with the app and belong to no patient."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[1] / "assets" / "samples"


@dataclass(frozen=True)
class Sample:
    """One sample case.

    Parameters
    ----------
    task : str
        The task that reads it.
    title : str
        As on screen.
    description : str
        One sentence: what it shows and how it was made.
    file : str
        Its name in the samples folder.
    """

    task: str
    title: str
    description: str
    file: str

    def read_bytes(self) -> bytes:
        """Content of the sample's file."""
        return (SAMPLES / self.file).read_bytes()


def list_samples(task: str | None = None) -> tuple[Sample, ...]:
    """Return the sample cases of one task, or of all.

    Every ``*.toml`` in the samples folder holds an array ``samples`` with the
    fields of `Sample`; other fields are the makers' own.
    """
    found = [
        Sample(entry["task"], entry["title"], entry["description"], entry["file"])
        for path in sorted(SAMPLES.glob("*.toml"))
        for entry in tomllib.loads(path.read_text())["samples"]
    ]
    return tuple(sample for sample in found if task in (None, sample.task))
