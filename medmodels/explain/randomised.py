"""A copy of a network that forgets what it has learned, from the answer back to the input.

Adebayo et al. 2018, "Sanity checks for saliency maps", arXiv 1810.03292:
cascading randomisation.
"""

from __future__ import annotations

from itertools import groupby

import keras
import numpy as np

_NAMES = {1: "the last layer", 2: "the last two layers"}


class RandomisedCopy:
    """A network's copy whose layers forget their weights, the last first.

    A layer forgets by permutation: each of its arrays keeps its numbers and
    loses their places. Fresh draws from the initialisers would do as well for
    a network just built, but not for one whose batch normalisation is folded
    into its convolutions: the signal would die on the way, maps would be empty,
    and any method would pass. Permuted weights keep every layer's scale and
    depend on no initialiser.

    Layers that lie equally far from the answer (those of the members of an
    averaged network) forget together. The weights change in place: graphs that
    were compiled for ``network`` read them anew.

    Parameters
    ----------
    network : keras.Model
        Functional and flat; it stays as it is.
    """

    def __init__(self, network: keras.Model) -> None:
        self.network = keras.models.clone_model(network)
        self._trained = [weights.copy() for weights in network.get_weights()]
        self.network.set_weights(self._trained)
        depths = {
            operation: depth
            for depth, operations in self.network._operations_by_depth.items()
            for operation in operations
        }
        with_weights = sorted(
            (layer for layer in self.network.layers if layer.weights), key=depths.__getitem__
        )
        self._stages = [list(some) for _, some in groupby(with_weights, key=depths.__getitem__)]
        n = len(self._stages)
        counts = sorted({1, 2, max(1, round(n / 3)), max(1, round(2 * n / 3)), n} & {*range(n + 1)})
        self._counts = tuple(counts)

    @property
    def depths(self) -> tuple[str, ...]:
        """The stops of the cascade, in words; at the last all weights are forgotten."""
        n = len(self._stages)
        shares = {
            round(n / 3): "a third of the layers",
            round(2 * n / 3): "two thirds of the layers",
        }
        words = shares | _NAMES | {n: "all layers"}
        return tuple(words[count] for count in self._counts)

    @property
    def decisive(self) -> int:
        """Index of the stop at which a third of the layers have forgotten.

        From there on the network's answers are no better than guesses.
        """
        return self._counts.index(max(1, round(len(self._stages) / 3)))

    def forget(self, stop: int, seed: int) -> None:
        """Permute the weights of all layers down to a stop; the others are as trained.

        Parameters
        ----------
        stop : int
            Index into ``depths``.
        seed : int
            The same seed gives the same weights; deeper stops keep those of
            the stops before.
        """
        self.network.set_weights(self._trained)
        generator = np.random.default_rng(seed)
        for stage in self._stages[: self._counts[stop]]:
            for layer in stage:
                layer.set_weights([_permuted(w, generator) for w in layer.get_weights()])


def _permuted(weights: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    return generator.permutation(weights.reshape(-1)).reshape(weights.shape)
