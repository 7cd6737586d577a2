"""An input cut into parts, which the audit hides in the order of a map.

Pixel by pixel, hiding would make grain that no network has seen and that says
more of grain than of the map. Every map and every control is therefore summed
over the same parts, and whole parts are hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter, gaussian_filter1d, sobel

from medmodels.explain.arguments import Array, beats_among
from medmodels.explain.cut import Cut
from medmodels.explain.masking import BeatMasking, Masking, Progress, ScanMasking, part_of
from medmodels.explain.place import Place
from medmodels.explain.saliency_map import SaliencyMap

Doubles = npt.NDArray[np.float64]
Kept = npt.NDArray[np.bool_]

# Standard deviation in parts, so that a random map has spots as large as a map's.
SMOOTH = 1.5
# Of the side (or window), for the blob in the middle.
BLOB = 1 / 4
# Deviations that count as none: a number that never changes must not divide by zero.
_STILL = 1e-3


M = TypeVar("M", bound=Masking)


def ask_all(
    maskings: Sequence[M],
    ask: Callable[[M, Progress | None], Array],
    progress: Progress | None,
) -> Array:
    """Ask with every baseline, (B, N, K)."""
    found = []
    for done, masking in enumerate(maskings):
        found.append(ask(masking, part_of(progress, done, len(maskings))))
    return np.stack(found)


class Parts(Protocol):
    """One input, cut."""

    @property
    def count(self) -> int:
        """How many parts there are."""
        ...

    def importance(self, found: SaliencyMap) -> Doubles:
        """Sum of a map over each part, (count,)."""
        ...

    def logits(self, keep: Kept, progress: Progress | None = None) -> Array:
        """Logits (B, N, K) with only some parts of (N, count) kept, for each of B baselines."""
        ...

    def random(self, generator: np.random.Generator, n: int) -> Doubles:
        """Random maps as smooth as a saliency map, (n, count)."""
        ...

    def blob(self) -> Doubles:
        """A blob in the middle, (count,)."""
        ...

    def edges(self) -> Doubles:
        """How much happens in each part, whatever the network thinks of it, (count,)."""
        ...


class ScanParts:
    """A place of a scan as a grid of square parts; what lies around it always stays.

    Parameters
    ----------
    maskings : sequence of ScanMasking
        One for each baseline.
    scan : ndarray, float32, shape (H, W, C)
    cells : int
        Parts along each side; divides H and W where all of the scan is cut.
    place : Place, optional
        All of the scan if not given.

    Raises
    ------
    ValueError
        When it does not.
    """

    def __init__(
        self,
        maskings: Sequence[ScanMasking],
        scan: Array,
        cells: int,
        place: Place | None = None,
    ) -> None:
        height, width = scan.shape[:2]
        if place is None and (height % cells or width % cells):
            raise ValueError(f"{cells} parts do not divide {height} x {width} pixels")
        self._maskings, self._scan = tuple(maskings), scan
        self._cut = Cut((height, width), place or Place.all_of((height, width)), cells)

    @property
    def count(self) -> int:
        """See `Parts`."""
        return self._cut.count

    def importance(self, found: SaliencyMap) -> Doubles:
        """See `Parts`."""
        return self._cut.total(found.values)

    def logits(self, keep: Kept, progress: Progress | None = None) -> Array:
        """See `Parts`."""
        cut, masks = self._cut, self._cut.padded(keep)
        return ask_all(
            self._maskings,
            lambda one, report: one.logits_of_grid(masks, cut.rows, cut.columns, report),
            progress,
        )

    def random(self, generator: np.random.Generator, n: int) -> Doubles:
        """See `Parts`."""
        grain = generator.standard_normal((n, *self._cut.grid))
        return gaussian_filter(grain, (0, SMOOTH, SMOOTH)).reshape(n, -1)

    def blob(self) -> Doubles:
        """See `Parts`."""
        distance = (np.arange(self._cut.cells) + 0.5) / self._cut.cells - 0.5
        square = distance[:, None] ** 2 + distance[None, :] ** 2
        return np.exp(-square / (2 * BLOB**2)).reshape(-1)

    def edges(self) -> Doubles:
        """See `Parts`; Sobel's gradient of the brightness."""
        grey = self._scan.astype(np.float64).mean(axis=-1)
        return self._cut.total(np.hypot(sobel(grey, axis=0), sobel(grey, axis=1)))


