"""Decode one JPEG frame with GDCM; run as a program of its own by `gdcm_process`.

GDCM ends its process on some damaged streams, so that it must not live in the
app's. Stands alone: it is started isolated and imports nothing of the project.
"""

from __future__ import annotations

import contextlib
import json
import sys
from typing import Any

import gdcm

_MEMORY = 3 * 2**30


def main() -> None:
    """Read a line of JSON and a stream from standard input, write the frame to output."""
    # Windows has no resource limits.
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    described = json.loads(sys.stdin.buffer.readline())
    sys.stdout.buffer.write(_decode(sys.stdin.buffer.read(), described))


def _decode(stream: bytes, described: dict[str, Any]) -> bytes:
    fragment = gdcm.Fragment()
    fragment.SetByteStringValue(stream)
    fragments = gdcm.SequenceOfFragments.New()
    fragments.AddFragment(fragment)
    element = gdcm.DataElement(gdcm.Tag(0x7FE0, 0x0010))
    element.SetValue(fragments.__ref__())
    image = gdcm.Image()
    image.SetNumberOfDimensions(2)
    image.SetDimensions((described["columns"], described["rows"], 1))
    image.SetDataElement(element)
    photometric = gdcm.PhotometricInterpretation.GetPIType(described["photometric"])
    image.SetPhotometricInterpretation(gdcm.PhotometricInterpretation(photometric))
    if described["samples"] != 1:
        image.SetPlanarConfiguration(described["planar"])
    syntax = gdcm.TransferSyntax.GetTSType(described["syntax"])
    image.SetTransferSyntax(gdcm.TransferSyntax(syntax))
    stored = described["stored"]
    image.SetPixelFormat(
        gdcm.PixelFormat(
            described["samples"], described["allocated"], stored, stored - 1, described["signed"]
        )
    )
    # The binding hands bytes over as text; None, where decoding failed, ends in an error.
    frame: bytes = image.GetBuffer().encode("utf-8", "surrogateescape")
    return frame


if __name__ == "__main__":
    main()
