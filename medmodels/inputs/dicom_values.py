"""From stored DICOM values to the pixels of a scan (PS3.3, C.11.1 and C.7.6.3)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pydicom.dataset import Dataset
from pydicom.pixels import apply_color_lut, apply_modality_lut

from medmodels.inputs.decoded import over_black


def frame_item(dataset: Dataset, frame: int, keyword: str) -> Dataset:
    """Find the macro that applies to a frame.

    Parameters
    ----------
    dataset : Dataset
    frame : int
    keyword : str
        Of a functional group sequence ("FrameVOILUTSequence").

    Returns
    -------
    Dataset
        The frame's own item, else the item shared by all frames, else the
        data set itself.
    """
    own = dataset.get("PerFrameFunctionalGroupsSequence") or []
    shared = dataset.get("SharedFunctionalGroupsSequence") or []
    groups = [*own[frame : frame + 1], *shared[:1]]
    for group in groups:
        if sequence := group.get(keyword):
            return sequence[0]
    return dataset


def padding_mask(stored: np.ndarray, dataset: Dataset) -> np.ndarray | None:
    """Mark the pixels that pad the image to a rectangle (C.7.5.1.1.2).

    Parameters
    ----------
    stored : ndarray, integer, shape (H, W)
    dataset : Dataset

    Returns
    -------
    ndarray of bool, shape (H, W), or None
        None when nothing, or everything, is padding.
    """
    value = dataset.get("PixelPaddingValue")
    if not isinstance(value, int) or stored.dtype.kind == "f":
        return None
    limit = dataset.get("PixelPaddingRangeLimit")
    limit = limit if isinstance(limit, int) else value
    mask = (stored >= min(value, limit)) & (stored <= max(value, limit))
    return mask if mask.any() and not mask.all() else None


def modality_values(
    stored: np.ndarray, module: Dataset, dataset: Dataset
) -> tuple[np.ndarray, tuple[float, float], list[str]]:
    """Apply the modality LUT or rescale.

    Parameters
    ----------
    stored : ndarray, shape (H, W)
    module : Dataset
        Holds the modality LUT or the rescale elements.
    dataset : Dataset
        Describes the stored values.

    Returns
    -------
    values : ndarray, shape (H, W)
    encoding : tuple of float
        Lowest and highest value that the stored bits can become.
    notes : list of str
    """
    if stored.dtype.kind == "f":
        good = stored[np.isfinite(stored)]
        encoding = (float(good.min()), float(good.max())) if good.size else (0.0, 0.0)
    else:
        encoding = _stored_range(dataset, stored)
    if module.get("ModalityLUTSequence") and stored.dtype.kind != "f":
        bits = int(module.ModalityLUTSequence[0].LUTDescriptor[2])
        # 32 bits, so that a table may start below zero.
        values = apply_modality_lut(stored.astype(np.int32), module)
        return values, (0.0, 2.0**bits - 1), ["The file's modality table (LUT) was applied."]
    slope, intercept = _number(module, "RescaleSlope", 1), _number(module, "RescaleIntercept", 0)
    if not (math.isfinite(slope) and math.isfinite(intercept)) or slope == 0:
        return stored, encoding, ["The file's rescale cannot be used; stored values are shown."]
    if (slope, intercept) == (1, 0):
        return stored, encoding, []
    rescale = Dataset()
    rescale.RescaleSlope, rescale.RescaleIntercept = slope, intercept
    ends = sorted(slope * end + intercept for end in encoding)
    return apply_modality_lut(stored, rescale), (ends[0], ends[1]), []


def _number(module: Dataset, keyword: str, absent: float) -> float:
    value: Any = module.get(keyword)
    if value is None or value == "":
        return absent
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def _stored_range(dataset: Dataset, stored: np.ndarray) -> tuple[float, float]:
    bits = int(dataset.BitsStored)
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    if not int(dataset.get("PixelRepresentation") or 0):
        low, high = 0, 2**bits - 1
    # A lossy or careless encoder may exceed the bits it states.
    return float(min(low, stored.min())), float(max(high, stored.max()))


def palette_colours(stored: np.ndarray, dataset: Dataset) -> np.ndarray:
    """Look colours up in the palette (C.7.9).

    Parameters
    ----------
    stored : ndarray, integer, shape (H, W)
    dataset : Dataset

    Returns
    -------
    ndarray, shape (H, W, 3)
        0 to 255.
    """
    entries = int(dataset.RedPaletteColorLookupTableDescriptor[0]) or 2**16
    first = int(dataset.RedPaletteColorLookupTableDescriptor[1])
    table = np.arange(first, first + entries, dtype=np.int32)
    # pydicom indexes with the table's own type, too narrow for long tables of 8 bits;
    # looking up the table once and indexing here is also faster.
    if entries > 256 and _entry_bits(dataset, entries) == 8:
        planes = [
            np.frombuffer(dataset[f"{c}PaletteColorLookupTableData"].value, np.uint8)[:entries]
            for c in ("Red", "Green", "Blue")
        ]
        colours: np.ndarray = np.stack(planes, axis=-1)
    else:
        colours = apply_color_lut(table, dataset)
    top = 65535 if colours.dtype == np.uint16 and colours.max() > 255 else 255
    if colours.shape[-1] == 4:
        colours = over_black(colours[..., :3], colours[..., 3], top)
    scaled = colours if top == 255 else colours.astype(np.float32) * np.float32(255 / 65535)
    index = np.clip(stored.astype(np.int64) - first, 0, entries - 1)
    return scaled[index].astype(np.uint8) if scaled.dtype.kind == "u" else scaled[index]


def _entry_bits(dataset: Dataset, entries: int) -> int:
    data = dataset.get("RedPaletteColorLookupTableData")
    return 16 if data is None or len(data) >= 2 * entries else 8
