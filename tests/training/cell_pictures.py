"""Made pictures of blood cells in a folder as the recipe reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PIL import Image

from medmodels.training.cell_images import CLASSES

PREFIXES = ("SNE", "EO", "BA", "LY", "MO", "MMY", "ERB", "PLATELET")


def write_cells(
    root: Path,
    counts: Mapping[str, int],
    *,
    side: int = 64,
    red: Callable[[int], float] | None = None,
) -> Path:
    """Write ``blood-cells`` with an index; classes in turn, noise or an even colour.

    Parameters
    ----------
    root : Path
    counts : mapping of str to int
        Pictures of each split.
    side : int
        Pixels.
    red : callable, optional
        From a picture's number in its split to its red, 0 to 1; green and blue are then 0.
    """
    folder = root / "blood-cells"
    folder.mkdir(parents=True)
    draw, lines = np.random.default_rng(0), ["path,split,label"]
    for split, count in counts.items():
        for number in range(count):
            made = draw.integers(0, 256, (side, side, 3), dtype=np.uint8)
            if red is not None:
                made[:] = (round(255 * red(number)), 0, 0)
            name = f"{PREFIXES[number % 8]}_{split}{number}.png"
            Image.fromarray(made).save(folder / name)
            lines.append(f"{name},{split},{CLASSES[number % 8]}")
    (folder / "index.csv").write_text("\n".join(lines) + "\n")
    return root
