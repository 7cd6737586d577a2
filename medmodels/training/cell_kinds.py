"""What a network of stained cells should not read, and what is near to it; only to judge by."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from medmodels.training.cell_images import load_cells, network_input
from medmodels.training.chest_images import load_adult, load_paediatric
from medmodels.training.made_scans import JUDGING, TEACHING, Draw, made
from medmodels.training.scan_cases import Kind, dicom_kinds, photographs, prepared

Images = npt.NDArray[np.float32]

_JUDGE, _FOREIGN, _PHOTOS = 200, 600, 200
_TITLES = {
    "clouds": "drawn clouds", "blank": "blank pictures", "chart": "drawn charts",
    "face": "drawn portraits", "fan": "drawn ultrasound",
}  # fmt: skip


def cell_kinds(data: Path, size: int, few: int) -> dict[str, Kind]:
    """Make all kinds.

    Parameters
    ----------
    data : Path
        Holds ``blood-cells``, ``chest-xray`` and ``chest-xray-external``.
    size : int
        Side of the network's input, pixels.
    few : int
        At most this many of each.

    Returns
    -------
    dict of Kind
        By name. Test pictures are used for the near kinds.
    """
    grey = {
        "chest": (
            "chest X-rays of children",
            load_paediatric(data, "test", size, min(_FOREIGN, few)),
        ),
        "adult-chest": ("chest X-rays of adults", load_adult(data, size, min(_FOREIGN, few))),
    }
    kinds = {
        name: Kind(title, "other modality", in_three(found.images))
        for name, (title, found) in grey.items()
    }
    kinds |= {
        name: Kind(kind.title, "other modality", in_three(kind.images))
        for name, kind in dicom_kinds(size).items()
    }
    photos = photographs(size, min(_PHOTOS, few), 5, 3)
    kinds["photo"] = Kind("photographs", "not medical", photos)
    for name, title in _TITLES.items():
        kinds[f"made-{name}"] = Kind(
            f"{title}, tinted", "not medical", tinted(JUDGING[name], size, min(_JUDGE, few), 12)
        )
    cells = network_input(load_cells(data, "test", min(_JUDGE, few)).pictures, size)
    return kinds | {name: Kind(title, "near", images) for name, title, images in _near(cells)}


def in_three(images: Images) -> Images:
    """Grey images (N, H, W, 1) as colour pictures without colour."""
    return np.repeat(images, 3, axis=3)


def tinted(draw: Draw, size: int, count: int, seed: int) -> Images:
    """Drawn pictures between two colours, so that colour alone does not give them away.

    Parameters
    ----------
    draw : callable
        One of `made_scans`' families.
    size, count, seed : int

    Returns
    -------
    ndarray, float32, shape (count, size, size, 3)
    """
    rng = np.random.default_rng([seed, 3])
    grey = prepared(made(draw, count, seed), size)
    # As a stain: a bright ground, and a dye that takes some of it away.
    ground = rng.uniform(0.6, 1.0, (count, 1, 1, 3))
    dye = rng.uniform(0.0, 0.9, (count, 1, 1, 3))
    return np.asarray(ground * grey + dye * ground * (1 - grey), np.float32)


def teaching_pictures(size: int, count: int, seed: int) -> dict[str, Images]:
    """Drawn families that a score may learn from, by name; none of them judges it."""
    return {f"made {name}": tinted(draw, size, count, seed) for name, draw in TEACHING.items()}


def _near(cells: Images) -> list[tuple[str, str, Images]]:
    side = cells.shape[1]
    inner = round(side * 0.36)
    quarter = cells[: len(cells) // 4 * 4].reshape(-1, 4, side, side, 3)[:, :, ::2, ::2]
    rows = [np.concatenate(quarter[:, [k, k + 1]].swapaxes(0, 1), axis=2) for k in (0, 2)]
    crops = prepared(
        [np.rint(255 * one[inner:-inner, inner:-inner]).astype(np.uint8) for one in cells], side, 3
    )
    return [
        ("swapped", "test pictures, red and blue swapped", np.ascontiguousarray(cells[..., ::-1])),
        ("inverted", "test pictures, inverted", 1 - cells),
        ("grey", "test pictures without their colour", in_three(cells.mean(axis=3, keepdims=True))),
        ("four", "four test cells in one picture", np.concatenate(rows, axis=1)),
        ("cropped", "test pictures, their middle twelfth only", crops),
    ]
