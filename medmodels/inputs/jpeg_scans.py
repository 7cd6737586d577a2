"""How often a JPEG draws over its own picture, told before it is decoded."""

from __future__ import annotations

from medmodels.inputs.errors import InputError
from medmodels.inputs.refusals import EXPECTED_SCAN

#: A progressive JPEG has about ten scans. Each costs a pass over the whole picture,
#: and a scan without content three bytes: a thousand of them in 300 kB took 35 s.
#: The bound is that of libtiff for the JPEGs inside a TIFF.
MAX_SCANS = 100

# Start of scan (ITU-T T.81, table B.1). Within coded data 0xFF is followed by 0 or
# by a restart marker, so that this can stand there only as a marker.
_START_OF_SCAN = b"\xff\xda"


def check_scans(stream: bytes) -> None:
    """Refuse a JPEG with so many scans that decoding it would never end.

    Parameters
    ----------
    stream : bytes
        One JPEG, from its start of image on.

    Raises
    ------
    InputError
        More than `MAX_SCANS`.
    """
    count = stream.count(_START_OF_SCAN)
    if count > MAX_SCANS:
        raise InputError(
            f"a JPEG image that draws over itself {count:,} times.",
            EXPECTED_SCAN,
            "Export the image again from its source; do not trust this file.",
        )
