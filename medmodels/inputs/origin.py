"""Which image of which series a scan is, so that what is made from it can be tied to it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """The place of a DICOM image among others, by UIDs alone (PS3.3 C.12.1.1, C.7.2.1, C.7.3.1).

    Parameters
    ----------
    study, series, instance : str
        UIDs. Unless ``kept``, they are not the file's own: the same new one for
        the same old one, so that images of a series stay together.
    sop_class : str
        UID of what kind of image it is.
    kept : bool
        Whether the UIDs are the file's own, because the user asked for that
        (PS3.15 E.3.9, Retain UIDs Option).
    frame : int or None
        Number of the frame in a multi-frame image, from 1 (PS3.3 C.7.6.6, Frame Number);
        None where the image is but one.
    """

    study: str
    series: str
    instance: str
    sop_class: str
    kept: bool = False
    frame: int | None = None
