"""An end to hiding: what lies under the rectangles is no longer held by anybody.

A file whose pixels are coded cannot be blanked in place without coding it anew, which would
change pixels elsewhere (JPEG) or what is said of it. Its frames are held as they were decoded
instead, black where they were hidden, and the file is let go of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from medmodels.inputs.airlock import Admitted
from medmodels.inputs.burned_in import Box
from medmodels.inputs.burned_in_mask import masked
from medmodels.inputs.errors import InputError
from medmodels.inputs.open_scan import open_scan
from medmodels.inputs.scan import Scan

#: Pixels of all frames together that are held decoded, each of 4 bytes; of more only one frame.
MOST_PIXELS = 50_000_000


def blanked(file: Admitted, boxes: Sequence[Box], *, frame: int) -> Admitted:
    """Hold the frames of a scan with parts made black, and no longer the file.

    Parameters
    ----------
    file : Admitted
        Of a scan that can be read.
    boxes : sequence of Box
        What is hidden, in every frame.
    frame : int
        The one that is open, from 0.

    Returns
    -------
    Admitted
        `open_scan` gives for it what `masked` made of the scan, to the last pixel and word.
        Of a scan with more than `MOST_PIXELS` it holds the open frame alone, which still
        says which one it was.

    Raises
    ------
    InputError
        The open frame cannot be read.
    """
    scan = masked(open_scan(file, frame=frame), boxes)
    if keeps_all_frames(scan):
        try:
            frames = [
                scan if i == frame else masked(open_scan(file, frame=i), boxes)
                for i in range(scan.frames)
            ]
            return replace(file, data=b"", final=tuple(frames))
        except InputError:
            # Another frame is damaged: then this one is what there is.
            pass
    notes = (*scan.notes, *filter(None, (scan.place,)))
    return replace(file, data=b"", final=(replace(scan, frame=0, frames=1, notes=notes),))


def keeps_all_frames(scan: Scan) -> bool:
    """Whether all frames of a scan's file would be held, or only the open one."""
    return scan.frames * scan.shape[0] * scan.shape[1] <= MOST_PIXELS
