"""What the metadata of a photograph says, by name and never by value."""

from __future__ import annotations

import re
from collections.abc import Mapping

from PIL import ExifTags, Image

_ORIENTATION = 0x0112
# Of the picture, not of a person; Exif's own pointers are named by what they point to.
_TECHNICAL = frozenset(
    {"ImageWidth", "ImageLength", "BitsPerSample", "Compression", "PhotometricInterpretation",
     "Orientation", "SamplesPerPixel", "XResolution", "YResolution", "ResolutionUnit",
     "PlanarConfiguration", "YCbCrPositioning", "YCbCrCoefficients", "ExifOffset", "GPSInfo",
     "ExifVersion", "FlashPixVersion", "ComponentsConfiguration", "ColorSpace", "ExifImageWidth",
     "ExifImageHeight", "ExifInteroperabilityOffset", "JpegIFOffset", "JpegIFByteCount",
     "StripOffsets", "StripByteCounts", "RowsPerStrip", "WhitePoint", "PrimaryChromaticities"}
)  # fmt: skip
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Notes:
    """Names of what was found, each once, in the order in which it was found."""

    def __init__(self) -> None:
        self._names: dict[str, None] = {}

    def add(self, name: str) -> None:
        """Note one."""
        self._names.setdefault(name)

    def add_exif(self, content: bytes) -> None:
        """Note what Exif metadata holds.

        Parameters
        ----------
        content : bytes
            From the header of the TIFF structure on, with or without "Exif" before it.
        """
        exif = Image.Exif()
        try:
            exif.load(content)
            tags = {**dict(exif), **exif.get_ifd(ExifTags.IFD.Exif)}
            gps = bool(exif.get_ifd(ExifTags.IFD.GPSInfo))
            thumbnail = bool(exif.get_ifd(ExifTags.IFD.IFD1))
        except Exception:
            self.add("Exif metadata that cannot be read")
            return
        if gps:
            self.add("GPS position")
        if thumbnail:
            self.add("embedded small picture")
        for tag in tags:
            self.add_tag(tag)

    def add_tag(self, tag: int) -> None:
        """Note one tag of TIFF or Exif, unless it only describes the picture."""
        name = ExifTags.TAGS.get(tag, "")
        if not name:
            self.add("tags of unknown meaning")
        elif name not in _TECHNICAL:
            self.add(_CAMEL.sub(" ", name.removeprefix("XP")).lower().replace("exif ", ""))

    def names(self) -> tuple[str, ...]:
        """Give them all."""
        return tuple(self._names)


def exif_with(orientation: int) -> bytes:
    """Write Exif metadata that says nothing but how the picture lies.

    Parameters
    ----------
    orientation : int
        0 to 8; 0 stands for a value that is not valid.

    Returns
    -------
    bytes
        From "Exif" on.
    """
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    return exif.tobytes()


def stated_orientation(metadata: Mapping[str, bytes | str]) -> int:
    """How metadata says that a picture lies, as Pillow understands them.

    Parameters
    ----------
    metadata : mapping
        Of what Pillow keeps in an image's ``info``: "exif", "xmp", ...

    Returns
    -------
    int
        1 to 8, 1 is upright; 0 for a value that is not valid.
    """
    image = Image.new("L", (1, 1))
    image.info.update(metadata)
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:
        # Damaged metadata of any kind must not cost the user the image.
        return 0
    return value if isinstance(value, int) and 1 <= value <= 8 else 0
