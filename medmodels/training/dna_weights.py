"""How often each base stands at each place around a junction: a position weight model.

After Stormo et al., Nucleic Acids Res 1982;10:2997-3011, and Staden 1984;12:505-519.
``python -m medmodels.training.dna_weights --data DIR`` estimates it from the training
split and writes ``dna_weights.csv``. Frequencies over hundreds of genes describe none of
them.
"""

from __future__ import annotations

import argparse
import csv
import io
from pathlib import Path

import numpy as np
import numpy.typing as npt

from medmodels.inputs.bases import BASES
from medmodels.training.dna_data import CLASSES, LENGTH, Windows, load_windows

TABLE = Path(__file__).with_name("dna_weights.csv")
#: Added to each count, in the proportion of the bases as a whole.
PSEUDOCOUNT = 1.0
_DIGITS = 4

Doubles = npt.NDArray[np.float64]


def estimate(windows: Windows) -> Doubles:
    """Frequencies of the bases at each place of each class.

    Parameters
    ----------
    windows : Windows

    Returns
    -------
    ndarray, float64, shape (3, 60, 4)
        In the order of the classes and of A, C, G, T; sums to 1 over the last axis.
    """
    background = windows.bases.mean(axis=(0, 1), dtype=np.float64)
    counts = np.stack([
        windows.bases[windows.labels == k].sum(axis=0, dtype=np.float64)
        for k in range(len(CLASSES))
    ])  # fmt: skip
    counts += PSEUDOCOUNT * background
    return np.asarray(counts / counts.sum(axis=-1, keepdims=True))


def to_csv(weights: Doubles) -> str:
    """Write the table; shape (3, 60, 4)."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow(["class", "place", *BASES])
    for name, places in zip(CLASSES, weights, strict=True):
        for place, row in enumerate(places, start=1):
            write.writerow([name, place, *(f"{value:.{_DIGITS}f}" for value in row)])
    return out.getvalue()


def read_weights(path: Path = TABLE) -> Doubles:
    """Read the table.

    Returns
    -------
    ndarray, float64, shape (3, 60, 4)
        Made to sum to 1 again after rounding.
    """
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    values = np.array([[float(row[base]) for base in BASES] for row in rows])
    weights = values.reshape(len(CLASSES), LENGTH, len(BASES))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def log_odds(bases: npt.NDArray[np.float32], weights: Doubles, background: Doubles) -> Doubles:
    """Score of windows against a background, in bits.

    Parameters
    ----------
    bases : ndarray, float32, shape (n, 60, 4)
    weights : ndarray, float64, shape (60, 4)
        Of one class.
    background : ndarray, float64, shape (4,)

    Returns
    -------
    ndarray, float64, shape (n,)
    """
    return np.asarray(np.einsum("npb,pb->n", bases, np.log2(weights / background)))


def main() -> None:
    """Write the table of the training split."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    folder = parser.parse_args().data / "dna-splice"
    TABLE.write_text(to_csv(estimate(load_windows(folder, "train"))))


if __name__ == "__main__":
    main()
