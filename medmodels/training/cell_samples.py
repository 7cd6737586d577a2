"""Make the sample pictures of blood cells that ship with the app and are nobody's.

One of each class, a patchwork of training pictures (`cell_patchwork`): a picture
drawn at random, which lends nothing itself, says which pictures are alike; the
blurred mean of a few of these is the plan, and many lend the pieces. The patchwork is
given newly drawn shapes (`cell_shapes`) until it is less like any training picture of
its class than these are like each other, however turned (`sample_likeness`).

``python -m medmodels.training.cell_samples OUT --data DIR``
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from medmodels.training.cell_images import CLASSES, Cells, load_cells
from medmodels.training.cell_patchwork import (
    Array,
    Patchwork,
    all_turns,
    coarse_middle,
    join,
    match_colours,
)
from medmodels.training.cell_sample_files import COMPARED, SampleCell, write_samples
from medmodels.training.cell_shapes import in_new_shape
from medmodels.training.sample_likeness import SIDE, Gallery, Likeness
from medmodels.training.sample_picture import resample

# Pictures that share the plan, and that may lend pieces.
PLANNERS, POOL = 10, 96
# The pool is drawn from this share of the class, the pictures nearest to the drawn one.
_NEAR = 0.25
_EVENLY = 8.0  # how evenly they share it: the concentration of a Dirichlet distribution
_CLOSELY = 15
_PATCHWORKS, _SHAPES = 12, 16
_SEED = 5

_log = logging.getLogger(__name__)


def prepare(cells: Cells, label: str) -> tuple[Array, Gallery]:
    """One class's pictures as floats, and in grey to compare with.

    Parameters
    ----------
    cells : Cells
        Of the training split.
    label : str

    Returns
    -------
    pictures : ndarray, float32, shape (N, 128, 128, 3)
    gallery : Gallery
        Nobody knows whose cells they are: every picture is its own group.
    """
    rows = np.flatnonzero(cells.labels == CLASSES.index(label))
    pictures = cells.pictures[rows].astype(np.float32) / np.float32(255)
    return pictures, Gallery(np.stack([to_grey(one) for one in pictures]), cells.names[rows])


def to_grey(picture: Array) -> Array:
    """A picture as `sample_likeness` compares it: float32, shape (112, 112)."""
    return resample(picture.mean(axis=2), SIDE, SIDE)


def make(
    label: str, pictures: Array, gallery: Gallery, yardstick: Likeness, seed: int = _SEED
) -> SampleCell:
    """Make one sample.

    Parameters
    ----------
    label : str
    pictures : ndarray, float32, shape (N, 128, 128, 3)
        Of this class, from `prepare`.
    gallery : Gallery
        The same pictures.
    yardstick : Likeness
        Between pictures of the class.
    seed : int
        Of everything drawn for it.

    Returns
    -------
    SampleCell

    Raises
    ------
    RuntimeError
        When every shape of every patchwork was too like a training picture.
    """
    rng = np.random.default_rng((seed, CLASSES.index(label)))
    features = coarse_middle(all_turns(pictures))
    for drawn in rng.permutation(len(pictures))[:_PATCHWORKS]:
        joined = patchwork_like(pictures, features, int(drawn), rng)
        for _ in range(_SHAPES):
            made = replace(joined, picture=in_new_shape(joined.picture, rng))
            likeness = nearest_however_turned(made.picture, gallery, closely=_CLOSELY)
            if not likeness.is_below(yardstick):
                continue
            likeness = nearest_however_turned(made.picture, gallery)
            if likeness.is_below(yardstick):
                _log.info("%s: nearest %s, pictures %s", label, likeness, yardstick)
                return SampleCell(label, made, likeness, yardstick)
    raise RuntimeError(f"every shape made for {label} is too like a training picture")


def patchwork_like(
    pictures: Array, features: Array, drawn: int, rng: np.random.Generator
) -> Patchwork:
    """Join pieces of the pictures that look from afar like one that was drawn.

    Parameters
    ----------
    pictures : ndarray, float32, shape (N, 128, 128, 3)
    features : ndarray, float32, shape (N, 8, F)
        Their `coarse_middle` in all orientations.
    drawn : int
        Row of the picture that was drawn; it is no part of the plan and lends nothing.
    rng : numpy.random.Generator
        Draws the pool, and how much each picture counts in the plan.

    Returns
    -------
    Patchwork
        ``lenders`` are of the pool, which begins with the pictures nearest to the drawn one.
    """
    apart = np.square(features - features[drawn, 0]).sum(axis=2)
    apart[drawn] = np.inf
    nearest = np.argsort(apart.min(axis=1), kind="stable")[:-1]
    near = nearest[: max(POOL, round(_NEAR * len(nearest)))]
    nearest = near[np.sort(rng.permutation(len(near))[:POOL])]
    pool = all_turns(match_colours(pictures[nearest]))
    turns = apart[nearest[:PLANNERS]].argmin(axis=1)
    shares = rng.dirichlet(np.full(len(turns), _EVENLY)).astype(np.float32)
    return join(pool, np.tensordot(shares, pool[np.arange(len(turns)), turns], axes=1))


def nearest_however_turned(
    picture: Array, gallery: Gallery, other_than: str | None = None, closely: int | None = None
) -> Likeness:
    """The greatest likeness of a picture, in any orientation, with any of a gallery.

    Parameters
    ----------
    picture : ndarray, float32, shape (128, 128, 3)
    gallery : Gallery
    other_than, closely : optional
        As for `Gallery.nearest`.
    """
    turned = all_turns(picture[np.newaxis])[0]
    found = [gallery.nearest(to_grey(one), other_than, closely) for one in turned]
    return Likeness(
        max(one.correlation for one in found),
        max(one.local_correlation for one in found),
        max(one.structural_similarity for one in found),
    )


def between_pictures(pictures: Array, gallery: Gallery, count: int = COMPARED) -> Likeness:
    """Median likeness of training pictures to the nearest other one, however turned.

    Parameters
    ----------
    pictures : ndarray, float32, shape (N, 128, 128, 3)
    gallery : Gallery
        The same pictures.
    count : int
        How many to look at. Their SSIM is a lower bound, so a stricter yardstick.
    """
    rows = np.random.default_rng(0).permutation(len(pictures))[:count]
    found = [
        nearest_however_turned(pictures[row], gallery, str(gallery.groups[row]), _CLOSELY)
        for row in rows
    ]
    return Likeness(
        float(np.median([one.correlation for one in found])),
        float(np.median([one.local_correlation for one in found])),
        float(np.median([one.structural_similarity for one in found])),
    )


def make_all(data: Path, limit: int | None = None) -> list[SampleCell]:
    """Make a sample of each class.

    Parameters
    ----------
    data : Path
        Holds ``blood-cells``.
    limit : int, optional
        Work with this many training pictures.
    """
    cells, made = load_cells(data, "train", limit), []
    for label in CLASSES:
        pictures, gallery = prepare(cells, label)
        made.append(make(label, pictures, gallery, between_pictures(pictures, gallery)))
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Make the sample pictures of blood cells.")
    parser.add_argument("out", type=Path, help="folder to write to, such as assets/samples")
    parser.add_argument("--data", type=Path, required=True, help="folder with blood-cells/")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    write_samples(make_all(chosen.data), chosen.out)


if __name__ == "__main__":
    main()
