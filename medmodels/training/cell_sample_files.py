"""Write the composite pictures of blood cells as PNG, and the list that the app reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from medmodels.bundles import parse_card
from medmodels.training.cell_patchwork import Patchwork
from medmodels.training.sample_likeness import SIDE, Likeness

CARD = Path(__file__).with_name("blood_cells.toml")
CATALOGUE = "cells.toml"
# Training pictures of a class that the yardstick is measured on.
COMPARED = 60


@dataclass(frozen=True)
class SampleCell:
    """One sample with what is known of its making.

    Parameters
    ----------
    label : str
        One of the classes.
    made : Patchwork
    likeness : Likeness
        To the nearest training picture of the class, however turned.
    yardstick : Likeness
        Between training pictures of the class: the median of the nearest, however turned.
    """

    label: str
    made: Patchwork
    likeness: Likeness
    yardstick: Likeness


def write_samples(samples: Sequence[SampleCell], out: Path) -> None:
    """Write the pictures as PNG, and the list that the app reads.

    Parameters
    ----------
    samples : sequence of SampleCell
    out : Path
        Folder; made when it is not there.
    """
    out.mkdir(parents=True, exist_ok=True)
    for one in samples:
        picture = Image.fromarray(np.rint(one.made.picture * 255).astype(np.uint8))
        picture.save(out / _file(one.label), optimize=True)
    (out / CATALOGUE).write_text(_HEADER + "\n".join(map(_entry, samples)), encoding="utf-8")


_HEADER = f"""\
# Composite pictures of blood cells: patchworks that belong to nobody.
# Made by: python -m medmodels.training.cell_samples OUT --data DIR
# From the training split of: Acevedo et al. 2020, Mendeley Data snkd93bnjr, CC BY 4.0.
# nearest: highest likeness to any training picture of the class. between_pictures: median over
# {COMPARED} training pictures of the class of the highest likeness to any other. Both take the
# highest of eight orientations and compare the mean of the three colours at {SIDE} by {SIDE}
# pixels: correlation, the same after local contrast normalisation, and SSIM.

"""


def _file(label: str) -> str:
    return f"cell-{label}.png"


def _entry(one: SampleCell) -> str:
    card = parse_card(CARD.read_text(encoding="utf-8"))
    title = card.classes[card.class_names.index(one.label)].title
    made = one.made
    return "\n".join([
        "[[samples]]",
        f'task = "{card.task}"',
        f'title = "{title} (composite)"',
        f'description = "{title}: a composite of pieces of {len(made.lenders)} training pictures, '
        f'at most about {made.largest_share:.0%} of it from any one, in a new shape, and less '
        'like each of them than they are like each other; belongs to nobody."',
        f'file = "{_file(one.label)}"',
        "synthetic = true",
        f'class = "{one.label}"',
        f"made_from = {len(made.lenders)}",
        f"largest_share = {made.largest_share:.3f}",
        f"nearest = {_likeness(one.likeness)}",
        f"between_pictures = {_likeness(one.yardstick)}",
    ]) + "\n"  # fmt: skip


def _likeness(found: Likeness) -> str:
    return (
        f"{{ correlation = {found.correlation:.3f}, "
        f"local_correlation = {found.local_correlation:.3f}, "
        f"structural_similarity = {found.structural_similarity:.3f} }}"
    )
