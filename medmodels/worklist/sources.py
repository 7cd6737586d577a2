"""Cases in a folder, an archive or an upload; nothing is unpacked to disk."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from medmodels.inputs.errors import InputError
from medmodels.inputs.limits import MAX_BYTES
from medmodels.inputs.sniff import kind as kind_of
from medmodels.inputs.wfdb_signal import ENDINGS
from medmodels.worklist.archive_entries import (
    MOST_ENTRIES,
    broken,
    digest_of,
    empty,
    entry,
    too_many,
)

_CLUTTER = ("__MACOSX", "Thumbs.db", "desktop.ini", "DICOMDIR")
_ARCHIVE = ".zip"

Files = dict[str, bytes]


@dataclass(frozen=True)
class Source:
    """One case that waits to be read.

    Parameters
    ----------
    name : str
        Path below the folder or in the upload, with slashes.
    load : callable
        Returns its files by last name: one, or those of a WFDB record; or what became
        of them in the airlock. Raises InputError when they cannot be read.
    said : tuple of str or None
        What its files said of a person, by name; None where they did not go through
        the airlock yet.
    private : int
        How many private DICOM elements there were.
    digest : str
        Of the files that came, SHA-256; known then, too.
    """

    name: str
    load: Callable[[], Any]
    said: tuple[str, ...] | None = None
    private: int = 0
    digest: str = ""


def in_folder(folder: Path, kind: str) -> Iterator[Source]:
    """Find the cases below a folder, in the order of their paths.

    Parameters
    ----------
    folder : Path
    kind : str
        Of the task: for "signal" the files of a WFDB record are one case.

    Yields
    ------
    Source
        Archives are looked into.

    Raises
    ------
    InputError
        There is no such folder.
    """
    if not folder.is_dir():
        raise InputError("no such folder.", "a folder with the cases.", "Check the path.")
    paths = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _clutter(path.relative_to(folder).as_posix())
    }
    for names in cases_of(paths, kind):
        first = paths[names[0]]
        if first.suffix.lower() == _ARCHIVE:
            yield from in_archive(names[0], first, kind)
        else:
            yield Source(one_line(names[0]), partial(_read, {name: paths[name] for name in names}))


def in_upload(files: Mapping[str, bytes], kind: str) -> Iterator[Source]:
    """Find the cases among uploaded files.

    Parameters
    ----------
    files : mapping of str to bytes
    kind : str
        As in `in_folder`.
    """
    for names in cases_of(files, kind):
        if names[0].lower().endswith(_ARCHIVE) or kind_of(files[names[0]]) == "zip":
            yield from in_archive(names[0], io.BytesIO(files[names[0]]), kind)
        else:
            yield Source(one_line(names[0]), partial(_held, {name: files[name] for name in names}))


def in_archive(name: str, file: Path | BinaryIO, kind: str) -> Iterator[Source]:
    """Find the cases in a ZIP archive; one that cannot be opened, or is empty, is a case, refused.

    Parameters
    ----------
    name : str
        Of the archive.
    file : Path or binary file
    kind : str
        As in `in_folder`.
    """
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        yield _refused(name, file, broken())
        return
    entries = {
        info.filename: info
        for info in archive.infolist()
        # An entry may have no name at all, on which `is_dir` would fail.
        if info.filename and not info.is_dir() and not _clutter(info.filename)
    }
    if len(entries) > MOST_ENTRIES:
        yield _refused(name, file, too_many(len(entries)))
        return
    if not entries:
        yield _refused(name, file, empty())
        return
    for names in cases_of(entries, kind):
        infos = [entries[one] for one in names]
        # No path of an entry is ever used as one: names only tell cases apart.
        yield Source(one_line(f"{name}/{names[0]}"), partial(_unpacked, archive, infos))


def cases_of(names: Iterable[str], kind: str) -> list[tuple[str, ...]]:
    """Group names into cases, in their order: the files of a WFDB record belong together.

    Examples
    --------
    >>> cases_of(["a/1.dat", "a/1.hea", "b.csv", "a/1.atr"], "signal")
    [('a/1.hea', 'a/1.atr', 'a/1.dat'), ('b.csv',)]
    """
    known = list(names)
    if kind != "signal":
        return [(name,) for name in known]
    parts = {name: PurePosixPath(name) for name in known}
    records = {_stem(path) for path in parts.values() if path.suffix.lower() == ".hea"}
    grouped: dict[PurePosixPath | str, list[str]] = {}
    for name, path in parts.items():
        stem = _stem(path)
        belongs = stem in records and name.lower().endswith(ENDINGS)
        grouped.setdefault(stem if belongs else name, []).append(name)
    return [
        tuple(sorted(group, key=lambda name: (not name.lower().endswith(".hea"), name)))
        for group in grouped.values()
    ]


def _stem(path: PurePosixPath) -> PurePosixPath:
    """The path without its ending; one without a name, as "/", stays as it is."""
    return path.with_suffix("") if path.name else path


def _clutter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(one in _CLUTTER or (one[0] == "." and one.strip(".")) for one in parts)


def one_line(name: str) -> str:
    """A name that is one line of text, whatever bytes it was made of."""
    text = name.encode("utf-8", "backslashreplace").decode()
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _held(files: Mapping[str, bytes]) -> Files:
    """Files by their last names, by which those of a record know each other."""
    return {PurePosixPath(name).name: data for name, data in files.items()}


def _read(paths: Mapping[str, Path]) -> Files:
    return _held({name: _bytes_of(path) for name, path in paths.items()})


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError:
        raise InputError(
            "a file that this program may not read.", "a readable file.", "Check its permissions."
        ) from None
    return data


def _unpacked(archive: zipfile.ZipFile, infos: Iterable[zipfile.ZipInfo]) -> Files:
    return _held({info.filename: entry(archive, info) for info in infos})


def _refused(name: str, file: Path | BinaryIO, error: InputError) -> Source:
    """An archive as a case of its own; closed as it is, it has said nothing of anybody."""
    return Source(one_line(name), partial(_refuse, error), (), digest=digest_of(file))


def _refuse(error: InputError) -> Files:
    raise error
