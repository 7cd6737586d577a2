"""A sequence cut into its bases, which the audit replaces in the order of a map."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.ndimage import gaussian_filter1d

from medmodels.explain.arguments import Array
from medmodels.explain.base_masking import BaseMasking
from medmodels.explain.masking import Progress
from medmodels.explain.parts import BLOB, SMOOTH, Doubles, Kept, ask_all
from medmodels.explain.saliency_map import SaliencyMap


class BaseParts:
    """A sequence base by base: whole letters come and go, so no seam needs softening.

    Parameters
    ----------
    maskings : sequence of BaseMasking
        One for each baseline.
    x : ndarray, float32, shape (L, 4)
    """

    def __init__(self, maskings: Sequence[BaseMasking], x: Array) -> None:
        self._maskings, self._bases = tuple(maskings), x

    @property
    def count(self) -> int:
        """See `medmodels.explain.parts.Parts`."""
        return len(self._bases)

    def importance(self, found: SaliencyMap) -> Doubles:
        """See `medmodels.explain.parts.Parts`; a map has one value for each base already."""
        return found.values.astype(np.float64)

    def logits(self, keep: Kept, progress: Progress | None = None) -> Array:
        """See `medmodels.explain.parts.Parts`."""
        kept = keep.astype(np.float32)
        return ask_all(self._maskings, lambda one, report: one.logits(kept, report), progress)

    def random(self, generator: np.random.Generator, n: int) -> Doubles:
        """See `medmodels.explain.parts.Parts`; smooth along the sequence."""
        grain = generator.standard_normal((n, self.count))
        return np.asarray(gaussian_filter1d(grain, SMOOTH, axis=1))

    def blob(self) -> Doubles:
        """See `medmodels.explain.parts.Parts`; around the place that is judged."""
        distance = (np.arange(self.count) + 0.5) / self.count - 0.5
        return np.asarray(np.exp(-(distance**2) / (2 * BLOB**2)))

    def edges(self) -> Doubles:
        """See `medmodels.explain.parts.Parts`; from how many of its neighbours a letter differs."""
        differs = (self._bases[1:] != self._bases[:-1]).any(axis=1).astype(np.float64)
        return np.pad(differs, (1, 0)) + np.pad(differs, (0, 1))
