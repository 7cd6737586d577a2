"""What a network knows of an input besides its answer: pooled activations, for trust.

All of it comes out of the one forward pass that answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from medmodels.networks.as_graph import as_graph


@dataclass(frozen=True)
class TapSpec:
    """Which activations of a convolutional network become features.

    Parameters
    ----------
    head : str
        The layer (N, F) that the logits are computed from.
    layers : tuple of str
        Layers (N, h, w, c) whose mean and deviation over space are taken:
        early ones know texture and contrast, late ones anatomy.
    layout : str
        Layer (N, h, w, c) that is also averaged over a coarse grid, which
        tells how the picture lies.
    grid : int
        Cells of that grid along each side; divides h and w.
    """

    head: str
    layers: tuple[str, ...]
    layout: str
    grid: int

    @classmethod
    def from_trust(cls, table: Mapping[str, Any]) -> TapSpec:
        """Read the table ``features`` of a bundle's ``trust.json``."""
        return cls(
            str(table["head"]),
            tuple(str(name) for name in table["layers"]),
            str(table["layout"]),
            int(table["grid"]),
        )

    def to_trust(self) -> dict[str, Any]:
        """As it stands in ``trust.json``."""
        return {
            "head": self.head, "layers": list(self.layers),
            "layout": self.layout, "grid": self.grid,
        }  # fmt: skip

    def tensors(self, network: keras.Model) -> list[Any]:
        """The network's symbolic outputs that `describe` wants, in its order."""
        return [network.get_layer(name).output for name in (self.head, *self.layers, self.layout)]

    def describe(self, outputs: list[Any]) -> Any:
        """Turn the tapped activations into one row of features for each input.

        Parameters
        ----------
        outputs : list of tensor
            As from `tensors`, evaluated.

        Returns
        -------
        tensor, float32, shape (N, F + 2 * sum(c) + grid * grid * c_layout)
            Head first, then means, deviations, and the coarse grid by rows.
        """
        head, *maps, layout = outputs
        means = [tf.reduce_mean(x, axis=(1, 2)) for x in maps]
        spreads = [tf.math.reduce_std(x, axis=(1, 2)) for x in maps]
        cell = (layout.shape[1] // self.grid, layout.shape[2] // self.grid)
        coarse = tf.nn.avg_pool2d(layout, cell, cell, "VALID")
        size = self.grid * self.grid * layout.shape[3]
        return tf.concat([head, *means, *spreads, tf.reshape(coarse, (-1, size))], axis=1)


class TappedNetwork:
    """A network that gives logits and features of many inputs; for fitting and measuring.

    Parameters
    ----------
    network : keras.Model
        Functional and flat.
    spec : TapSpec
    """

    def __init__(self, network: keras.Model, spec: TapSpec) -> None:
        whole = keras.Model(network.inputs, [network.outputs[0], *spec.tensors(network)])
        signature = [tf.TensorSpec((None, *network.inputs[0].shape[1:]), tf.float32)]

        @as_graph(input_signature=signature)
        def run(x: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            logits, *taps = whole(x, training=False)
            return logits, spec.describe(taps)

        self._run = run

    def __call__(
        self, images: npt.NDArray[np.float32], batch: int = 64
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Logits (N, K) and features (N, D) of prepared inputs (N, H, W, C)."""
        parts = [
            self._run(tf.constant(images[at : at + batch])) for at in range(0, len(images), batch)
        ]
        return (
            np.concatenate([logits.numpy() for logits, _ in parts]),
            np.concatenate([features.numpy() for _, features in parts]),
        )
