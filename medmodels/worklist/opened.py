"""One case of a worklist, decoded: whatever kind it is of, and wherever its files come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medmodels.inputs.airlock import admit
from medmodels.inputs.airlock_recording import Recording
from medmodels.inputs.scan import Scan
from medmodels.inputs.sequences import Sequences
from medmodels.inputs.signal import BeatTable, Signal


def open_files(kind: str, files: Mapping[str, Any]) -> Scan | Signal | BeatTable | Sequences:
    """Decode the files of one case.

    Parameters
    ----------
    kind : str
        Of the task: "scan", "signal" or "sequence".
    files : mapping of str to bytes, Admitted or Recording
        From `Source.load`.

    Returns
    -------
    Scan, Signal, BeatTable or Sequences

    Raises
    ------
    InputError
        They are no such case.
    """
    if kind == "signal":
        from medmodels.inputs.open_signal import open_signal

        for one in files.values():
            if isinstance(one, Recording):
                if one.refused is not None:
                    raise one.refused.alone()
                return open_signal(one.files, digest=one.digest)
        return open_signal(files)
    (data,) = files.values()
    if kind == "sequence":
        from medmodels.inputs.open_sequences import open_sequences

        # A reason may call a sequence by its name: that is an identifier, or a number.
        return open_sequences(admit(data, expected="sequence") if isinstance(data, bytes) else data)
    from medmodels.inputs.open_scan import open_scan

    return open_scan(data)
