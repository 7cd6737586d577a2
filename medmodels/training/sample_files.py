"""Write sample files and the list of them that the app shows, byte for byte the same each time."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar


class Sample(Protocol):
    """What the user reads of a sample."""

    @property
    def name(self) -> str:
        """Of its files, without their endings."""

    @property
    def title(self) -> str:
        """In a few words."""

    @property
    def description(self) -> str:
        """In a sentence or two."""


AnySample = TypeVar("AnySample", bound=Sample)


@dataclass(frozen=True)
class SampleList:
    """The synthetic samples of one task.

    Parameters
    ----------
    file : str
        Name of the list.
    heading : str
        What the samples are and how they are made.
    task : str
    endings : mapping of str
        Of each sample's files, by what the list calls them.
    """

    file: str
    heading: str
    task: str
    endings: Mapping[str, str]

    def catalogue(self, samples: Iterable[Sample]) -> str:
        """Write the list that the app shows, as TOML."""
        entries = [f"# {self.heading}\n"]
        for sample in samples:
            files = {key: sample.name + ending for key, ending in self.endings.items()}
            words = {"title": sample.title, "description": sample.description}
            lines = [f'{key} = "{value}"\n' for key, value in (words | files).items()]
            entries.append(f'[[samples]]\n{"".join(lines)}task = "{self.task}"\nsynthetic = true\n')
        return "\n".join(entries)

    def write(
        self,
        out: Path,
        samples: Sequence[AnySample],
        texts_of: Callable[[AnySample], tuple[str, ...]],
    ) -> list[Path]:
        """Write all samples and their list.

        Parameters
        ----------
        out : Path
            Folder; made if it is not there.
        samples : sequence of Sample
        texts_of : callable
            From a sample to the texts of its files, in the order of ``endings``.

        Returns
        -------
        list of Path
            The files written.
        """
        texts = {self.file: self.catalogue(samples)}
        for sample in samples:
            for ending, text in zip(self.endings.values(), texts_of(sample), strict=True):
                texts[sample.name + ending] = text
        out.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            # Bytes, for Windows would end the lines otherwise.
            (out / name).write_bytes(text.encode())
        return [out / name for name in texts]


def write_where_asked(
    description: str, write: Callable[[Path], object], arguments: Sequence[str] | None
) -> None:
    """Write samples into the folder that is given on the command line."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("out", type=Path, help="folder to write to, such as assets/samples")
    write(parser.parse_args(arguments).out)
