"""What every explanation method is given: checked, and with a batch axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import keras

Array = npt.NDArray[np.float32]


def as_inputs(network: keras.Model, x: Array | Sequence[Array]) -> list[Array]:
    """One example as a batch of one for each of the network's inputs.

    Parameters
    ----------
    network : keras.Model
        Functional and flat.
    x : ndarray, or sequence of ndarray
        One for each input, in the network's order, with or without the batch
        axis: (H, W, C) for a scan; (L, 4) for a sequence of bases; (T, L, leads)
        and (T, R) for a signal. The first is the one that is explained, the
        others are its context.

    Returns
    -------
    list of ndarray, float32
        Each with a batch axis of length 1.

    Raises
    ------
    ValueError
        When a shape is not the network's, or there is more than one example.
    """
    arrays = [x] if isinstance(x, np.ndarray) else list(x)
    if len(arrays) != len(network.inputs):
        raise ValueError(f"the network has {len(network.inputs)} inputs, got {len(arrays)}")
    return [
        _as_batch_of_one(array, tuple(tensor.shape))
        for array, tensor in zip(arrays, network.inputs, strict=True)
    ]


def _as_batch_of_one(array: Array, shape: tuple[int | None, ...]) -> Array:
    array = np.asarray(array, dtype=np.float32)
    if array.ndim == len(shape) - 1:
        array = array[np.newaxis]
    fits = (
        array.ndim == len(shape)
        and array.shape[0] == 1
        and all(
            expected in (None, found)
            for expected, found in zip(shape[1:], array.shape[1:], strict=True)
        )
    )
    if not fits:
        raise ValueError(f"expected one example of shape {shape[1:]}, got {array.shape}")
    return array


def check_target(network: keras.Model, class_index: int, beat: int | None, beats: int) -> None:
    """Refuse a class or beat that the network does not answer for.

    Parameters
    ----------
    network : keras.Model
        With logits (N, K) for a scan or a sequence, or (N, T, K) for a signal.
    class_index : int
        0 to K - 1.
    beat : int or None
        0 to ``beats`` - 1 for a signal, None for a scan or a sequence.
    beats : int
        How many beats the signal's windows hold; ignored for the others.

    Raises
    ------
    ValueError
    """
    shape = network.outputs[0].shape
    if not 0 <= class_index < shape[-1]:
        raise ValueError(f"class_index is {class_index}, the network has {shape[-1]} classes")
    if (len(shape) == 3) != (beat is not None):
        raise ValueError("a signal needs the beat to explain, and a scan has none")
    if beat is not None and not 0 <= beat < beats:
        raise ValueError(f"beat is {beat}, there are {beats} beats")


def is_bases(x: Array | Sequence[Array]) -> bool:
    """Whether one input, without a batch axis, is a sequence of bases, (L, 4)."""
    return isinstance(x, np.ndarray) and x.ndim == 2


def beats_among(x: Sequence[Array]) -> npt.NDArray[np.bool_]:
    """Which rows hold a beat, (T,): all but the empty ones before and after a recording.

    A network reads beats in stretches of one length (`networks.beat_stretch`);
    at the ends of a recording some rows are all 0, which no beat's are. They
    belong to what is explained, but are nothing to replace or to compare with.
    Where all rows are 0, all count.

    Parameters
    ----------
    x : sequence of ndarray, (T, L, leads) and (T, R)
    """
    held = np.logical_or.reduce([part.reshape(len(part), -1).any(axis=1) for part in x])
    return np.asarray(held if held.any() else ~held)


def input_unit(beat: int | None) -> str:
    """Unit of a derivative of a logit to the input.

    Brightness runs from 0 to 1; beat windows come in units of the recording's
    own QRS height (`medmodels.inputs.beat_windows.BeatInputs.windows`).
    """
    return "logit per unit of brightness" if beat is None else "logit per QRS height"


def as_map_values(per_value: Array, beat: int | None) -> Array:
    """Values for a map out of values for every number in the input.

    Parameters
    ----------
    per_value : ndarray, shape (H, W, C), (L, 4) or (T, L, leads)
    beat : int or None
        None for a scan or a sequence: channels, or letters, are summed, which
        keeps signs.

    Returns
    -------
    ndarray, float32, shape (H, W), (L,) or (T, L, leads)
    """
    values = per_value.sum(axis=-1) if beat is None else per_value
    return np.ascontiguousarray(values, dtype=np.float32)
