"""What kind of file some bytes are, told from their content and never from a name."""

from __future__ import annotations

import struct

# Object identifier of enveloped data (RFC 5652), how DICOM media are encrypted (PS3.15, B.8).
_ENVELOPED = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03"

# How much of a file is looked at; a file is never searched to its end.
_HEAD = 4096

_DESCRIPTIONS = {
    "empty": "an empty file",
    "png": "a PNG image",
    "jpeg": "a JPEG image",
    "tiff": "a TIFF image",
    "bmp": "a BMP image",
    "webp": "a WebP image",
    "gif": "a GIF image",
    "dicom": "a DICOM file",
    "jpeg2000": "a bare JPEG 2000 image",
    "jpegls": "a bare JPEG-LS image",
    "jpegxl": "a JPEG XL image",
    "heif": "a HEIC or AVIF photograph",
    "svg": "an SVG drawing",
    "photoshop": "a Photoshop document",
    "video": "a video",
    "audio": "a sound file",
    "nifti": "a NIfTI volume",
    "hdf5": "an HDF5 file",
    "matlab": "a MATLAB file",
    "numpy": "a NumPy array",
    "edf": "an EDF recording",
    "zip": "a ZIP archive",
    "office": "an office document (Word, Excel or PowerPoint)",
    "ole": "an old office document (Word, Excel or PowerPoint)",
    "gzip": "a gzip archive",
    "bzip2": "a bzip2 archive",
    "xz": "an xz archive",
    "7z": "a 7-Zip archive",
    "rar": "a RAR archive",
    "tar": "a tar archive",
    "pdf": "a PDF document",
    "rtf": "an RTF document",
    "html": "a web page (HTML)",
    "xml": "an XML document",
    "json": "a JSON document",
    "elf": "a program (Linux executable)",
    "exe": "a program (Windows executable)",
    "macho": "a program (macOS executable)",
    "script": "a program (script)",
    "sqlite": "a database",
    "encrypted": "an encrypted file",
    "wfdb-header": "a WFDB header (.hea), the description of a recording",
    "table": "a table of numbers in text (CSV, for example an ECG)",
    "text": "plain text",
    "zeros": "a file of zeros only",
    "unknown": "a file of unknown kind",
}

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff\xf7", "jpegls"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "jpeg2000"),
    (b"\xff\x4f\xff\x51", "jpeg2000"),
    (b"\xff\x0a", "jpegxl"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "jpegxl"),
    (b"8BPS", "photoshop"),
    (b"\x1aE\xdf\xa3", "video"),
    (b"ID3", "audio"),
    (b"OggS", "audio"),
    (b"fLaC", "audio"),
    (b"\x89HDF\r\n\x1a\n", "hdf5"),
    (b"MATLAB 5.0", "matlab"),
    (b"\x93NUMPY", "numpy"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"PK\x05\x06", "zip"),
    (b"PK\x07\x08", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"{\\rtf", "rtf"),
    (b"\x7fELF", "elf"),
    (b"\xcf\xfa\xed\xfe", "macho"),
    (b"\xfe\xed\xfa\xcf", "macho"),
    (b"\xca\xfe\xba\xbe", "macho"),
    (b"#!", "script"),
    (b"SQLite format 3\0", "sqlite"),
    (b"Salted__", "encrypted"),
    (b"-----BEGIN PGP MESSAGE", "encrypted"),
)

_DICOM_VRS = frozenset(
    b"AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV "
    b"TM UC UI UL UN UR US UT UV".split()
)


def kind(data: bytes) -> str:
    """Tell the kind of a file by its content.

    Parameters
    ----------
    data : bytes
        The whole file or its beginning.

    Returns
    -------
    str
        A short key: "png", "jpeg", "tiff", "bmp", "webp", "gif", "dicom",
        "zip", "html", "pdf", "wfdb-header", "table", "text", "unknown", ...
        (one for each phrase that `describe` knows).
    """
    if not data:
        return "empty"
    head = bytes(data[:_HEAD])
    # A DICOM preamble may hold the magic of a TIFF or of a program (PS3.10, 7.1),
    # so that the prefix behind it decides first.
    if head[128:132] == b"DICM":
        return "dicom"
    return _binary_kind(head) or _text_kind(head)


def describe(data: bytes) -> str:
    """Name the kind of a file in plain words.

    Parameters
    ----------
    data : bytes
        The whole file or its beginning.

    Returns
    -------
    str
        A noun phrase with its article: "a ZIP archive", "a web page (HTML)".

    Examples
    --------
    >>> describe(b"%PDF-1.7")
    'a PDF document'
    """
    return _DESCRIPTIONS[kind(data)]


