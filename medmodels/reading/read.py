"""Read one input with one bundle."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from medmodels.bundles import Bundle
from medmodels.inputs.errors import InputError
from medmodels.inputs.scan import Scan
from medmodels.inputs.sequences import Sequences
from medmodels.inputs.signal import BeatTable, Signal
from medmodels.reading.bases_reader import BasesReader
from medmodels.reading.reading import Reading
from medmodels.reading.scan_reader import ScanReader
from medmodels.reading.signal_reader import SignalReader

Item = Scan | Signal | BeatTable | Sequences
Progress = Callable[[float], None]


def read(bundle: Bundle, item: Item, *, progress: Progress | None = None) -> Reading:
    """Answer, with the evidence.

    Parameters
    ----------
    bundle : Bundle
    item : Scan, Signal, BeatTable or Sequences
        Of the kind that the bundle's card names.
    progress : callable, optional
        Told the share of the work that is done, 0 to 1; whatever it raises
        stops the reading.

    Returns
    -------
    Reading

    Raises
    ------
    InputError
        When the item is of another kind, or holds nothing that can be read.
    """
    reader = _reader(bundle)
    if isinstance(reader, ScanReader) and isinstance(item, Scan):
        return reader.read(item)
    if isinstance(reader, SignalReader) and isinstance(item, Signal | BeatTable):
        return reader.read(item, progress)
    if isinstance(reader, BasesReader) and isinstance(item, Sequences):
        return reader.read(item, progress)
    found = "a signal"
    if isinstance(item, Scan | Sequences):
        found = "a scan" if isinstance(item, Scan) else "sequences of bases"
    raise InputError(
        f"{found}.",
        f"a {bundle.card.kind}, for the task “{bundle.card.title}”.",
        "Choose the task that fits this file.",
    )


def warm(bundle: Bundle) -> None:
    """Load the bundle's network and compile its graph, so that nobody waits later."""
    _reader(bundle).warm()


def scan_reader(bundle: Bundle) -> ScanReader:
    """The reader of a bundle of scans, for many of them at once.

    Raises
    ------
    ValueError
        When the bundle reads something else.
    """
    reader = _reader(bundle)
    if not isinstance(reader, ScanReader):
        raise ValueError(f"{bundle.task} does not read scans")
    return reader


@lru_cache(maxsize=16)
def _reader(bundle: Bundle) -> ScanReader | SignalReader | BasesReader:
    if bundle.card.kind == "sequence":
        return BasesReader(bundle)
    return ScanReader(bundle) if bundle.card.kind == "scan" else SignalReader(bundle)
