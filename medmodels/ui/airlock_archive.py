"""An archive where it enters the session: each case in it cleaned, the archive let go of."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from medmodels.inputs.airlock import Admitted, admit
from medmodels.inputs.airlock_recording import Recording, admit_part, together
from medmodels.inputs.errors import InputError
from medmodels.worklist.sources import Source, in_archive

# Beyond that, unpacking everything at once would keep the visitor waiting for minutes.
_MOST = 2**30
# Not worth packing again: coded already.
_CODED = frozenset({"png", "jpeg", "webp"})


@dataclass(frozen=True)
class Packed:
    """One case without what it said about a person, packed as an archive would.

    Parameters
    ----------
    case : Admitted or Recording
        Without its data.
    contents : mapping of str to bytes
        By name.
    deflated : bool
    """

    case: Admitted | Recording
    contents: Mapping[str, bytes] = field(repr=False)
    deflated: bool

    def unpacked(self) -> dict[str, Any]:
        """The case as a worklist reads it."""
        files = {
            name: zlib.decompress(content) if self.deflated else content
            for name, content in self.contents.items()
        }
        if isinstance(self.case, Recording):
            return {"recording": replace(self.case, files=files)}
        return {"file": replace(self.case, data=files["file"])}


def clean_archive(name: str, data: bytes, kind: str = "scan") -> tuple[Source, ...] | None:
    """Take every case in an archive through the airlock.

    Parameters
    ----------
    name : str
        Of the archive, with which the names of its cases begin.
    data : bytes
        A ZIP archive.
    kind : str
        What its files are expected to be: "scan", "signal" or "sequence".

    Returns
    -------
    tuple of Source
        One for each case, in their order; None where the archive is too large to be
        unpacked at once, or is none.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > _MOST:
                return None
    except Exception:
        return None
    return tuple(_clean(source, kind) for source in in_archive(name, io.BytesIO(data), kind))


def admit_case(files: Mapping[str, bytes], kind: str) -> Admitted | Recording:
    """Take the files of one case through the airlock.

    Parameters
    ----------
    files : mapping of str to bytes
        By their last names.
    kind : str
        As for `clean_archive`.
    """
    if kind == "signal":
        return together({name: admit_part(name, data) for name, data in files.items()})
    (data,) = files.values()
    return admit(data, expected=kind)


def _clean(source: Source, kind: str) -> Source:
    try:
        case = admit_case(source.load(), kind)
    except InputError as error:
        return Source(source.name, partial(_refuse, error.alone()), (), digest=source.digest)
    bare: Admitted | Recording
    if isinstance(case, Recording):
        deflated, files, bare = True, case.files, replace(case, files={})
    else:
        deflated = case.kind not in _CODED
        files, bare = {"file": case.data}, replace(case, data=b"")
    contents = {n: zlib.compress(one, 1) if deflated else one for n, one in files.items()}
    private = case.private if isinstance(case, Admitted) else 0
    return Source(
        source.name, Packed(bare, contents, deflated).unpacked, case.found, private, case.digest
    )


def _refuse(error: InputError) -> Any:
    raise error.alone()
