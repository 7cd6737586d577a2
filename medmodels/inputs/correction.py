"""Put a scan that lies the wrong way right, at the reader's request."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from medmodels.inputs.scan import Scan

# How the picture lies, the quarter turns to the left that put it right, and in words.
_QUARTERS = {
    "turned_right": (1, "turned a quarter to the left"),
    "upside_down": (2, "turned by half"),
    "turned_left": (3, "turned a quarter to the right"),
}
CORRECTIONS = {
    "turned_right": "Turn it a quarter to the left and read it again",
    "turned_left": "Turn it a quarter to the right and read it again",
    "upside_down": "Turn it by half and read it again",
    "inverted": "Invert it and read it again",
}


def corrected(scan: Scan, lies: str) -> Scan:
    """Turn or invert a scan.

    Parameters
    ----------
    scan : Scan
    lies : str
        How it lies: one of `CORRECTIONS`.

    Returns
    -------
    Scan
        With a note that says what was done; the digest stays that of the file.
    """
    if lies == "inverted":
        low, high = scan.value_range
        windows = tuple(replace(w, centre=low + high - w.centre) for w in scan.windows)
        pixels = (low + high - scan.pixels).astype(np.float32)
        note = "Inverted at the reader’s request."
        return replace(scan, pixels=pixels, windows=windows, notes=(*scan.notes, note))
    quarters, words = _QUARTERS[lies]
    spacing = scan.spacing_mm
    if spacing is not None and quarters != 2:
        spacing = (spacing[1], spacing[0])
    return replace(
        scan,
        pixels=np.ascontiguousarray(np.rot90(scan.pixels, quarters)),
        spacing_mm=spacing,
        notes=(*scan.notes, f"{words[0].upper()}{words[1:]} at the reader’s request."),
    )
