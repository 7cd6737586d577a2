"""Write the synthetic radiographs: PNG, DICOM, and the list that the app reads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image

from medmodels.training.sample_composite import Array
from medmodels.training.sample_dicom import write_dicom
from medmodels.training.sample_likeness import Likeness
from medmodels.training.sample_picture import Picture


@dataclass(frozen=True)
class Entry:
    """One file to write.

    Parameters
    ----------
    file : str
        Its name; the ending decides between PNG and DICOM.
    picture : str
        The picture it shows.
    title : str
    shows : str
        First half of its description.
    change : {"", "over-exposed", "turned"}
        What is done to the picture.
    """

    file: str
    picture: str
    title: str
    shows: str
    change: Literal["", "over-exposed", "turned"] = ""


ENTRIES = (
    Entry("chest-normal-1.png", "normal-1", "Normal chest 1", "A child's normal chest"),
    Entry("chest-normal-2.png", "normal-2", "Normal chest 2", "A child's normal chest"),
    Entry("chest-normal-3.png", "normal-3", "Normal chest 3", "A young child's normal chest"),
    Entry("chest-pneumonia-1.png", "pneumonia-1", "Pneumonia 1", "Bacterial pneumonia in a child"),
    Entry("chest-pneumonia-2.png", "pneumonia-2", "Pneumonia 2", "Bacterial pneumonia in a child"),
    Entry("chest-pneumonia-3.png", "pneumonia-3", "Pneumonia 3", "Viral pneumonia in a child"),
    Entry(
        "chest-pneumonia-2.dcm",
        "pneumonia-2",
        "Pneumonia 2 as DICOM",
        "The second pneumonia as a computed radiograph of 12 bits, to try the window on",
    ),
    Entry(
        "chest-pneumonia-3-over-exposed.png",
        "pneumonia-3",
        "Limits: over-exposed",
        "The third pneumonia as a film far too dark, to see what that does to the answer",
        "over-exposed",
    ),
    Entry(
        "chest-normal-1-turned.png",
        "normal-1",
        "Limits: lying on its side",
        "The first normal chest turned by 90 degrees, as no training image is, so trust no answer",
        "turned",
    ),
)


def write_samples(pictures: dict[str, Picture], out: Path) -> None:
    """Write every entry, and ``scans.toml``.

    Parameters
    ----------
    pictures : dict of str to Picture
        By name.
    out : Path
        Folder; made when it is not there.
    """
    out.mkdir(parents=True, exist_ok=True)
    described = []
    for entry in ENTRIES:
        picture = pictures[entry.picture]
        grey = change(picture.grey, entry.change)
        if entry.file.endswith(".dcm"):
            write_dicom(grey, out / entry.file)
        else:
            image = Image.fromarray(np.rint(grey * 255).astype(np.uint8))
            image.save(out / entry.file, optimize=True)
        described.append(_describe(entry, picture, grey.shape))
    (out / "scans.toml").write_text(_HEADER + "\n".join(described), encoding="utf-8")


def change(grey: Array, what: str) -> Array:
    """Make a near miss of a picture.

    Parameters
    ----------
    grey : ndarray, float32, shape (H, W)
        Values in 0 to 1.
    what : {"", "over-exposed", "turned"}

    Returns
    -------
    ndarray, float32, shape (H, W) or (W, H)
        Values in 0 to 1.
    """
    if what == "over-exposed":
        # The shoulder of the film's curve: low values are lost in black.
        return np.asarray(np.clip((grey - 0.2) / 0.8, 0.0, 1.0) ** 1.8, np.float32)
    return np.rot90(grey) if what == "turned" else grey


_HEADER = """\
# Synthetic radiographs: composites that belong to no patient.
# Made by: python -m medmodels.training.sample_scans --data DIR --out assets/samples
# From the training split of: Kermany, Zhang, Goldbaum 2018, Mendeley Data rscbjbr9sj, CC BY 4.0.
# nearest: highest likeness to any training image. between_patients: median over 200 training
# images of the class of the highest likeness to any image of another patient. Both compare
# at 112 by 112 pixels: correlation, the same after local contrast normalisation, and SSIM.

"""


def _describe(entry: Entry, picture: Picture, shape: tuple[int, ...]) -> str:
    kind = "normal" if picture.subtype == "normal" else "pneumonia"
    made = f"synthetic, blended from {picture.members} training images, belongs to no patient"
    lines = [
        "[[samples]]",
        'task = "chest-xray"',
        f'title = "{entry.title} (synthetic)"',
        f'description = "{entry.shows}: {made}."',
        f'file = "{entry.file}"',
        "synthetic = true",
        f'class = "{kind}"',
        f'subtype = "{picture.subtype}"',
        f'change = "{entry.change}"',
        f"made_from = {picture.members}",
        f"height = {shape[0]}",
        f"width = {shape[1]}",
        f"nearest = {_likeness(picture.likeness)}",
        f"between_patients = {_likeness(picture.yardstick)}",
    ]
    return "\n".join(lines) + "\n"


def _likeness(likeness: Likeness) -> str:
    return (
        f"{{ correlation = {likeness.correlation:.3f}, "
        f"local_correlation = {likeness.local_correlation:.3f}, "
        f"structural_similarity = {likeness.structural_similarity:.3f} }}"
    )
