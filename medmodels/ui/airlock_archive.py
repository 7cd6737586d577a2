"""An archive of scans where it enters the session: each entry cleaned, the archive let go of."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from medmodels.inputs.airlock import Admitted, admit
from medmodels.inputs.errors import InputError
from medmodels.worklist.sources import Source, in_archive

# Beyond that, unpacking everything at once would keep the visitor waiting for minutes.
_MOST = 2**30
# Not worth packing again: coded already.
_CODED = frozenset({"png", "jpeg", "webp"})


@dataclass(frozen=True)
class Packed:
    """One entry without what it said about a person, packed as an archive would.

    Parameters
    ----------
    file : Admitted
        Without its data.
    content : bytes
    deflated : bool
    """

    file: Admitted
    content: bytes = field(repr=False)
    deflated: bool

    def unpacked(self) -> dict[str, Any]:
        """The entry as a case of a worklist."""
        data = zlib.decompress(self.content) if self.deflated else self.content
        return {"file": replace(self.file, data=data)}


def clean_archive(name: str, data: bytes) -> tuple[Source, ...] | None:
    """Take every scan in an archive through the airlock.

    Parameters
    ----------
    name : str
        Of the archive, with which the names of its cases begin.
    data : bytes
        A ZIP archive.

    Returns
    -------
    tuple of Source
        One for each entry, in their order; None where the archive is too large to be
        unpacked at once, or is none.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > _MOST:
                return None
    except Exception:
        return None
    return tuple(
        Source(source.name, _clean(source.load))
        for source in in_archive(name, io.BytesIO(data), "scan")
    )


def _clean(load: Callable[[], Any]) -> Callable[[], Any]:
    try:
        (entry,) = load().values()
    except InputError as error:
        return partial(_refuse, error)
    file = admit(entry)
    packed = file.kind not in _CODED
    content = zlib.compress(file.data, 1) if packed else file.data
    return Packed(replace(file, data=b""), content, packed).unpacked


def _refuse(error: InputError) -> Any:
    raise error
