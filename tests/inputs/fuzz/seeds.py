"""Small real files of every kind that a reader takes, the same bytes in every run."""

from __future__ import annotations

import functools
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pydicom
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pydicom import uid
from pydicom.data import get_testdata_file

from medmodels.samples import SAMPLES
from tests.inputs.ecg_drawing import draw
from tests.inputs.fuzz.wfdb_sets import wfdb_sets
from tests.inputs.scan_files import dicom, picture, ramp, tiff, written

#: Stands in names, tags, comments and file names; no message may repeat it.
PLANTED = "Mustermann"


@dataclass(frozen=True)
class Seed:
    """A file, or the files of one record, and the reader it is for.

    Parameters
    ----------
    reader : str
        "scan", "signal", "sequence", "pasted" or "archive".
    files : dict of str to bytes
        By name; the first is the one that is mutated most.
    """

    reader: str
    files: dict[str, bytes]


GREY8, GREY12 = ramp(64, 64), ramp(64, 64, top=4095)
RGB8 = np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8)
_SMOOTH = np.stack([GREY8, GREY8.T, GREY8[::-1]], axis=-1)


def _dicom(pixels: np.ndarray, name: str, **options: object) -> bytes:
    """A DICOM file whose identifiers are the same in every run."""
    dataset = pydicom.dcmread(io.BytesIO(dicom(pixels, **options)))  # type: ignore[arg-type]
    instance = uid.generate_uid(entropy_srcs=[name])
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = instance
    dataset.PatientName = f"{PLANTED}^{name}"
    dataset.PatientComments = PLANTED
    if dataset.file_meta.TransferSyntaxUID == uid.ExplicitVRBigEndian:
        # Its pixels lie swapped already; `written` would swap them back.
        width = dataset.BitsAllocated // 8
        dataset.PixelData = np.frombuffer(dataset.PixelData, f">u{width}").byteswap().tobytes()
    return written(dataset)


def _shipped(name: str) -> bytes:
    """One of pydicom's own test files; no download."""
    path = get_testdata_file(name, download=False)
    assert path is not None, name
    return Path(str(path)).read_bytes()