class BeatParts:
    """One beat as short stretches of each lead, and the numbers that are read beside them.

    Parameters
    ----------
    maskings : sequence of BeatMasking
        One for each baseline, with numbers.
    x : tuple of ndarray, (T, L, leads) and (T, R)
        Windows and numbers.
    beat : int
        The beat that is cut, 0 to T - 1; the beats around it always stay.
    samples : int
        Length of a stretch; divides L.

    Raises
    ------
    ValueError
        When it does not.
    """

    def __init__(
        self, maskings: Sequence[BeatMasking], x: tuple[Array, Array], beat: int, samples: int
    ) -> None:
        windows, numbers = x
        if windows.shape[1] % samples:
            raise ValueError(f"stretches of {samples} do not divide {windows.shape[1]} samples")
        self._maskings, self._windows, self._numbers = tuple(maskings), windows, numbers
        self._beat = beat
        self._samples = samples
        self._grid = windows.shape[1] // samples, windows.shape[2]

    @property
    def count(self) -> int:
        """See `Parts`; the stretches first, lead by lead within a stretch, then the numbers."""
        return int(np.prod(self._grid)) + self._numbers.shape[1]

    def importance(self, found: SaliencyMap) -> Doubles:
        """See `Parts`; a map without values for the numbers gives them none."""
        numbers = np.zeros(self._numbers.shape[1])
        if found.context is not None:
            numbers = found.context[self._beat].astype(np.float64)
        return np.concatenate([self._total(found.values[self._beat]), numbers])

    def logits(self, keep: Kept, progress: Progress | None = None) -> Array:
        """See `Parts`; seams are softened over a sample or so."""
        n, cut = len(keep), int(np.prod(self._grid))
        own = keep[:, :cut].reshape(n, *self._grid).astype(np.float32)
        masks = np.ones((n, *self._windows.shape), np.float32)
        masks[:, self._beat] = gaussian_filter1d(
            own.repeat(self._samples, axis=1), self._samples / 4, axis=1, mode="nearest"
        )
        rows = np.ones((n, *self._numbers.shape), np.float32)
        rows[:, self._beat] = keep[:, cut:]
        return ask_all(
            self._maskings, lambda one, report: one.logits(masks, report, rhythm=rows), progress
        )

    def random(self, generator: np.random.Generator, n: int) -> Doubles:
        """See `Parts`; smooth along the trace, each number for itself."""
        grain = gaussian_filter1d(generator.standard_normal((n, *self._grid)), SMOOTH, axis=1)
        trace = grain.reshape(n, -1) / grain.std()
        return np.concatenate(
            [trace, generator.standard_normal((n, self._numbers.shape[1]))], axis=1
        )

    def blob(self) -> Doubles:
        """See `Parts`; around the R peak, and all of the beat's numbers with it."""
        stretches, leads = self._grid
        distance = (np.arange(stretches) + 0.5) / stretches - 0.5
        own = np.exp(-(distance**2) / (2 * BLOB**2))
        return np.concatenate([own.repeat(leads), np.ones(self._numbers.shape[1])])

    def edges(self) -> Doubles:
        """See `Parts`; the slope of the trace, and how far each number is from its usual value."""
        slope = self._total(np.abs(np.gradient(self._windows[self._beat], axis=0)))
        beats = self._numbers[beats_among((self._windows, self._numbers))]
        usual, spread = np.median(beats, axis=0), beats.std(axis=0)
        far = np.abs(self._numbers[self._beat] - usual) / (spread + _STILL)
        return np.concatenate([slope / (slope.std() + _STILL), far / (far.std() + _STILL)])

    def _total(self, own: npt.NDArray[np.floating]) -> Doubles:
        summed = own.reshape(self._grid[0], self._samples, self._grid[1]).astype(np.float64)
        return np.asarray(summed.sum(axis=1).reshape(-1))
