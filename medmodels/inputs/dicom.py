"""DICOM images through pydicom, without anything that identifies a person."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from pydicom.dataset import Dataset

from medmodels.inputs.burned_in import STATED_NOTE
from medmodels.inputs.decoded import CONSTANT, finite, grey_if_grey
from medmodels.inputs.dicom_frame import compression, decode_frame, number_of_frames
from medmodels.inputs.dicom_parse import WHAT, origin_of, parse
from medmodels.inputs.dicom_quiet import quiet
from medmodels.inputs.dicom_terms import MODALITIES, VIEWS, body_part, term
from medmodels.inputs.dicom_values import (
    frame_item,
    modality_values,
    padding_mask,
    palette_colours,
)
from medmodels.inputs.dicom_windows import file_windows
from medmodels.inputs.errors import InputError
from medmodels.inputs.origin import Origin
from medmodels.inputs.refusals import decoding
from medmodels.inputs.scan import Scan, Window
from medmodels.inputs.windows import (
    FULL_RANGE,
    between,
    colour_windows,
    contrast_windows,
    ct_presets,
    mirrored,
    raster_windows,
)

_GREY = ("MONOCHROME1", "MONOCHROME2")
_COLOUR = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT")


def read_dicom(data: bytes, *, frame: int, digest: str, origin: Origin | None = None) -> Scan:
    """Decode one frame of a DICOM file.

    Parameters
    ----------
    data : bytes
        The whole file, with or without preamble.
    frame : int
        From 0; only this one is decoded.
    digest : str
        SHA-256 of the file that came.
    origin : Origin, optional
        Of a file that went through the airlock; without it, the file's UIDs are
        replaced by new ones here.

    Returns
    -------
    Scan
        Holds modality, body part, view, spacing and origin, and no other element.

    Raises
    ------
    InputError
        Not an image, damaged, encrypted, too large, or not decodable.
    """
    with quiet():
        dataset = parse(data)
        with decoding(WHAT):
            photometric, notes = _photometric(dataset)
        stored = decode_frame(dataset, frame)
        with decoding(WHAT):
            frames = number_of_frames(dataset)
            whole = origin or origin_of(dataset, digest)
            if photometric in _GREY:
                pixels, windows, more = _grey(stored, dataset, frame, photometric)
                value_range = (float(pixels.min()), float(pixels.max()))
            else:
                pixels, windows, value_range, more = _colour(stored, dataset, photometric)
            notes += more
            spacing, more = _spacing(dataset, frame)
            notes += more
            if str(dataset.get("BurnedInAnnotation") or "").upper() == "YES":
                notes.append(STATED_NOTE)
            if pixels.min() == pixels.max():
                notes.append(CONSTANT)
            return Scan(
                pixels=pixels,
                value_range=value_range,
                windows=windows,
                source=f"DICOM, {compression(dataset)}, {_depth(dataset, photometric)}",
                digest=digest,
                frame=frame,
                frames=frames,
                spacing_mm=spacing,
                modality=term(dataset.get("Modality"), MODALITIES),
                body_part=body_part(dataset.get("BodyPartExamined")),
                view=term(dataset.get("ViewPosition"), VIEWS),
                notes=tuple(notes),
                origin=replace(whole, frame=frame + 1) if frames > 1 else whole,
            )


def _photometric(dataset: Dataset) -> tuple[str, list[str]]:
    stated = str(dataset.get("PhotometricInterpretation") or "").strip().upper()
    if not stated:
        dataset.PhotometricInterpretation = "MONOCHROME2"
        if int(dataset.SamplesPerPixel) == 3:
            dataset.PhotometricInterpretation = "RGB"
        assumed = "grey" if int(dataset.SamplesPerPixel) == 1 else "RGB"
        note = f"The file does not say what its values mean; read as {assumed}."
        return str(dataset.PhotometricInterpretation), [note]
    if stated not in (*_GREY, *_COLOUR, "PALETTE COLOR"):
        raise InputError(
            "a DICOM image in a colour space that is no longer used.",
            "a DICOM image in grey, RGB, YBR or palette colour.",
            "Export the image as grey or RGB, then upload it.",
        )
    return stated, []


def _grey(
    stored: np.ndarray, dataset: Dataset, frame: int, photometric: str
) -> tuple[np.ndarray, tuple[Window, ...], list[str]]:
    if stored.ndim != 2:
        raise ValueError("a grey image has one sample per pixel")
    padding = padding_mask(stored, dataset)
    module = frame_item(dataset, frame, "PixelValueTransformationSequence")
    values, (low, high), notes = modality_values(stored, module, dataset)
    pixels, more = finite(values)
    windows, window_notes = file_windows(frame_item(dataset, frame, "FrameVOILUTSequence"))
    notes += more + window_notes
    if photometric == "MONOCHROME1":
        pixels = np.float32(low + high) - pixels
        windows = tuple(mirrored(window, low + high) for window in windows)
        notes.append(
            "Stored with low values white (MONOCHROME1); inverted so that dense is bright."
        )
    valid = pixels
    if padding is not None:
        valid = pixels[~padding]
        pixels = np.where(padding, valid.min(), pixels)
        share = 100 * np.count_nonzero(padding) / padding.size
        notes.append(f"{share:.2g}% of the pixels are padding; they are shown as the lowest value.")
    if not windows and high - low <= 255:
        # Eight bits without a window were windowed when they were made, as a JPEG is.
        windows = raster_windows(valid, (low, high))
        return pixels, windows, notes
    windows, more = _all_windows(windows, valid, term(dataset.get("Modality"), MODALITIES))
    return pixels, windows, notes + more


def _all_windows(
    from_file: tuple[Window, ...], valid: np.ndarray, modality: str
) -> tuple[tuple[Window, ...], list[str]]:
    """Put the file's windows first, unless they show none of the image."""
    low, high = float(valid.min()), float(valid.max())
    fitted, *presets = contrast_windows(valid)
    if modality == "CT":
        presets = list(ct_presets())
    rest = (fitted, between(FULL_RANGE, low, high), *presets)
    notes = []
    useful = tuple(
        w for w in from_file if w.centre - w.width / 2 < high and w.centre + w.width / 2 > low
    )
    if len(useful) < len(from_file) and high > low:
        notes.append("A window in the file lies outside its pixel values and is not offered.")
        from_file = useful
    if not from_file:
        notes.append("No usable window in the file; the window is fitted to the image.")
    return (*from_file, *rest), notes


