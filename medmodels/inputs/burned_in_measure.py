"""How well text in pixels is found: scans as they are, and with made-up text drawn into them.

``python -m medmodels.inputs.burned_in_measure DATA`` measures on the radiographs below DATA and
writes ``burned_in.json``. The settings of `burned_in` were chosen on the validation images.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from medmodels.inputs.burned_in import find_text
from medmodels.inputs.open_scan import open_scan

STORED = Path(__file__).with_name("burned_in.json")
#: Pixels along a side: as the images are, and enlarged, so that text can be small beside them.
SIZES = (224, 896)
#: Images of the part that is measured again by a test.
PART = 12
_SEED = 20
_LETTERS = "ABCDEFGHIJKLMNOPRSTUVWZ"


@dataclass(frozen=True)
class Drawn:
    """Text in a picture: how it was drawn."""

    height: int
    style: str


def text_of(rng: np.random.Generator) -> str:
    """A name, a date or a number that belongs to nobody."""
    name = "".join(rng.choice(list(_LETTERS), size=rng.integers(4, 9)))
    first = "".join(rng.choice(list(_LETTERS), size=rng.integers(3, 7))).capitalize()
    born = f"{rng.integers(1930, 2020)}-{rng.integers(1, 13):02}-{rng.integers(1, 29):02}"
    number = str(rng.integers(10**6, 10**7))
    choices = (f"{name}^{first}", f"{name}, {first} {born}", f"ID {number}", f"DOB {born}")
    return str(rng.choice(choices))


def with_text(
    picture: npt.NDArray[np.uint8], rng: np.random.Generator
) -> tuple[npt.NDArray[np.uint8], Drawn]:
    """Draw a line of text near a corner.

    Parameters
    ----------
    picture : ndarray, uint8, shape (H, W)
    rng : Generator

    Returns
    -------
    picture : ndarray, uint8, shape (H, W)
    drawn : Drawn
        Style "white", "grey" (three quarters of white), "black", or "boxed": white on a black bar.
    """
    rows, columns = picture.shape
    height = int(np.clip(rng.uniform(0.015, 0.045) * rows, 9, None))
    style = str(rng.choice(["white", "grey", "boxed", "black"], p=[0.4, 0.2, 0.3, 0.1]))
    font = ImageFont.load_default(height)
    text = text_of(rng)
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    box = draw.textbbox((0, 0), text, font=font)
    margin = int(0.02 * rows)
    x = margin if rng.random() < 0.5 else max(0, columns - box[2] - margin)
    y = margin if rng.random() < 0.5 else max(0, rows - box[3] - margin)
    if style == "boxed":
        draw.rectangle((x - 3, y - 1, x + box[2] + 3, y + box[3] + 3), fill=0)
    fill = {"white": 255, "grey": 190, "boxed": 255, "black": 0}[style]
    draw.text((x, y), text, font=font, fill=fill)
    return np.asarray(image), Drawn(height, style)


def measure(files: Iterable[bytes], size: int) -> dict[str, Any]:
    """Count what is found in scans as they are, and in the same with text.

    Parameters
    ----------
    files : iterable of bytes
        Radiographs.
    size : int
        Pixels along a side, to which each is resized.

    Returns
    -------
    dict
        Counts: of scans, of those flagged as they are, and by style of the text
        how many were drawn and found.
    """
    counts: dict[str, Any] = {"scans": 0, "flagged": 0, "drawn": {}, "found": {}}
    for number, data in enumerate(files):
        rng = np.random.default_rng([_SEED, size, number])
        grey = open_scan(data).pixels
        grey = grey if grey.ndim == 2 else grey.mean(axis=2)
        picture = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
        plain = np.asarray(picture.resize((size, size), Image.Resampling.BICUBIC))
        counts["scans"] += 1
        counts["flagged"] += bool(find_text(plain.astype(np.float32)))
        written, drawn = with_text(plain, rng)
        hit = bool(find_text(written.astype(np.float32)))
        counts["drawn"][drawn.style] = counts["drawn"].get(drawn.style, 0) + 1
        counts["found"][drawn.style] = counts["found"].get(drawn.style, 0) + hit
    return counts


def stored_shares() -> dict[int, tuple[float, float]]:
    """How often text is found, and scans without any are flagged, by pixels along a side.

    Returns
    -------
    dict of int to tuple of float
        Shares of lines found and of scans flagged, from ``burned_in.json``.
    """
    sizes = json.loads(STORED.read_text())["sizes"]
    return {
        int(size): (
            sum(counts["found"].values()) / sum(counts["drawn"].values()),
            counts["flagged"] / counts["scans"],
        )
        for size, counts in sizes.items()
    }


def files_of(data: Path, split: str, every: int = 1) -> list[bytes]:
    """Radiographs of a split in the order of their names."""
    paths = sorted((data / "chest-xray" / split).rglob("*.jpeg"))[::every]
    return [path.read_bytes() for path in paths]


def main() -> None:
    """Measure on the test images and write the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--split", default="test")
    parser.add_argument("--every", type=int, default=1, help="take one image of so many")
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    files = files_of(chosen.data, chosen.split, chosen.every)
    result = {
        "data": f"chest-xray, {chosen.split}, every {chosen.every}",
        "sizes": {str(size): measure(files, size) for size in SIZES},
        # The same of the first few, which a test measures again.
        "part": {str(size): measure(files[:PART], size) for size in SIZES},
    }
    text = json.dumps(result, indent=1) + "\n"
    (chosen.out.write_text(text) if chosen.out else print(text))


if __name__ == "__main__":
    main()
