"""The UCI primate splice junctions as arrays, and folds that keep a GenBank entry together.

Data: Noordewier, Towell, Shavlik 1991, UCI Machine Learning Repository, "Molecular Biology
(Splice-junction Gene Sequences)"; the junction lies between bases 30 and 31 of the 60.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from medmodels.inputs.bases import one_hot
from medmodels.inputs.sequence_letters import tidy

#: In the order of the logits.
CLASSES = ("EI", "IE", "N")
DONOR, ACCEPTOR, NEITHER = range(3)
LENGTH = 60
#: Bases before the junction.
HALF = 30

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Windows:
    """Sixty bases around a junction, or around none.

    Parameters
    ----------
    bases : ndarray, float32, shape (n, 60, 4)
        Mixtures in the order A, C, G, T.
    labels : ndarray, int64, shape (n,)
        0 donor (EI), 1 acceptor (IE), 2 neither (N).
    groups : ndarray of str, shape (n,)
        GenBank entry.
    names : ndarray of str, shape (n,)
    """

    bases: Floats
    labels: Ints
    groups: npt.NDArray[np.str_]
    names: npt.NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.labels)

    def where(self, keep: npt.NDArray[np.bool_] | Ints) -> Windows:
        """Only the rows that are to be kept."""
        return Windows(self.bases[keep], self.labels[keep], self.groups[keep], self.names[keep])


def load_windows(folder: Path, *splits: str) -> Windows:
    """Read the windows of one or more splits.

    Parameters
    ----------
    folder : Path
        Holds ``index.csv`` with the columns name, label, split and sequence.
    *splits : str
        "train", "val" or "test".

    Returns
    -------
    Windows
        In the order of the file.
    """
    with (folder / "index.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] in splits]
    names = [row["name"] for row in rows]
    return Windows(
        bases=np.stack([one_hot(tidy(row["sequence"])) for row in rows]),
        labels=np.array([CLASSES.index(row["label"]) for row in rows], dtype=np.int64),
        groups=np.array([entry_of(name) for name in names]),
        names=np.array(names),
    )


def entry_of(name: str) -> str:
    """The GenBank entry that a row was cut from.

    Examples
    --------
    >>> entry_of("ATRINS-DONOR-521")
    'ATRINS'
    """
    return name.split("-", 1)[0]


def fold_of(groups: npt.NDArray[np.str_], folds: int, seed: int) -> Ints:
    """Deal groups into folds at random; a group is never in two.

    Parameters
    ----------
    groups : ndarray of str, shape (n,)
    folds : int
    seed : int

    Returns
    -------
    ndarray, int64, shape (n,)
        0 to ``folds - 1``. The largest groups are dealt first, each to the fold
        with the fewest rows, so that folds differ by few rows.
    """
    names, index, counts = np.unique(groups, return_inverse=True, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(names))
    order = order[np.argsort(-counts[order], kind="stable")]
    sizes, chosen = np.zeros(folds, dtype=np.int64), np.zeros(len(names), dtype=np.int64)
    for group in order:
        chosen[group] = sizes.argmin()
        sizes[chosen[group]] += counts[group]
    return chosen[index]
