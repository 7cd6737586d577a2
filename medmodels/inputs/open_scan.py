"""The front door for scans: bytes in, one `Scan` out."""

from __future__ import annotations

import hashlib

from medmodels.inputs.airlock import Admitted
from medmodels.inputs.decoded import to_scan
from medmodels.inputs.errors import InputError
from medmodels.inputs.limits import check_bytes, check_frame
from medmodels.inputs.refusals import EXPECTED_SCAN
from medmodels.inputs.scan import Scan
from medmodels.inputs.sniff import describe, kind

# What to do with the kinds that are uploaded by mistake most often.
_ACTIONS = {
    "empty": "Copy or export the file again; nothing arrived.",
    "zeros": "Copy or export the file again; its content was lost.",
    "zip": "Unpack the archive and upload the image inside.",
    "gzip": "Unpack the archive and upload the image inside.",
    "7z": "Unpack the archive and upload the image inside.",
    "rar": "Unpack the archive and upload the image inside.",
    "tar": "Unpack the archive and upload the image inside.",
    "pdf": "Export the image itself from where the document was made.",
    "html": "Save the image itself, not the page that shows it.",
    "table": "If this is an ECG, upload it on the page for sequences.",
    "wfdb-header": "If this is an ECG, upload it on the page for sequences.",
    "edf": "If this is an ECG, save it as CSV and upload it on the page for sequences.",
    "encrypted": "Decrypt the file where it came from, then upload it.",
    "gif": "Save the image as PNG.",
    "heif": "Save the photograph as JPEG or PNG.",
    "jpeg2000": "Save the image as PNG, or upload the DICOM file it came from.",
    "jpegls": "Save the image as PNG, or upload the DICOM file it came from.",
    "jpegxl": "Save the image as PNG.",
    "svg": "Save the image as PNG.",
}
_OTHER = "Choose the image file itself, or export it again from its source."


def open_scan(item: bytes | Admitted, *, frame: int = 0) -> Scan:
    """Decode an image of any readable kind, told by its content.

    Parameters
    ----------
    item : bytes or Admitted
        The whole file: PNG, JPEG, TIFF, BMP, WebP or DICOM; or one that went through
        the airlock, whose digest is that of the file that came.
    frame : int
        Which frame of a DICOM or page of a TIFF, from 0; only this one is decoded.

    Returns
    -------
    Scan

    Raises
    ------
    InputError
        Whatever is wrong with the file, and nothing else is raised.
    """
    admitted = item if isinstance(item, Admitted) else None
    if admitted is not None and admitted.refused is not None:
        raise admitted.refused.alone()
    if admitted is not None and admitted.final:
        check_frame(frame, len(admitted.final))
        return admitted.final[frame]
    data = item.data if isinstance(item, Admitted) else item
    check_bytes(len(data))
    found = kind(data)
    digest = admitted.digest if admitted else hashlib.sha256(data).hexdigest()
    # The decoders are imported when their first file arrives, not at the app's start.
    if found == "dicom":
        from medmodels.inputs.dicom import read_dicom

        origin = admitted.origin if admitted else None
        return read_dicom(data, frame=frame, digest=digest, origin=origin)
    if found == "tiff":
        from medmodels.inputs.tiff import decode_tiff

        return to_scan(decode_tiff(data, frame), name="TIFF", digest=digest, frame=frame)
    from medmodels.inputs.raster import NAMES, decode_raster

    if found in NAMES:
        decoded = decode_raster(data, found, frame)
        return to_scan(decoded, name=NAMES[found], digest=digest, frame=frame)
    raise InputError(f"{describe(data)}.", EXPECTED_SCAN, _ACTIONS.get(found, _OTHER))
