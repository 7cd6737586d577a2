"""One sequence of bases with some of them replaced: what its answer becomes."""

from __future__ import annotations

import keras
import numpy as np

from medmodels.explain.arguments import Array, as_inputs
from medmodels.explain.compiled import compiled
from medmodels.explain.masking import Progress, in_parts

# A window of bases is small: at this many at a time a call's own cost is lost among them.
_AT_ONCE = 256


class BaseMasking:
    """A sequence whose bases can be replaced, see `medmodels.explain.masking.Masking`.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, one input (N, L, 4), logits (N, K).
    x : ndarray, float32, shape (L, 4) or (1, L, 4)
        Mixtures of A, C, G and T.
    baseline : ndarray, float32, shape as ``x``
        See `medmodels.explain.baselines.base_baseline`.
    """

    def __init__(self, network: keras.Model, x: Array, baseline: Array) -> None:
        ((self._bases,),) = as_inputs(network, x)
        self._change = np.asarray(baseline, np.float32).reshape(self._bases.shape) - self._bases
        self._network = network
        self.shape: tuple[int, ...] = self._bases.shape[:1]

    def logits(self, keep: Array, progress: Progress | None = None) -> Array:
        """See `medmodels.explain.masking.Masking.logits`; ``keep`` is (N, L)."""
        graph = compiled(self._network)

        def ask(part: slice) -> Array:
            gone = 1 - np.asarray(keep[part], np.float32)
            return graph.predict([self._bases + gone[..., np.newaxis] * self._change], len(gone))

        return in_parts(ask, len(keep), _AT_ONCE, progress)