def _colour(
    stored: np.ndarray, dataset: Dataset, photometric: str
) -> tuple[np.ndarray, tuple[Window, ...], tuple[float, float], list[str]]:
    if photometric == "PALETTE COLOR":
        colours, top = palette_colours(stored, dataset), 255.0
    else:
        colours, top = stored, 2.0 ** int(dataset.BitsStored) - 1
    if colours.ndim != 3 or colours.shape[2] != 3:
        raise ValueError("a colour image has three samples per pixel")
    grey = grey_if_grey(colours)
    if grey is None:
        pixels, notes = finite(colours)
        pixels *= np.float32(255 / top)
        return pixels, colour_windows(), (0.0, 255.0), notes
    pixels, notes = finite(grey)
    notes.append("Stored as colour, but all pixels are grey; read as grey.")
    value_range = (float(pixels.min()), float(pixels.max()))
    windows = (between(FULL_RANGE, 0.0, top), *contrast_windows(pixels))
    return pixels, windows, value_range, notes


def _spacing(dataset: Dataset, frame: int) -> tuple[tuple[float, float] | None, list[str]]:
    """Row and column spacing, millimetres (C.7.6.2.1.1, C.8.7.1 and C.7.6.16.2.1)."""
    measures = frame_item(dataset, frame, "PixelMeasuresSequence")
    for source, keyword in (
        (measures, "PixelSpacing"),
        (dataset, "PixelSpacing"),
        (dataset, "ImagerPixelSpacing"),
        (dataset, "NominalScannedPixelSpacing"),
    ):
        try:
            row, column = (float(v) for v in source.get(keyword) or ())
        except (TypeError, ValueError):
            continue
        if all(math.isfinite(v) and 0 < v < 100 for v in (row, column)):
            detector = keyword == "ImagerPixelSpacing"
            note = "Spacing is that of the detector: the body appears magnified on it."
            return (row, column), [note] if detector else []
    return None, []


def _depth(dataset: Dataset, photometric: str) -> str:
    bits = int(dataset.get("BitsStored") or dataset.BitsAllocated)
    kind = "grey" if photometric in _GREY else "colour"
    if photometric == "PALETTE COLOR":
        kind = "palette colour"
    signed = " signed" if int(dataset.get("PixelRepresentation") or 0) else ""
    return f"{bits}-bit{signed} {kind}"
