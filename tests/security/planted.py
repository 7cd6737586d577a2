"""Files with a name planted wherever a name can be, good ones and bad ones of every kind."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, PngImagePlugin

from tests.inputs.scan_files import dicom, tiff
from tests.security.watched import MARK

#: What must be read as text, wherever it is shown; without a slash, so that it fits a file's name.
MARKUP = (
    "=HYPERLINK(1) <img src=x onerror=window.harmed=1><script>window.harmed=1<script> "
    "[link](javascript:window.harmed=1) ![picture](data:planted) **planted** :red[planted] "
    ":material-home: $x^2$ `planted`"
)
RATE = 250


@dataclass(frozen=True)
class Planted:
    """Files that are uploaded together.

    Parameters
    ----------
    what : str
    files : dict of str to bytes
        By name.
    good : bool
        Whether the app can read them.
    """

    what: str
    files: dict[str, bytes]
    good: bool = True


def marked_ramp() -> npt.NDArray[np.uint8]:
    """A ramp of 64 x 64 pixels; the first of them spell the mark."""
    pixels = np.tile(np.linspace(0, 255, 64).astype(np.uint8), (64, 1))
    pixels[0, : len(MARK)] = np.frombuffer(MARK.encode(), np.uint8)
    return pixels


def png() -> bytes:
    """With text and EXIF."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", f"{MARK} author")
    exif = Image.Exif()
    exif[0x013B] = f"{MARK} artist"
    return _picture("PNG", pnginfo=notes, exif=exif)


def jpeg() -> bytes:
    """With EXIF, a place on earth among it."""
    exif = Image.Exif()
    exif[0x010E] = f"{MARK} description"
    exif.get_ifd(0x8825)[0x001D] = f"{MARK}"
    return _picture("JPEG", exif=exif, comment=f"{MARK} comment".encode())


def scans() -> list[Planted]:
    """Of the Scan page."""
    named = dicom(
        marked_ramp(), PatientName=f"{MARK}^Jane", PatientID=MARK, InstitutionName=f"{MARK} clinic",
        StudyDescription=f"{MARK} study", BodyPartExamined="CHEST",
    )  # fmt: skip
    page = f"<html><script>window.harmed=1</script>{MARK}</html>".encode()
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" onload="window.harmed=1">'
        f"<text>{MARK}</text></svg>"
    ).encode()
    return [
        Planted("PNG", {f"{MARK} one.png": png()}),
        Planted("JPEG", {f"{MARK} two.jpg": jpeg()}),
        Planted("TIFF", {f"{MARK}.tif": tiff(marked_ramp(), description=f"{MARK} tiff")}),
        Planted("DICOM", {f"{MARK}": named}),
        Planted("HTML", {f"{MARK}.html": page}, good=False),
        Planted("SVG", {f"{MARK}.svg": drawing}, good=False),
        Planted("PNG, cut short", {f"{MARK} cut.png": png()[:150]}, good=False),
        Planted("DICOM, cut short", {f"{MARK}.dcm": named[: len(named) - 900]}, good=False),
        Planted("nothing", {f"{MARK}.png": MARK.encode()}, good=False),
    ]


def signals() -> list[Planted]:
    """Of the Sequence page."""
    at = np.arange(30 * RATE) / RATE
    wave = np.exp(-((at[:, None] - np.append(np.arange(0.5, 30.0), 20.1)) ** 2) / 2e-4).sum(axis=1)
    rows = "\n".join(f"{t:.3f},{v:.4f},{v / 2:.4f}" for t, v in zip(at, wave, strict=True))
    csv = f"time (s),{MARK} II (mV),V5 (mV)\n{rows}\n".encode()
    digital = np.round(200 * np.column_stack([wave, wave / 2])).astype("<i2")
    # WFDB header(5): initial value and checksum, both of 16 bits.
    first, sums = digital[0], digital.sum(axis=0, dtype="<i2")
    head = (
        f"{MARK} 2 {RATE} {len(digital)}\n"
        f"{MARK}.dat 16 200/mV 16 0 {first[0]} {sums[0]} 0 {MARK} II\n"
        f"{MARK}.dat 16 200/mV 16 0 {first[1]} {sums[1]} 0 V5\n# {MARK} 63 M\n"
    )
    record = {f"{MARK}.hea": head.encode(), f"{MARK}.dat": digital.tobytes()}
    return [
        Planted("CSV", {f"{MARK}.csv": csv}),
        Planted("WFDB", record),
        Planted("WFDB without its data", {f"{MARK}.hea": head.encode()}, good=False),
        Planted("CSV of words", {f"{MARK}.csv": f"{MARK},{MARK}\na,{MARK}\n".encode()}, good=False),
    ]


def sequences() -> list[Planted]:
    """Of the Sequence page for bases."""
    letters = "".join(np.random.default_rng(0).choice(list("ACGT"), 60))
    genbank = (
        f"LOCUS       {MARK} 60 bp DNA\nDEFINITION  {MARK} gene\nORIGIN\n"
        f"        1 {letters.lower()}\n//\n"
    )
    return [
        Planted("FASTA", {f"{MARK}.fa": f">{MARK} gene\n{letters}\n".encode()}),
        Planted("GenBank", {f"{MARK}.gb": genbank.encode()}),
        Planted(
            "FASTA of words", {f"{MARK}.fa": f">{MARK}\n{MARK} is no base!\n".encode()}, good=False
        ),
    ]


def written_in_markup() -> dict[str, Planted]:
    """One good file a kind, all its names in `MARKUP`; by the task that reads it."""
    wave = np.sin(np.arange(30 * RATE) / 9) + (np.arange(30 * RATE) % RATE < 5)
    rows = "\n".join(f"{value:.3f},{value:.3f}" for value in wave)
    letters = "".join(np.random.default_rng(0).choice(list("ACGT"), 400))
    scan = dicom(
        marked_ramp(), PatientName=MARKUP[:60], StudyDescription=MARKUP[:64],
        SeriesDescription=MARKUP[60:124], BodyPartExamined="CHEST", Manufacturer=MARKUP[:64],
    )  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(f"{MARKUP}.png", png())
        file.writestr(f"{MARKUP}.txt", b"bad")
    return {
        "scan": Planted("scan", {f"{MARKUP}.dcm": scan}),
        "signal": Planted("signal", {f"{MARKUP}.csv": f"{MARKUP},V5\n{rows}\n".encode()}),
        "sequence": Planted("sequence", {f"{MARKUP}.fa": f">{MARKUP}\n{letters}\n".encode()}),
        "worklist": Planted("worklist", {f"{MARKUP}.zip": out.getvalue()}),
    }


def archive(name: str = MARK) -> bytes:
    """A ZIP archive of good and bad scans, for the worklist."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for number, planted in enumerate(scans()):
            for data in planted.files.values():
                file.writestr(f"{name}/{name} {number}", data)
    return out.getvalue()


def _picture(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(marked_ramp()).save(out, kind, **options)
    return out.getvalue()