def _binary_kind(head: bytes) -> str:
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if head.startswith(b"PK\x03\x04"):
        return "office" if b"[Content_Types].xml" in head or b"word/" in head else "zip"
    if head.startswith(b"RIFF") and len(head) >= 12:
        return {b"WEBP": "webp", b"AVI ": "video", b"WAVE": "audio"}.get(head[8:12], "unknown")
    # "BM" alone could open a text: the size of the next header must be one that exists.
    sizes = (12, 16, 40, 52, 56, 64, 108, 124)
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in sizes:
        return "bmp"
    # A table may open with "0" and spaces too, but its lines end.
    if head.startswith(b"0       ") and len(head) >= 256 and b"\n" not in head[:256]:
        return "edf"
    if head[4:8] == b"ftyp":
        still = (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"avif", b"avis")
        return "heif" if head[8:12] in still else "video"
    if head[344:348] in (b"n+1\0", b"ni1\0"):
        return "nifti"
    if head[257:262] == b"ustar":
        return "tar"
    if head.startswith(b"MZ") and b"\0" in head:
        return "exe"
    if head.startswith(b"\x30") and _ENVELOPED in head[:32]:
        return "encrypted"
    if _bare_dicom(head):
        return "dicom"
    if not head.strip(b"\0"):
        return "zeros"
    # PDF readers accept the mark anywhere in the first kilobyte.
    if b"%PDF-" in head[:1024]:
        return "pdf"
    return ""


def _bare_dicom(head: bytes) -> bool:
    """Whether a file without the DICOM preamble starts with plausible elements.

    Group 0002 (file meta information) or 0008 (identification) comes first in
    every DICOM file; a known value representation or a short even length must follow.
    """
    if len(head) < 16:
        return False
    for order in ("<", ">"):
        group, element = struct.unpack_from(order + "HH", head, 0)
        if group not in (0x0002, 0x0008) or element > 0x2500:
            continue
        if head[4:6] in _DICOM_VRS:
            return True
        length = struct.unpack_from(order + "I", head, 4)[0]
        if 0 < length <= 256 and length % 2 == 0 and len(head) >= 12 + length:
            following = struct.unpack_from(order + "HH", head, 8 + length)
            if following[0] == group and following[1] > element:
                return True
    return False


def _text_kind(head: bytes) -> str:
    text = _as_text(head)
    if text is None:
        return "unknown"
    start = text.lstrip().lower()
    if start.startswith("<svg") or (start.startswith("<?xml") and "<svg" in start):
        return "svg"
    if start.startswith(("<!doctype html", "<html", "<head", "<body")) or "<html" in start[:1024]:
        return "html"
    if start.startswith(("<?xml", "<!doctype")):
        return "xml"
    if start.startswith(("{", '["', "[{")):
        return "json"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return "text"
    if _is_wfdb_header(lines):
        return "wfdb-header"
    return "table" if _is_table(lines, cut=len(head) == _HEAD) else "text"


def _as_text(head: bytes) -> str | None:
    """Decode text, or None when the bytes are not text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", errors="ignore")
    else:
        if b"\0" in head:
            return None
        try:
            text = head.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            # A cut through a character at the end of the head is still UTF-8.
            cut = error.start >= len(head) - 3
            text = head[: error.start].decode() if cut else head.decode("latin-1")
    odd = sum(not (character.isprintable() or character in "\t\r\n\f") for character in text)
    return text if odd <= len(text) * 0.01 else None


def _is_wfdb_header(lines: list[str]) -> bool:
    """Whether the first line is "record leads [rate [samples]]" and a signal line follows."""
    lines = [line for line in lines if not line.startswith("#")]
    if len(lines) < 2:
        return False
    record, signal = lines[0].split(), lines[1].split()
    leads = record[1] if len(record) > 1 else ""
    return leads.isdigit() and len(signal) >= 2 and signal[0].endswith((".dat", ".mat"))


def _is_table(lines: list[str], *, cut: bool) -> bool:
    """Whether most lines hold nothing but numbers, times and separators."""
    if cut and len(lines) > 1:
        lines = lines[:-1]
    lines = [line for line in lines if not line.startswith(("#", "%", "//"))]
    numeric = sum(
        any(c.isdigit() for c in line)
        and sum(c.isdigit() or c in " \t,;.:+-eE\"'[]|/" for c in line) >= 0.9 * len(line)
        for line in lines
    )
    return numeric > 0 and numeric >= 0.5 * len(lines)
