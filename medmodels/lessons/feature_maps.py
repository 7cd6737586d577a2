"""Feature maps: what every layer of a network makes of one image."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import keras

Array = npt.NDArray[np.float32]

ORDERS = {"varying": "Most varying", "active": "Most active"}


@dataclass(frozen=True)
class MapLayer:
    """A layer whose output is a stack of maps.

    Parameters
    ----------
    name : str
        In the network.
    place : int
        Counted from 1 among the layers with maps.
    height, width, channels : int
        Cells of a map, and how many maps.
    does : str
        What it does to the maps that it is given, in plain words.
    rectified : bool
        Whether it sets what is below 0 to 0.
    ceiling : float or None
        What it cuts values off at, if it does.
    """

    name: str
    place: int
    height: int
    width: int
    channels: int
    does: str
    rectified: bool
    ceiling: float | None

    @property
    def title(self) -> str:
        """Place, size and number in one line."""
        maps = "1 map" if self.channels == 1 else f"{self.channels} maps"
        return f"{self.place}. {self.width} × {self.height} cells, {maps}: {self.does}"


def map_layers(network: keras.Model) -> tuple[MapLayer, ...]:
    """All layers of a flat functional network whose output has the shape (N, h, w, c).

    Parameters
    ----------
    network : keras.Model
        With one image (N, H, W, C) as its input, of a fixed size.
    """
    found = [layer for layer in network.layers if _makes_maps(layer)]
    layers = []
    for place, layer in enumerate(found, start=1):
        _, height, width, channels = layer.output.shape
        rectified, ceiling = _cut(layer)
        layers.append(
            MapLayer(layer.name, place, height, width, channels, _does(layer), rectified, ceiling)
        )
    return tuple(layers)


def all_maps(network: keras.Model, x: Array) -> dict[str, Array]:
    """Output of every layer that makes maps, from one pass through the network.

    Parameters
    ----------
    network : keras.Model
    x : ndarray, float32, shape (H, W, C)
        A prepared scan, 0 to 1.

    Returns
    -------
    dict
        By the layer's name, arrays float32 (h, w, c). The chest network's take
        about 19 MB.
    """
    import tensorflow as tf

    names, run = _compiled(network)
    outputs = run(tf.constant(x[np.newaxis], tf.float32))
    return {name: output.numpy()[0] for name, output in zip(names, outputs, strict=True)}


def input_name(layer: Any) -> str:
    """Name of the layer whose output a layer with one input is given."""
    return str(layer.input._keras_history.operation.name)


def rank(maps: Array, order: str) -> npt.NDArray[np.intp]:
    """Channels in the order to show them.

    Parameters
    ----------
    maps : ndarray, float32, shape (h, w, c)
    order : str
        "varying": by standard deviation over the cells; "active": by mean size.

    Returns
    -------
    ndarray of int, shape (c,)
        Equal ones stay in their own order.
    """
    if order not in ORDERS:
        raise ValueError(f'maps are ordered by {tuple(ORDERS)}, not by "{order}"')
    flat = maps.reshape(-1, maps.shape[2]).astype(np.float64)
    measure = flat.std(axis=0) if order == "varying" else np.abs(flat).mean(axis=0)
    return np.argsort(-measure, kind="stable")


def silent_share(maps: Array) -> float:
    """Share of the cells that are exactly 0, of one map (h, w) or of many."""
    return float(np.mean(maps == 0))


def at_ceiling_share(maps: Array, ceiling: float) -> float:
    """Share of the cells that were cut off at a ceiling."""
    return float(np.mean(maps >= ceiling))


def common_range(maps: Array, layer: MapLayer) -> tuple[float, float]:
    """Limits of one scale for all maps of a layer, in units of activation.

    The end is what one cell in a thousand exceeds, of all channels together,
    so that a map that looks dark is weak. A rectified layer starts at 0;
    another is symmetric, with 0 in the middle.

    Parameters
    ----------
    maps : ndarray, float32, shape (h, w, c)
        All of the layer's maps, not those shown only.
    layer : MapLayer
    """
    highest = float(np.quantile(np.abs(maps), 0.999)) or 1.0
    return (0.0 if layer.rectified else -highest), highest


@lru_cache(maxsize=2)
def _compiled(network: keras.Model) -> tuple[tuple[str, ...], Any]:
    import keras
    import tensorflow as tf

    from medmodels.networks.as_graph import as_graph

    layers = [layer for layer in network.layers if _makes_maps(layer)]
    whole = keras.Model(network.inputs, [layer.output for layer in layers])
    signature = [tf.TensorSpec((1, *network.inputs[0].shape[1:]), tf.float32)]
    run = as_graph(lambda x: whole(x, training=False), input_signature=signature)
    return tuple(layer.name for layer in layers), run


def _makes_maps(layer: Any) -> bool:
    shape = getattr(layer.output, "shape", ())
    return len(shape) == 4 and None not in shape[1:]


def _cut(layer: Any) -> tuple[bool, float | None]:
    """Whether a layer's output is rectified, and where it is cut off."""
    import keras

    if isinstance(layer, keras.layers.ReLU):
        ceiling = layer.max_value
        return not layer.negative_slope, None if ceiling is None else float(ceiling)
    name = getattr(getattr(layer, "activation", None), "__name__", "")
    return name in ("relu", "relu6"), 6.0 if name == "relu6" else None


def _does(layer: Any) -> str:
    """Plain words for a layer."""
    import keras

    kinds = keras.layers
    if isinstance(layer, kinds.DepthwiseConv2D):
        return f"a window of {_size(layer)} over each map by itself"
    if isinstance(layer, kinds.Conv2D):
        if set(layer.kernel_size) == {1}:
            return "new mixtures of the maps, point by point"
        return f"windows of {_size(layer)} over all maps together"
    words = {
        kinds.InputLayer: "the scan as it was prepared",
        kinds.LayerNormalization: "the scan brought to the same brightness and contrast as any",
        kinds.BatchNormalization: "each map brought to a usual brightness and contrast",
        kinds.ReLU: "what lies below 0 set to 0",
        kinds.Add: "the last maps added to those of an earlier layer",
        kinds.MaxPooling2D: "the largest value of each small block",
        kinds.AveragePooling2D: "the average of each small block",
    }
    for kind, text in words.items():
        if isinstance(layer, kind):
            return text
    return str(type(layer).__name__)


def _size(layer: Any) -> str:
    rows, columns = layer.kernel_size
    return f"{columns} × {rows}"
