"""Pooling: a block of cells becomes one number, and what that loses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

WAYS = {"max": "Maximum", "average": "Average"}


@dataclass(frozen=True)
class Block:
    """One block of a map.

    Parameters
    ----------
    top, left : int
        Its first row and column in the map.
    values : ndarray, float32, shape (size, size)
    result : float
        What pooling makes of it.
    largest : tuple of int
        Row and column in the map of its first largest value.
    """

    top: int
    left: int
    values: Array
    result: float
    largest: tuple[int, int]


@dataclass(frozen=True)
class Pooled:
    """A map before and after pooling.

    Parameters
    ----------
    way : str
        "max" or "average".
    size : int
        Side of a block; blocks do not overlap.
    map : ndarray, float32, shape (h, w)
        The whole blocks of the map: what does not fill a block is left out, as
        networks do.
    output : ndarray, float32, shape (h / size, w / size)
    """

    way: str
    size: int
    map: Array
    output: Array

    def block(self, row: int, column: int) -> Block:
        """Every number of one block; row and column as in the output."""
        top, left = row * self.size, column * self.size
        values = self.map[top : top + self.size, left : left + self.size]
        down, along = np.unravel_index(int(values.argmax()), values.shape)
        return Block(
            top, left, values, float(self.output[row, column]), (top + int(down), left + int(along))
        )

    @property
    def restored(self) -> Array:
        """The map as it can be told from the output alone: every result over its block."""
        return self.output.repeat(self.size, axis=0).repeat(self.size, axis=1)

    @property
    def lost(self) -> Array:
        """What cannot be told any more: the map minus `restored`, shape (h, w)."""
        return np.asarray(self.map - self.restored)

    @property
    def lost_share(self) -> float:
        """Share of the map's variance that lies within blocks, 0 to 1.

        It is gone with any single number for a block. For average pooling it is
        the variance of `lost` over that of the map (the law of total variance);
        a maximum keeps no more of it, and is off by a constant besides.
        """
        whole = float(self.map.astype(np.float64).var())
        if whole == 0:
            return 0.0
        blocks = _blocks(self.map, self.size).astype(np.float64)
        return float(blocks.var(axis=(1, 3)).mean() / whole)

    @property
    def sources(self) -> npt.NDArray[np.bool_]:
        """Where each block's largest value lay, shape (h, w); one cell a block."""
        found = np.zeros(self.map.shape, dtype=bool)
        for row in range(self.output.shape[0]):
            for column in range(self.output.shape[1]):
                found[self.block(row, column).largest] = True
        return found


def pool(values: Array, size: int, way: str) -> Pooled:
    """Pool a map in blocks that lie side by side.

    Parameters
    ----------
    values : ndarray, float32, shape (h, w)
    size : int
        Side of a block, at least 1 and no more than the map's.
    way : str
        "max" or "average".

    Raises
    ------
    ValueError
    """
    if way not in WAYS:
        raise ValueError(f'pooling takes one of {tuple(WAYS)}, not "{way}"')
    if not 1 <= size <= min(values.shape):
        raise ValueError(f"a block of {size} does not fit into {values.shape}")
    h, w = (side - side % size for side in values.shape)
    whole = np.ascontiguousarray(values[:h, :w])
    blocks = _blocks(whole, size)
    output = blocks.max(axis=(1, 3)) if way == "max" else blocks.mean(axis=(1, 3))
    return Pooled(way, size, whole, output)


def busiest_block(pooled: Pooled) -> tuple[int, int]:
    """Row and column of the block whose values differ most."""
    spread = _blocks(pooled.map, pooled.size).std(axis=(1, 3))
    row, column = np.unravel_index(int(spread.argmax()), spread.shape)
    return int(row), int(column)


def _blocks(values: Array, size: int) -> Array:
    """(h, w) as (h / size, size, w / size, size)."""
    h, w = values.shape
    return values.reshape(h // size, size, w // size, size)
