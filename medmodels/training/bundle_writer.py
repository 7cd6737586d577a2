"""Write a bundle: the last step of every recipe."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from medmodels.bundles import MANIFEST, parse_card, render_manifest
from medmodels.evaluation.whole import evaluate_whole

if TYPE_CHECKING:
    import keras

MAXIMUM_BYTES = 8_000_000
_LIBRARIES = ("tensorflow", "keras", "numpy", "scipy", "pillow", "wfdb")


def write_bundle(
    folder: Path,
    *,
    card: Path,
    network: keras.Model | bytes,
    trust: Mapping[str, Any],
    predictions: Mapping[str, npt.NDArray[Any]],
    training: Mapping[str, Any],
    reference: Mapping[str, npt.NDArray[Any]] | None = None,
) -> None:
    """Write all files of a bundle and the manifest that seals them.

    Parameters
    ----------
    folder : Path
        Made anew; what was there is replaced.
    card : Path
        The hand-written ``card.toml``.
    network : keras.Model or bytes
        Functional, ending in logits; bytes are the file of a network that stays
        as it is.
    trust : mapping
        See `medmodels.trust.operating_point.OperatingPoint.from_trust`.
    predictions : mapping of arrays
        See `medmodels.evaluation.whole.evaluate_whole`.
    training : mapping
        How the bundle was made: ``command``, ``seeds``, ``settings``,
        ``candidates``, ``steps``; library versions are added.
    reference : mapping of ndarray, optional
        Arrays of the trust layer.

    Raises
    ------
    ValueError
        When the bundle is larger than 8 MB.
    """
    parsed = parse_card(card.read_text())
    arrays: dict[str, Any] = dict(reference or {})
    evaluation = evaluate_whole(predictions, parsed, trust, arrays, list(training.get("steps", [])))
    evaluation = {
        "task": parsed.task,
        "command": f"python -m medmodels evaluate {parsed.task} --json",
        **evaluation,
    }
    made_with = {"python": platform.python_version()} | {name: version(name) for name in _LIBRARIES}
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copyfile(card, folder / "card.toml")
    if isinstance(network, bytes):
        (folder / "network.keras").write_bytes(network)
    else:
        network.save(folder / "network.keras")
    stored: dict[str, Any] = dict(predictions)
    np.savez_compressed(folder / "predictions.npz", **stored)
    if arrays:
        np.savez_compressed(folder / "reference.npz", **arrays)
    write_json(folder / "trust.json", trust)
    write_json(folder / "training.json", dict(training) | {"versions": made_with})
    write_json(folder / "evaluation.json", evaluation)
    seal(folder)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON that a person can read and a diff can show."""
    path.write_text(json.dumps(content, indent=1, allow_nan=False) + "\n")


def seal(folder: Path) -> None:
    """Write the manifest of a bundle's files.

    Raises
    ------
    ValueError
        When they are larger than 8 MB in all.
    """
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != MANIFEST}
    size = sum(map(len, files.values()))
    if size > MAXIMUM_BYTES:
        raise ValueError(f"the bundle has {size:,} bytes, at most {MAXIMUM_BYTES:,} are allowed")
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    (folder / MANIFEST).write_bytes(render_manifest(digests))
