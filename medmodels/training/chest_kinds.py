"""What the chest network should not read, and what is near to it; only to judge by."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from medmodels.training.chest_images import load_paediatric
from medmodels.training.made_scans import JUDGING, TEACHING, made
from medmodels.training.scan_cases import Kind, blood_cells, dicom_kinds, photographs, prepared
from medmodels.training.scan_turns import turned

_JUDGE, _BLOOD, _PHOTOS = 200, 600, 200


def chest_kinds(data: Path, size: int, few: int) -> dict[str, Kind]:
    """Make all kinds.

    Parameters
    ----------
    data : Path
        Holds ``blood-cells`` and ``chest-xray``.
    size : int
        Side of the network's input, pixels.
    few : int
        At most this many of each made kind.

    Returns
    -------
    dict of Kind
        By name. Test images are used for the near kinds, turned or cropped.
    """
    test = load_paediatric(data, "test", size, min(_JUDGE, few)).images
    cells = blood_cells(data, size, min(_BLOOD, few))
    kinds = {"blood": Kind("blood cells under the microscope", "other modality", cells)}
    kinds |= dicom_kinds(size)
    kinds["photo"] = Kind("photographs", "not medical", photographs(size, min(_PHOTOS, few), 5))
    titles = {
        "clouds": "drawn clouds", "blank": "blank pictures", "chart": "drawn charts",
        "face": "drawn portraits", "fan": "drawn ultrasound", "cells": "drawn cells",
    }  # fmt: skip
    for name, draw in JUDGING.items():
        pictures = prepared(made(draw, min(_JUDGE, few), 12), size)
        kinds[f"made-{name}"] = Kind(titles[name], "not medical", pictures)
    for name, draw in (("document", TEACHING["document"]), ("noise", TEACHING["noise"])):
        pictures = prepared(made(draw, min(_JUDGE, few), 13), size)
        title = f"drawn {name}s" if name == "document" else name
        kinds[f"made-{name}"] = Kind(title, "not medical", pictures)
    near = {
        "turned_right": "turned a quarter to the right",
        "turned_left": "turned a quarter to the left",
        "upside_down": "upside down",
        "mirrored": "mirrored",
        "inverted": "inverted",
    }
    for name, title in near.items():
        kinds[name] = Kind(f"test images, {title}", "near", turned(test, name))
    inner = round(size * 0.31)
    crops = prepared(
        [np.rint(255 * t[inner:-inner, inner:-inner, 0]).astype(np.uint8) for t in test], size
    )
    kinds["cropped"] = Kind("test images, their middle seventh only", "near", crops)
    return kinds
