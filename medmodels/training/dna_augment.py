"""Changes of a window that keep its label, and windows made of others that are no site.

A junction stands at one place of the window, so a shift does not keep the label: it makes
a negative, as reading the other strand does. What keeps it: single bases away from the
junction, and outer flanks taken from another window of the same class.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from medmodels.training.dna_data import HALF, LENGTH, NEITHER

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

#: Half-open range of bases that are left alone: the donor's CAG|GTAAGT and the acceptor's
#: (C/T)AG|G lie inside (Mount, Nucleic Acids Res 1982;10:459-472).
CORE = (HALF - 6, HALF + 8)
_BASES = np.eye(4, dtype=np.float32)


@dataclass(frozen=True)
class Augmentation:
    """How windows are changed, anew in every epoch.

    Parameters
    ----------
    noise : float
        Chance of each base outside the core to be drawn anew.
    flanks : float
        Share of windows whose outer flanks come from another one of their class.
    shifted : float
        Shifted sites, as negatives, for each true site.
    reversed_ : float
        Sites read from the other strand, as negatives, for each true site.
    decoys : float
        Places with GT or AG where no site is, as negatives, for each true site.
    """

    noise: float = 0.0
    flanks: float = 0.0
    shifted: float = 0.0
    reversed_: float = 0.0
    decoys: float = 0.0


def change(
    bases: Floats, labels: Ints, augmentation: Augmentation, rng: np.random.Generator
) -> Floats:
    """Windows that keep their labels.

    Parameters
    ----------
    bases : ndarray, float32, shape (n, 60, 4)
    labels : ndarray, int64, shape (n,)
    augmentation : Augmentation
    rng : numpy Generator

    Returns
    -------
    ndarray, float32, shape (n, 60, 4)
        A copy.
    """
    changed = bases.copy()
    if augmentation.flanks:
        lend_flanks(changed, labels, augmentation.flanks, rng)
    if augmentation.noise:
        drawn = rng.random((len(bases), LENGTH)) < augmentation.noise
        drawn[:, CORE[0] : CORE[1]] = False
        changed[drawn] = _BASES[rng.integers(0, 4, int(drawn.sum()))]
    return changed


def lend_flanks(bases: Floats, labels: Ints, share: float, rng: np.random.Generator) -> None:
    """Put another window's outer flanks in place, within each class.

    Parameters
    ----------
    bases : ndarray, float32, shape (n, 60, 4)
        Changed in place.
    labels : ndarray, int64, shape (n,)
    share : float
        Of windows, for each of the two flanks.
    rng : numpy Generator
    """
    whole, place = bases.copy(), np.arange(LENGTH)
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        left = rng.integers(1, CORE[0] + 1, len(rows)) * (rng.random(len(rows)) < share)
        right = rng.integers(CORE[1], LENGTH, len(rows))
        right = np.where(rng.random(len(rows)) < share, right, LENGTH)
        for lent in (place < left[:, None], place >= right[:, None]):
            other = whole[rng.permutation(rows)]
            bases[rows] = np.where(lent[..., None], other, bases[rows])


def made_negatives(
    bases: Floats, labels: Ints, augmentation: Augmentation, rng: np.random.Generator
) -> Floats:
    """Windows that are no site, made of sites.

    Parameters
    ----------
    bases : ndarray, float32, shape (n, 60, 4)
    labels : ndarray, int64, shape (n,)
    augmentation : Augmentation
    rng : numpy Generator

    Returns
    -------
    ndarray, float32, shape (m, 60, 4)
        Shifted sites, with the bases that a shift calls for taken from windows
        without a site; sites read from the other strand; decoys.
    """
    sites, plain = bases[labels != NEITHER], bases[labels == NEITHER]
    if not len(sites) or not len(plain):
        return bases[:0]

    def draw(share: float, pool: Floats) -> Floats:
        return pool[rng.integers(0, len(pool), round(share * len(sites)))]

    chosen = draw(augmentation.shifted, sites)
    filled = plain[rng.integers(0, len(plain), len(chosen))]
    # Near shifts are the harder ones, and the commoner ones along a real sequence.
    by = np.clip(np.rint(rng.geometric(0.12, len(chosen))), 1, HALF - 2).astype(np.int64)
    by *= rng.choice([-1, 1], len(chosen))
    moved = np.stack([shift(w, f, int(k)) for w, f, k in zip(chosen, filled, by, strict=True)]
                     ) if len(chosen) else chosen  # fmt: skip
    # Reversed in place and complemented: A and T, C and G change places.
    other_strand = draw(augmentation.reversed_, sites)[:, ::-1, ::-1]
    return np.concatenate(
        [moved, other_strand, decoys(plain, round(augmentation.decoys * len(sites)), rng)]
    )


def decoys(plain: Floats, count: int, rng: np.random.Generator) -> Floats:
    """Windows around a GT or an AG that is no site, as a scan meets them at every tenth base.

    Parameters
    ----------
    plain : ndarray, float32, shape (n, 60, 4)
        Windows without a site.
    count : int
    rng : numpy Generator

    Returns
    -------
    ndarray, float32, shape (count, 60, 4)
        Cut from pairs of ``plain``, one after the other: half have GT after
        their middle, half AG before it.
    """
    made = np.empty((count, LENGTH, 4), np.float32)
    for number in range(count):
        at, motif = ((HALF, (2, 3)), (HALF - 2, (0, 2)))[number % 2]
        starts: Ints = np.empty(0, np.int64)
        while not len(starts):
            pair = plain[rng.integers(0, len(plain), 2)].reshape(-1, 4)
            first = pair[at : at + LENGTH, motif[0]] == 1
            starts = np.flatnonzero(first & (pair[at + 1 : at + 1 + LENGTH, motif[1]] == 1))
        start = int(rng.choice(starts))
        made[number] = pair[start : start + LENGTH]
    return made


def shift(window: Floats, filling: Floats, by: int) -> Floats:
    """Move a window's bases to the right by ``by``, or to the left where it is negative.

    Parameters
    ----------
    window, filling : ndarray, float32, shape (60, 4)
        The bases that move in are those of ``filling`` at the same place.
    by : int

    Returns
    -------
    ndarray, float32, shape (60, 4)
    """
    moved = filling.copy()
    if by >= 0:
        moved[by:] = window[: LENGTH - by]
    else:
        moved[:by] = window[-by:]
    return moved
