"""The few elements of a DICOM image that reading needs, and nothing that could hold a name.

What is kept is a list, what is dropped is the rest: an attribute that a later edition of the
standard adds, or a scanner invents, is dropped without anybody having heard of it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from medmodels.inputs.dicom_parse import PIXEL_KEYWORDS
from medmodels.inputs.dicom_terms import MODALITIES, VIEWS, body_part, term, window_name

_Keeper = Callable[[DataElement], DataElement | None]
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_WHOLE = frozenset(("US", "SS", "UL", "SL"))

_PHOTOMETRIC = frozenset(
    ("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR", "RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT",
     "YBR_RCT", "YBR_PARTIAL_420", "YBR_PARTIAL_422", "HSV", "ARGB", "CMYK", "XYB")
)  # fmt: skip
_FUNCTIONS = frozenset(("LINEAR", "LINEAR_EXACT", "SIGMOID"))
_YES_OR_NO = frozenset(("YES", "NO"))
_RESCALE = frozenset(("HU", "OD", "US", "MGML", "Z_EFF", "ED", "EDW", "HU_MOD", "PCT"))


def keep(dataset: Dataset) -> Dataset:
    """Copy what reading needs out of a data set.

    Parameters
    ----------
    dataset : Dataset
        From `dicom_parse.parse`.

    Returns
    -------
    Dataset
        Numbers, terms of the standard, tables and pixels; no free text, no time, no identifier.
    """
    colours = str(dataset.get("PhotometricInterpretation") or "").strip().upper()
    return _copy(dataset, {**_IMAGE, **_PALETTE} if colours == "PALETTE COLOR" else _IMAGE)


def _copy(source: Dataset, keepers: Mapping[str, _Keeper]) -> Dataset:
    kept = Dataset()
    for keyword, keeper in keepers.items():
        if keyword not in source:
            continue
        try:
            element = keeper(source[keyword])
        except Exception:
            # What cannot be understood is of no use to the reader either.
            element = None
        if element is not None:
            kept[element.tag] = element
    return kept


def _like(element: DataElement, value: Any, vr: str = "") -> DataElement:
    return DataElement(element.tag, vr or element.VR, value)


def _whole(element: DataElement) -> DataElement | None:
    """An integer; a word of text for it is turned into one."""
    value = int(element.value)
    own = dictionary_VR(element.tag)
    if own == "IS" or element.VR in _WHOLE:
        return _like(element, value, "IS" if own == "IS" else element.VR)
    return _like(element, value, "SS" if value < 0 else "US")


def _numbers(element: DataElement, *, broken: str = "") -> DataElement | None:
    """Decimal strings, digit by digit as they are."""
    given = element.value
    several = isinstance(given, str | bytes) or not hasattr(given, "__iter__")
    texts = [str(v).strip() for v in ([given] if several else given)]
    if all(_NUMBER.fullmatch(t) and math.isfinite(float(t)) for t in texts):
        return _like(element, texts if len(texts) > 1 else texts[0], "DS")
    return _like(element, broken, "DS") if broken else None


def _term(element: DataElement, allowed: frozenset[str]) -> DataElement | None:
    text = term(element.value, allowed)
    return _like(element, text, "CS") if text else None


def _body_part(element: DataElement) -> DataElement | None:
    text = body_part(element.value)
    return _like(element, text, "CS") if text else None


def _window_names(element: DataElement) -> DataElement:
    given = element.value
    single = isinstance(given, str | bytes) or not hasattr(given, "__iter__")
    names = [window_name(v) for v in ([given] if single else given)]
    return _like(element, names if len(names) > 1 else names[0], "LO")


def _table(element: DataElement) -> DataElement:
    """A look-up table: bytes, or numbers."""
    if isinstance(element.value, bytes):
        return _like(element, element.value, "OW" if " or " in element.VR else "")
    numbers = element.value if hasattr(element.value, "__iter__") else [element.value]
    return _like(element, [int(v) for v in numbers], element.VR if element.VR in _WHOLE else "US")


def _descriptor(element: DataElement) -> DataElement:
    """Entries, first value mapped, bits of an entry (PS3.3, C.11.1.1)."""
    entries, first, bits = (int(v) for v in element.value)
    signed = first < 0
    entries = entries - 2**16 if signed and entries >= 2**15 else entries
    return _like(element, [entries, first, bits], "SS" if signed else "US")


def _items(element: DataElement, keepers: Mapping[str, _Keeper]) -> DataElement:
    return _like(element, Sequence([_copy(item, keepers) for item in element.value]), "SQ")


def _display_tables(element: DataElement) -> DataElement:
    """Tables with as many entries as they say they have; of others a longer one is refused."""
    kept = _items(element, _TABLE_ITEM)
    for item in kept.value:
        if "LUTDescriptor" in item and "LUTData" in item:
            entries = int(item.LUTDescriptor[0]) % 2**16 or 2**16
            # Bytes are entries of 16 bits or, where there are too few for that, of 8.
            most = 2 * entries if isinstance(item.LUTData, bytes) else entries
            item["LUTData"].value = item.LUTData[:most]
    return kept


def _bytes(element: DataElement) -> DataElement | None:
    """Pixels and offset tables, as they are."""
    if not isinstance(element.value, bytes):
        return None
    kept = _like(element, element.value, "OW" if " or " in element.VR else "")
    kept.is_undefined_length = element.is_undefined_length
    return kept


_TABLE_ITEM: dict[str, _Keeper] = {
    "LUTDescriptor": _descriptor,
    "LUTData": _table,
    "ModalityLUTType": partial(_term, allowed=_RESCALE),
}
_WINDOWS: dict[str, _Keeper] = {
    "WindowCenter": _numbers,
    "WindowWidth": _numbers,
    "WindowCenterWidthExplanation": _window_names,
    "VOILUTFunction": partial(_term, allowed=_FUNCTIONS),
    "VOILUTSequence": _display_tables,
}
_VALUES: dict[str, _Keeper] = {
    "RescaleIntercept": partial(_numbers, broken="0"),
    # A slope of 0 is as unusable as the text that stood there, and is said to be.
    "RescaleSlope": partial(_numbers, broken="0"),
    "RescaleType": partial(_term, allowed=_RESCALE),
    "ModalityLUTSequence": partial(_items, keepers=_TABLE_ITEM),
}
_SPACING: dict[str, _Keeper] = {"PixelSpacing": _numbers}
_GROUPS: dict[str, _Keeper] = {
    "PixelMeasuresSequence": partial(_items, keepers=_SPACING),
    "FrameVOILUTSequence": partial(_items, keepers=_WINDOWS),
    "PixelValueTransformationSequence": partial(_items, keepers=_VALUES),
}
_PALETTES = ("Red", "Green", "Blue")
# Of pictures whose values are places in it; in others it is colour that nobody sees.
_PALETTE: dict[str, _Keeper] = {
    **{f"{c}PaletteColorLookupTableDescriptor": _descriptor for c in _PALETTES},
    **{f"{c}PaletteColorLookupTableData": _table for c in _PALETTES},
    **{f"Segmented{c}PaletteColorLookupTableData": _table for c in _PALETTES},
}
_IMAGE: dict[str, _Keeper] = {
    "Modality": partial(_term, allowed=MODALITIES),
    "BodyPartExamined": _body_part,
    "ViewPosition": partial(_term, allowed=VIEWS),
    "BurnedInAnnotation": partial(_term, allowed=_YES_OR_NO),
    "ImagerPixelSpacing": _numbers,
    "NominalScannedPixelSpacing": _numbers,
    **dict.fromkeys(
        ("SamplesPerPixel", "PlanarConfiguration", "NumberOfFrames", "Rows", "Columns",
         "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "PixelPaddingValue",
         "PixelPaddingRangeLimit"),
        _whole,
    ),
    "PhotometricInterpretation": partial(_term, allowed=_PHOTOMETRIC),
    **_SPACING,
    **_WINDOWS,
    **_VALUES,
    "SharedFunctionalGroupsSequence": partial(_items, keepers=_GROUPS),
    "PerFrameFunctionalGroupsSequence": partial(_items, keepers=_GROUPS),
    "ExtendedOffsetTable": _bytes,
    "ExtendedOffsetTableLengths": _bytes,
    **dict.fromkeys(PIXEL_KEYWORDS, _bytes),
}  # fmt: skip

#: Tags that can be in what is kept, at any depth.
KEPT_TAGS = frozenset(
    tag_for_keyword(keyword)
    for keepers in (_IMAGE, _PALETTE, _GROUPS, _SPACING, _WINDOWS, _VALUES, _TABLE_ITEM)
    for keyword in keepers
)
