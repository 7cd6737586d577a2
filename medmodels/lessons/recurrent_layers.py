"""Which layers of a network are recurrent, and what each of them reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras

FORWARD, BACKWARD = "forward", "backward"
WITHIN, ACROSS = "within", "across"
# Kinds of layers whose steps can be laid open, by Keras's name.
LAID_OPEN = ("GRU",)


@dataclass(frozen=True)
class RecurrentLayer:
    """One recurrent layer of a network.

    Parameters
    ----------
    name : str
        In the network.
    family : str
        The name without the number of the member that it belongs to.
    member : int
        Counted from 1; 1 where the network has one member only.
    cell : str
        Keras's name of the kind of layer ("GRU").
    level : str
        "within" where the number of steps is fixed (the steps of one beat),
        "across" where it is free (the beats of a recording).
    units : int
        Numbers in the state, for one direction.
    directions : tuple of str
        "forward", "backward" or both.
    readable : bool
        Whether its steps can be laid open here: a GRU with Keras's own settings.
    """

    name: str
    family: str
    member: int
    cell: str
    level: str
    units: int
    directions: tuple[str, ...]
    readable: bool


def recurrent_layers(network: keras.Model) -> tuple[RecurrentLayer, ...]:
    """Find the recurrent layers of a flat functional network, in its order.

    Parameters
    ----------
    network : keras.Model

    Returns
    -------
    tuple of RecurrentLayer
        Empty where it has none.
    """
    return tuple(_describe(layer) for layer in network.layers if parts_of(layer))


def _describe(layer: Any) -> RecurrentLayer:
    parts = parts_of(layer)
    cell = next(iter(parts.values()))
    named = re.fullmatch(r"(.+)_(\d+)", layer.name)
    return RecurrentLayer(
        name=layer.name,
        family=named.group(1) if named else layer.name,
        member=int(named.group(2)) if named else 1,
        cell=type(cell).__name__,
        level=ACROSS if layer.input.shape[1] is None else WITHIN,
        units=int(cell.units),
        directions=tuple(parts),
        readable=all(_is_plain(part) for part in parts.values()),
    )


def parts_of(layer: Any) -> dict[str, Any]:
    """A layer's recurrent parts by the direction in which they read; empty if it has none."""
    import keras

    if isinstance(layer, keras.layers.Bidirectional):
        return {FORWARD: layer.forward_layer, BACKWARD: layer.backward_layer}
    if isinstance(layer, keras.layers.RNN) and hasattr(layer, "units"):
        return {BACKWARD if layer.go_backwards else FORWARD: layer}
    return {}


def _is_plain(cell: Any) -> bool:
    """Whether a cell computes what is laid open for its kind."""
    import keras

    return (
        type(cell).__name__ in LAID_OPEN
        and cell.use_bias
        and cell.reset_after
        and cell.activation is keras.activations.tanh
        and cell.recurrent_activation is keras.activations.sigmoid
    )