def _scans() -> dict[str, bytes]:
    words = PngInfo()
    words.add_text("Author", PLANTED)
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = PLANTED, 6
    palette = Image.fromarray(RGB8).quantize(16)
    signed = (GREY12.astype(np.int32) - 2048).astype(np.int16)
    return {
        "png-8": picture(GREY8, "PNG", pnginfo=words),
        "png-16": picture(GREY12, "PNG"),
        "png-palette": picture(palette, "PNG"),
        "png-alpha": picture(np.dstack([RGB8, GREY8]), "PNG"),
        "jpeg": picture(_SMOOTH, "JPEG", exif=exif),
        "jpeg-grey": picture(GREY8, "JPEG"),
        "jpeg-progressive": picture(_SMOOTH, "JPEG", progressive=True, comment=PLANTED.encode()),
        "jpeg-cmyk": picture(Image.fromarray(_SMOOTH).convert("CMYK"), "JPEG"),
        "bmp": picture(RGB8, "BMP"),
        "bmp-palette": picture(palette, "BMP"),
        "webp": picture(RGB8, "WEBP"),
        "webp-lossless": picture(RGB8, "WEBP", lossless=True, exif=exif.tobytes()),
        "webp-animated": picture(
            Image.fromarray(RGB8), "WEBP", save_all=True,
            append_images=[Image.fromarray(_SMOOTH)], duration=9,
        ),
        "tiff": picture(GREY12, "TIFF", description=PLANTED),
        "tiff-lzw": picture(RGB8, "TIFF", compression="tiff_lzw"),
        "tiff-jpeg": picture(_SMOOTH, "TIFF", compression="jpeg"),
        "tiff-fax": picture(Image.fromarray(GREY8).convert("1"), "TIFF", compression="group4"),
        "tiff-rgb16": tiff(RGB8.astype(np.uint16) * 256, photometric="rgb", compression="zlib"),
        "tiff-float": tiff(GREY12.astype(np.float32), tile=(32, 32)),
        "tiff-big": tiff(np.stack([GREY12, GREY12]), bigtiff=True, byteorder=">"),
        "dicom": _dicom(signed, "a", bits=12, WindowCenter=40, WindowWidth=400,
                        RescaleSlope=2, RescaleIntercept=-1024),
        "dicom-implicit": _dicom(GREY12, "b", syntax=uid.ImplicitVRLittleEndian),
        "dicom-big-endian": _dicom(GREY12, "c", syntax=uid.ExplicitVRBigEndian),
        "dicom-deflated": _dicom(GREY12, "d", syntax=uid.DeflatedExplicitVRLittleEndian),
        "dicom-rle": _dicom(np.stack([GREY12, GREY12]), "e", compress=uid.RLELossless),
        "dicom-jpegls": _dicom(GREY12, "f", compress=uid.JPEGLSLossless),
        "dicom-jpeg2000": _dicom(RGB8, "g", photometric="RGB", compress=uid.JPEG2000Lossless),
        "dicom-palette": _dicom(
            GREY8, "h", photometric="PALETTE COLOR",
            **{f"{c}PaletteColorLookupTableDescriptor": [256, 0, 16]
               for c in ("Red", "Green", "Blue")},
            **{f"{c}PaletteColorLookupTableData": np.arange(256, dtype="<u2").tobytes()
               for c in ("Red", "Green", "Blue")},
        ),
        "dicom-mr": _shipped("MR_small.dcm"),
        "dicom-ybr": _shipped("SC_rgb_dcmtk_+eb+cr.dcm"),
        "dicom-jpeg-gdcm": _shipped("SC_rgb_jpeg_gdcm.dcm"),
        "dicom-jpeg-extended": _shipped("JPGExtended.dcm"),
        "dicom-report": _shipped("test-SR.dcm"),
        "dicom-structures": _shipped("rtstruct.dcm"),
        "dicom-nested": _shipped("nested_priv_SQ.dcm"),
    }  # fmt: skip


def _tables() -> dict[str, bytes]:
    """Signals as text, in the layouts that recorders write."""
    signal = draw(np.arange(0.5, 5.6, 0.8), 125, 6)
    rows = list(zip(np.arange(len(signal.samples)) / 125, *signal.samples.T, strict=True))
    comma = f"# {PLANTED}, Erika\ntime (s),MLII (mV),V1 (mV)\n" + "".join(
        f"{t:.3f},{a:.4f},{b:.4f}\n" for t, a, b in rows
    )
    german = f"Name;{PLANTED}\nAbtastrate;125 Hz\nZeit;I;II\n" + "".join(
        f"{t:.3f};{a:.4f};{b:.4f}\n".replace(".", ",") for t, a, b in rows
    )
    quoted = '"clock","ch1 [uV]","ch2 [uV]"\n' + "".join(
        f'"0:00:{t:06.3f}","{1000 * a:.1f}","{1000 * b:.1f}"\n' for t, a, b in rows
    )
    beats = np.clip(draw(np.array([0.3]), 125, 1.496, noise=0).samples[:187, 0], 0, 1)
    return {
        "csv": comma.encode(),
        "csv-german": german.encode("latin-1"),
        "csv-quoted": quoted.encode("utf-8-sig"),
        "tsv-utf16": comma.replace(",", "\t").encode("utf-16"),
        "csv-plain": "".join(f"{round(200 * a)}\n" for _, a, _ in rows).encode(),
        "csv-spaces": "".join(f"{t:9.3f} {a:9.4f}\r\n" for t, a, _ in rows).encode(),
        "csv-beats": "".join(
            ",".join(f"{v:.4f}" for v in [*beats, k % 5]) + "\n" for k in range(6)
        ).encode(),
    }


