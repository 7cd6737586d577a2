"""What is known of each radiograph besides its pixels: its file, its patient, its quality."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from medmodels.inputs.preparation import resize
from medmodels.training.chest_images import ADULT, PAEDIATRIC, index_rows, paediatric_rows, thin
from medmodels.trust.scan_quality import ScanQuality, measure_scan

# Years of age at which a band begins; the last one is open.
_BANDS = (0, 20, 40, 60, 80)
_VIEWS = {"PA": "PA, upright", "AP": "AP, often at the bedside"}
_SEXES = {"F": "female", "M": "male"}

Arrays = dict[str, npt.NDArray[Any]]


def about_paediatric(data: Path, split: str, size: int, limit: int | None = None) -> Arrays:
    """Names, subtype and quality of one split, in the order of `load_paediatric`.

    Returns
    -------
    dict of ndarray
        ``names`` (n,), ``subgroups/subtype`` (n,) and ``quality`` float32 (n, 7),
        in the order of the fields of `ScanQuality`.
    """
    rows = thin(paediatric_rows(data, split), limit)
    subtype = [row["subtype"] if row["label"] != "normal" else "" for row in rows]
    return _about(data / PAEDIATRIC, rows, size) | {"subgroups/subtype": np.array(subtype)}


def about_adult(data: Path, size: int, limit: int | None = None) -> Arrays:
    """Names, age band, sex, view and quality of the external images."""
    rows = thin(index_rows(data / ADULT), limit)
    return _about(data / ADULT, rows, size) | {
        "subgroups/age": np.array([age_band(row.get("age", "")) for row in rows]),
        "subgroups/sex": np.array([_SEXES.get(row.get("sex", ""), "") for row in rows]),
        "subgroups/view": np.array([_VIEWS.get(row.get("view", ""), "") for row in rows]),
    }


def age_band(age: str) -> str:
    """A band of ages for an age in years as text; empty where there is none.

    Examples
    --------
    >>> age_band("52"), age_band("93"), age_band("")
    ('40 to 59', '80 and over', '')
    """
    if not age.strip().isdigit():
        return ""
    years = int(age)
    start = max(band for band in _BANDS if band <= years)
    if start == _BANDS[-1]:
        return f"{start} and over"
    return f"{start} to {_BANDS[_BANDS.index(start) + 1] - 1}"


def _about(folder: Path, rows: list[dict[str, str]], size: int) -> Arrays:
    return {
        "names": np.array([row["path"] for row in rows]),
        "quality": np.stack([quality_row(_quality(folder / row["path"], size)) for row in rows]),
    }


def _quality(path: Path, size: int) -> ScanQuality:
    with Image.open(path) as file:
        grey = np.asarray(file.convert("L"), np.float32) / np.float32(255)
    return measure_scan(grey, resize(grey[..., np.newaxis], size))


def quality_row(quality: ScanQuality) -> npt.NDArray[np.float32]:
    """The measures as one row, in the order of the fields."""
    return np.array(list(vars(quality).values()), dtype=np.float32)
