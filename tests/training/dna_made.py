"""Made windows for tests: sites with GT or AG in their middle, and windows with neither."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from medmodels.training.dna_data import CLASSES


def sequence(label: str, rng: np.random.Generator) -> str:
    letters = rng.choice(list("ACGT"), 60)
    if label == "EI":
        letters[27:36] = list("CAGGTAAGT")
    elif label == "IE":
        letters[10:27] = rng.choice(list("CT"), 17)
        letters[27:31] = list("CAGG")
    return "".join(letters)


def write_index(folder: Path, rows: int = 120, seed: int = 0) -> Path:
    """A folder ``dna-splice`` like the shared one; two rows an entry, in turn of all classes."""
    rng = np.random.default_rng(seed)
    (folder / "dna-splice").mkdir(parents=True)
    path = folder / "dna-splice" / "index.csv"
    with path.open("w", newline="") as file:
        write = csv.writer(file)
        write.writerow(["name", "label", "split", "sequence"])
        for i in range(rows):
            entry, label = i // 2, CLASSES[i % 3]
            split = ("train", "train", "train", "val", "test")[entry % 5]
            kind = {"EI": "DONOR", "IE": "ACCEPTOR", "N": "NEG"}[label]
            species = "HUM" if entry % 2 else "CHP"
            name = f"{species}A{entry}-{kind}-{i}"
            write.writerow([name, label, split, sequence(label, rng)])
    return folder
