"""Reference beats of a WFDB record.

Format: WFDB Applications Guide, annot(5), MIT format. Checked in the tests against
the ``wfdb`` package.
"""

from __future__ import annotations

import numpy as np

from medmodels.inputs.errors import InputError
from medmodels.inputs.signal import BeatAnnotations

# PhysioBank codes of beats; every other code marks rhythm, noise or waves.
_BEATS = {
    1: "N", 2: "L", 3: "R", 4: "a", 5: "V", 6: "F", 7: "J", 8: "A", 9: "S", 10: "E",
    11: "j", 12: "/", 13: "Q", 25: "B", 30: "?", 34: "e", 35: "n", 38: "f", 41: "r",
}  # fmt: skip
_SKIP, _NUM, _SUB, _CHAN, _AUX = 59, 60, 61, 62, 63


def parse_beats(data: bytes, samples: int) -> BeatAnnotations:
    """Parse an ``.atr`` file.

    Parameters
    ----------
    data : bytes
    samples : int
        Length of the signal; beats outside it are refused.

    Returns
    -------
    BeatAnnotations

    Raises
    ------
    InputError
        The file is cut short, or its beats lie outside the signal.
    """
    positions, symbols = [], []
    words = np.frombuffer(data, "<u2", len(data) // 2).tolist()
    at, now = 0, 0
    while at < len(words):
        code, step = words[at] >> 10, words[at] & 0x3FF
        at += 1
        if code == 0 and step == 0:
            break
        if code == _SKIP:
            if at + 2 > len(words):
                raise _damaged()
            # A 32-bit step, its high word first (PDP-11 order).
            jump = words[at] << 16 | words[at + 1]
            now += jump - (1 << 32) if jump >= 1 << 31 else jump
            at += 2
        elif code == _AUX:
            at += (step + 1) // 2
        elif code not in (_NUM, _SUB, _CHAN):
            now += step
            if code in _BEATS:
                positions.append(now)
                symbols.append(_BEATS[code])
    else:
        raise _damaged()
    found = np.array(positions, dtype=np.int64)
    if len(found) and (found.min() < 0 or found.max() >= samples or (np.diff(found) < 0).any()):
        raise _damaged()
    return BeatAnnotations(found, tuple(symbols))


def _damaged() -> InputError:
    return InputError(
        "reference beats (.atr) that are damaged or belong to another recording.",
        "the .atr file of this very record.",
        "Upload the record without its .atr file, or download it again.",
    )
