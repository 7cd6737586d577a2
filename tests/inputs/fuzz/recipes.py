"""Which damage a mutated file has, told by its name alone: ``png-8#17``."""

from __future__ import annotations

import random
from dataclasses import dataclass

from tests.inputs.fuzz.mutations import ANY_FILE, LONGEST, Mutation
from tests.inputs.fuzz.mutations_dicom import (
    dicom_elements,
    dicom_length,
    nested_items,
    zip_entries,
)
from tests.inputs.fuzz.mutations_scan import PICTURES
from tests.inputs.fuzz.mutations_text import TEXT, header_field
from tests.inputs.fuzz.seeds import Seed, seeds

# Each of these files starts GDCM in a process of its own, a third of a second.
_SLOW = ("dicom-jpeg-gdcm", "dicom-jpeg-extended", "dicom-ybr")
_SLOW_SHARE = 0.3


@dataclass(frozen=True)
class Mutated:
    """One mutated upload.

    Parameters
    ----------
    recipe : str
        Seed and number; the same recipe gives the same bytes.
    steps : str
        The mutations in words.
    reader : str
        As in `Seed`.
    files : dict of str to bytes
    """

    recipe: str
    steps: str
    reader: str
    files: dict[str, bytes]


def recipes(count: int) -> list[str]:
    """Names of at least `count` mutated files, spread evenly over all seeds.

    Parameters
    ----------
    count : int
    """
    names = list(seeds())
    weight = {name: _SLOW_SHARE if name in _SLOW else 1.0 for name in names}
    each = count / sum(weight.values())
    return [f"{name}#{i}" for name in names for i in range(int(each * weight[name]) + 1)]


def mutated(recipe: str) -> Mutated:
    """Make the file of a recipe.

    Parameters
    ----------
    recipe : str
    """
    name = recipe.split("#")[0]
    rng = random.Random(recipe)
    seed = seeds()[name]
    files = dict(seed.files)
    steps = []
    if len(files) > 1 and rng.random() < 0.06:
        lost = rng.choice(list(files))
        del files[lost]
        steps.append(f"without {lost[-4:]}")
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        place = rng.choice(list(files)) if rng.random() < 0.5 else next(iter(files))
        mutation = rng.choice(_for(name, place, seed))
        steps.append(mutation.__name__)
        other = next(iter(seeds()[rng.choice(list(seeds()))].files.values()))
        # A file that was damaged before may hold nothing for a mutation to hold on to.
        try:
            files[place] = mutation(rng, files[place], other)[:LONGEST]
        except Exception:
            steps.append("in vain")
    return Mutated(recipe, ", ".join(steps), seed.reader, files)


def _for(name: str, file: str, seed: Seed) -> tuple[Mutation, ...]:
    """Half of the choices are made for the kind of file, half suit any."""
    own: tuple[Mutation, ...] = ()
    if file.endswith(".hea"):
        own = (header_field, header_field, *TEXT)
    elif seed.reader in ("sequence", "pasted") or file.endswith(".csv"):
        own = TEXT
    elif name.startswith("dicom"):
        own = (
            dicom_elements,
            dicom_elements,
            dicom_elements,
            dicom_length,
            dicom_length,
            nested_items,
        )
    elif name.startswith("zip"):
        own = (zip_entries,)
    else:
        own = next((found for kind, found in PICTURES.items() if name.startswith(kind)), ())
    return (*ANY_FILE, *(own * (len(ANY_FILE) // len(own)) if own else ()))
