"""A recipe for a network of pictures that starts from EfficientNet-Lite0, whatever they show."""

from __future__ import annotations

from dataclasses import dataclass, field

import keras

from medmodels.networks.cnn import lite_cnn
from medmodels.training.chest_imagenet import bundled_weights, load_into, read_torch_weights
from medmodels.training.image_fitting import Schedule


@dataclass(frozen=True)
class LiteRecipe:
    """How a network is made and fitted.

    Parameters
    ----------
    size : int
        Side of the input, pixels.
    frozen_blocks : int or None
        The stem and this many blocks keep their ImageNet weights; None: all learn.
    dropout : float
    imagenet : bool
        Start from ImageNet weights.
    schedule : Schedule
    """

    size: int
    frozen_blocks: int | None = None
    dropout: float = 0.3
    imagenet: bool = True
    schedule: Schedule = field(default_factory=Schedule)


def build_lite(recipe: LiteRecipe, classes: int, channels: int) -> keras.Model:
    """Build a recipe's network with its starting weights."""
    keras.utils.set_random_seed(recipe.schedule.seed)
    network = lite_cnn(recipe.size, classes, channels=channels, dropout=recipe.dropout)
    if recipe.imagenet:
        load_into(network, read_torch_weights(bundled_weights()))
    if recipe.frozen_blocks is not None:
        frozen = ("stem", *(f"block{index}_" for index in range(recipe.frozen_blocks)))
        for layer in network.layers:
            if layer.name.startswith(frozen):
                layer.trainable = False
    return network