def _sequences() -> dict[str, bytes]:
    drawn = np.random.default_rng(3).integers(0, 4, 600)
    bases = "".join(np.array(list("ACGT"))[drawn])
    lines = [bases[i : i + 60] for i in range(0, 600, 60)]
    numbered = "".join(
        f"{1 + 60 * i:>9} {' '.join(line.lower()[k : k + 10] for k in range(0, 60, 10))}\n"
        for i, line in enumerate(lines)
    )
    embl = "".join(
        f"     {' '.join(line.lower()[k : k + 10] for k in range(0, 60, 10))} {60 * i + 60:>9}\n"
        for i, line in enumerate(lines)
    )
    return {
        "fasta": f">{PLANTED} exon 1\n{bases[:240]}\n>two\n{bases[240:]}\n".encode(),
        "fasta-sample": (SAMPLES / "dna-two-introns.fa").read_bytes(),
        "genbank": (
            f"LOCUS       X{' ' * 10}600 bp    DNA     linear   PRI 01-JAN-2000\n"
            f"DEFINITION  {PLANTED}.\nFEATURES             Location/Qualifiers\n"
            f"     source          1..600\nORIGIN\n{numbered}//\n"
        ).encode(),
        "embl": (
            f"ID   X; SV 1; linear; genomic DNA; STD; HUM; 600 BP.\nDE   {PLANTED}\n"
            f"SQ   Sequence 600 BP;\n{embl}//\n"
        ).encode(),
        "table": (
            "name,sequence,label\n"
            + "".join(f"{PLANTED} {i},{line},EI\n" for i, line in enumerate(lines))
        ).encode(),
        "table-uci": "".join(
            f"EI,    {PLANTED}-{i},     {line}\n" for i, line in enumerate(lines)
        ).encode(),
        "bases": ("\n".join(lines) + "\n").encode(),
        "bases-utf16": "\r\n".join(lines).encode("utf-16"),
    }


def _archive(files: dict[str, bytes], method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), data, method)
    return out.getvalue()


@functools.cache
def seeds() -> dict[str, Seed]:
    """Every seed by its name."""
    scans, tables, sequences = _scans(), _tables(), _sequences()
    found = {name: Seed("scan", {f"{PLANTED}.img": data}) for name, data in scans.items()}
    found |= {name: Seed("signal", {f"{PLANTED}.csv": data}) for name, data in tables.items()}
    found |= {
        f"wfdb-{fmt}": Seed("signal", {f"{PLANTED}{ending}": data for ending, data in files})
        for fmt, files in wfdb_sets(PLANTED)
    }
    found |= {name: Seed("sequence", {f"{PLANTED}.fa": data}) for name, data in sequences.items()}
    found |= {
        f"pasted-{name}": Seed("pasted", {"": sequences[name]})
        for name in ("fasta", "genbank", "table", "bases")
    }
    mixed = {
        f"{PLANTED}/a.png": scans["png-8"],
        f"{PLANTED}/b.dcm": scans["dicom"],
        "c.csv": tables["csv"],
        "d.fa": sequences["fasta"],
    }
    record = dict(wfdb_sets(PLANTED)[0][1])
    found["zip"] = Seed("archive", {f"{PLANTED}.zip": _archive(mixed, zipfile.ZIP_DEFLATED)})
    found["zip-stored"] = Seed("archive", {f"{PLANTED}.zip": _archive(mixed, zipfile.ZIP_STORED)})
    found["zip-bzip2"] = Seed(
        "archive",
        {f"{PLANTED}.zip": _archive({f"r{k}": v for k, v in record.items()}, zipfile.ZIP_BZIP2)},
    )
    found["zip-lzma"] = Seed(
        "archive", {f"{PLANTED}.zip": _archive({"a.png": scans["png-16"]}, zipfile.ZIP_LZMA)}
    )
    return found
