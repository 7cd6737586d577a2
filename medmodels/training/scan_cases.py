"""Cases that a chest network should not read, real and made, to judge by and never to fit to."""

from __future__ import annotations

import csv
import logging
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from medmodels.inputs.errors import InputError
from medmodels.inputs.open_scan import open_scan
from medmodels.inputs.preparation import match_channels, prepare_scan, resize
from medmodels.training.made_scans import Picture
from medmodels.trust.scan_quality import measure_scan

Images = npt.NDArray[np.float32]
LOG = logging.getLogger(__name__)

_TITLES = {
    "CT": "CT slices", "MR": "MR slices", "US": "ultrasound", "NM": "nuclear medicine",
    "bone": "radiograph of a leg", "adult": "an adult's chest radiograph, as DICOM",
}  # fmt: skip
# The radiographs among the files that pydicom is tested with, by the start of their name.
_RADIOGRAPHS = {"RG3": "bone", "RG1": "adult"}
_MOST_FRAMES = 12
_SMALLEST_SIDE = 32


@dataclass(frozen=True)
class Kind:
    """Inputs of one kind.

    Parameters
    ----------
    title : str
        As shown in the model report.
    group : str
        "other modality", "not medical" or "near".
    images : ndarray, float32, shape (n, size, size, C)
        As the network sees them, 0 to 1.
    """

    title: str
    group: str
    images: Images


def prepared(pictures: list[Picture], size: int, channels: int = 1) -> Images:
    """Pictures (H, W) or (H, W, 3), 8 bits, as a network of 1 or 3 channels sees them."""
    seen = [
        resize(match_channels(np.asarray(p, np.float32) / np.float32(255), channels), size)
        for p in pictures
    ]
    return np.stack(seen)


def blood_cells(data: Path, size: int, count: int, split: str = "test") -> Images:
    """Blood cells under the microscope, spread evenly over the index."""
    with (data / "blood-cells" / "index.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == split]
    chosen = [rows[i] for i in np.linspace(0, len(rows) - 1, count).astype(int)]
    pictures = []
    for row in chosen:
        with Image.open(data / "blood-cells" / row["path"]) as image:
            pictures.append(np.asarray(image.convert("RGB")))
    return prepared(pictures, size)


def colours_of(data: Path, count: int) -> npt.NDArray[np.float64]:
    """The measure "colour" of blood cells from the training split."""
    with (data / "blood-cells" / "index.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "train"]
    found = []
    for i in np.linspace(0, len(rows) - 1, count).astype(int):
        with Image.open(data / "blood-cells" / rows[i]["path"]) as image:
            picture = np.asarray(image.convert("RGB"), np.float32) / np.float32(255)
        found.append(measure_scan(picture, resize(picture, _SMALLEST_SIDE)).colour)
    return np.array(found)


def photographs(size: int, count: int, seed: int, channels: int = 1) -> Images:
    """Pieces of the two real photographs that scikit-learn carries."""
    from sklearn.datasets import load_sample_images

    rng, pictures = np.random.default_rng(seed), []
    whole = load_sample_images().images
    for number in range(count):
        photo = whole[number % len(whole)]
        side = int(rng.integers(120, min(photo.shape[:2])))
        top, left = (int(rng.integers(0, n - side + 1)) for n in photo.shape[:2])
        pictures.append(photo[top : top + side, left : left + side])
    return prepared(pictures, size, channels)


def dicom_kinds(size: int) -> dict[str, Kind]:
    """Frames of the DICOM files that pydicom is tested with, by modality.

    Its larger files are in the package pydicom-data, which training installs;
    several encodings of the same picture count once.
    """
    import pydicom
    from pydicom.data import external_data_sources

    folders = [Path(pydicom.__file__).parent / "data" / "test_files"]
    folders += [Path(source.data_path) for source in external_data_sources().values()]
    found: dict[str, list[Images]] = {}
    seen: set[bytes] = set()
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        if not path.is_file() or path.stat().st_size > 20_000_000:
            continue
        for kind, image in _frames(path, size):
            # The same picture through another codec differs in the last digits only.
            mark = np.rint(resize(image, 8) * 20).astype(np.int8).tobytes()
            if mark not in seen:
                seen.add(mark)
                found.setdefault(kind, []).append(image)
    return {
        kind.lower(): Kind(
            _TITLES[kind], "near" if kind == "adult" else "other modality", np.stack(images)
        )
        for kind, images in found.items()
    }


def _frames(path: Path, size: int) -> list[tuple[str, Images]]:
    """Frames of one file, with their kind; nothing where it is no picture of a known kind."""
    made: list[tuple[str, Images]] = []
    frame, frames = 0, 1
    while frame < min(frames, _MOST_FRAMES):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                scan = open_scan(path.read_bytes(), frame=frame)
        except InputError:
            break
        kind = _RADIOGRAPHS.get(path.name[:3], scan.modality)
        if kind not in _TITLES or min(scan.shape) < _SMALLEST_SIDE:
            break
        made.append((kind, prepare_scan(scan, size, 1)))
        frame, frames = frame + 1, scan.frames
    return made
