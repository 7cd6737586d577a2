"""Trained bundles: find, verify and load them.

A bundle is a folder with a card, a network and everything that is needed to
use it and to doubt it. Nothing is unpickled and no code from a bundle is run.
"""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from medmodels.trust.operating_point import OperatingPoint

if TYPE_CHECKING:
    import keras

BUNDLES = Path(__file__).resolve().parents[1] / "assets" / "bundles"
FOLDER_VARIABLE = "DIAPHANE_BUNDLES"
MANIFEST = "manifest.json"
# What inputs of a kind are called where a card does not say.
_ITEMS = {
    "scan": ("scan", "scans"), "signal": ("beat", "beats"), "sequence": ("sequence", "sequences"),
}  # fmt: skip


def bundles_folder() -> Path:
    """Where the bundles are: ``DIAPHANE_BUNDLES`` if set, else those that came with the project."""
    return Path(os.environ.get(FOLDER_VARIABLE) or BUNDLES)


class BundleError(RuntimeError):
    """A bundle is missing, incomplete or not the one that was published."""


@dataclass(frozen=True)
class ClassCard:
    """One class of a task, as its card describes it.

    Parameters
    ----------
    name : str
        As in files ("pneumonia").
    title : str
        As on screen ("Pneumonia").
    letter : str
        One or two characters that mark it on a plot.
    severity : int
        0 nothing to see, 1 to watch, 2 needs attention.
    meaning : str
        One plain sentence.
    """

    name: str
    title: str
    letter: str
    severity: int
    meaning: str


@dataclass(frozen=True)
class Card:
    """The model card: intended use, data, licences, limits.

    ``input``, ``network``, ``evaluation``, ``data`` and ``published`` hold the
    card's tables as written. ``published`` (others' results: ``method``,
    ``metric``, ``measure``, ``value``, ``n``, ``source``, ``like_for_like``,
    ``note``), ``ethics``, ``version`` and ``order`` (tasks with a lower one are
    offered first) may be absent.
    """

    task: str
    title: str
    question: str
    kind: str
    intended_use: str
    not_for: str
    limits: tuple[str, ...]
    accepts: tuple[str, ...]
    classes: tuple[ClassCard, ...]
    input: Mapping[str, Any]
    network: Mapping[str, Any]
    evaluation: Mapping[str, Any]
    data: tuple[Mapping[str, Any], ...]
    published: tuple[Mapping[str, Any], ...] = ()
    ethics: tuple[str, ...] = ()
    version: str = ""
    order: int = 100

    @property
    def item(self) -> str:
        """What one input is called, as ``[input] item`` says: "scan", "beat", "cell"."""
        return str(self.input.get("item", _ITEMS.get(self.kind, ("input", "inputs"))[0]))

    @property
    def items(self) -> str:
        """Several of them, as ``[input] items`` says."""
        return str(self.input.get("items", _ITEMS.get(self.kind, ("input", "inputs"))[1]))

    @property
    def class_names(self) -> tuple[str, ...]:
        """The names of the classes in the order of the logits."""
        return tuple(entry.name for entry in self.classes)


def parse_card(text: str) -> Card:
    """Read a card.

    Parameters
    ----------
    text : str
        TOML.

    Raises
    ------
    BundleError
        When a field is missing or of the wrong kind.
    """
    try:
        table = tomllib.loads(text)
        card = Card(
            task=table["task"],
            title=table["title"],
            question=table["question"],
            kind=table["kind"],
            intended_use=table["intended_use"],
            not_for=table["not_for"],
            limits=tuple(table["limits"]),
            accepts=tuple(table["accepts"]),
            classes=tuple(ClassCard(**entry) for entry in table["classes"]),
            input=table["input"],
            network=table["network"],
            evaluation=table.get("evaluation", {}),
            data=tuple(table["data"]),
            published=tuple(table.get("published", ())),
            ethics=tuple(table.get("ethics", ())),
            version=str(table.get("version", "")),
            order=int(table.get("order", 100)),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise BundleError(f"card.toml cannot be used: {error}") from error
    if card.kind not in ("scan", "signal", "sequence"):
        raise BundleError(f'card.toml: kind is "{card.kind}", not "scan", "signal" or "sequence"')
    return card


@dataclass(frozen=True, eq=False)
class Bundle:
    """A verified bundle; the network is loaded when first asked for.

    Parameters
    ----------
    folder : Path
    digest : str
        SHA-256 of the manifest, which holds the SHA-256 of every file.
    card : Card
    operating_point : OperatingPoint
    trust, evaluation, training : Mapping
        The parsed JSON files.
    """

    folder: Path
    digest: str
    card: Card
    operating_point: OperatingPoint
    trust: Mapping[str, Any]
    evaluation: Mapping[str, Any]
    training: Mapping[str, Any]

    @property
    def task(self) -> str:
        """The task's name."""
        return self.card.task

    @cached_property
    def network(self) -> keras.Model:
        """The Keras functional model, ending in logits; imports TensorFlow.

        Raises
        ------
        BundleError
            When the file has been changed or taken away since the bundle was opened.
        """
        import keras

        from medmodels.networks import rnn  # noqa: F401  (makes its layers known to Keras)
        from medmodels.networks.threads import leave_cores_to_networks

        leave_cores_to_networks()
        check_unchanged(self.folder, "network.keras", self.digest)
        return keras.saving.load_model(self.folder / "network.keras", compile=False, safe_mode=True)

    @cached_property
    def reference(self) -> dict[str, npt.NDArray[Any]]:
        """Arrays of the trust layer, by name; empty where the bundle has none."""
        path = self.folder / "reference.npz"
        if not path.exists():
            return {}
        check_unchanged(self.folder, path.name, self.digest)
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}


def list_tasks(root: Path | None = None) -> tuple[str, ...]:
    """Names of the tasks that have a bundle, in alphabetical order."""
    root = root or bundles_folder()
    return tuple(sorted(path.parent.name for path in root.glob(f"*/{MANIFEST}")))


def load_bundle(task: str, root: Path | None = None) -> Bundle:
    """Verify a bundle and read all of it but the network's weights.

    Parameters
    ----------
    task : str
        One of `list_tasks`.
    root : Path, optional
        The folder that holds the bundles; `bundles_folder` if not given.

    Raises
    ------
    BundleError
        When there is no such bundle, or any byte of it has changed; the
        message names the file.
    """
    root = root or bundles_folder()
    if task not in list_tasks(root):
        known = ", ".join(list_tasks(root)) or "none"
        raise BundleError(f'there is no bundle for "{task}"; there are: {known}')
    return open_bundle(root / task)


def open_bundle(folder: Path) -> Bundle:
    """Verify the bundle in a folder, see `load_bundle`.

    Raises
    ------
    BundleError
    """
    files, digest = verify(folder)
    card = parse_card(files["card.toml"].decode())
    trust = json.loads(files["trust.json"])
    return Bundle(
        folder=folder,
        digest=digest,
        card=card,
        operating_point=OperatingPoint.from_trust(trust, card.class_names),
        trust=trust,
        evaluation=json.loads(files["evaluation.json"]),
        training=json.loads(files["training.json"]),
    )


def verify(folder: Path) -> tuple[dict[str, bytes], str]:
    """Check every file of a bundle against its manifest.

    Returns
    -------
    files : dict
        Content of each file by name.
    digest : str
        The bundle's digest.

    Raises
    ------
    BundleError
        Names the first file that is missing, added or changed.
    """
    manifest_bytes = _read(folder / MANIFEST)
    try:
        expected = json.loads(manifest_bytes)
        whole = render_manifest(expected) == manifest_bytes
    except (ValueError, AttributeError, TypeError):
        whole = False
    if not whole:
        raise BundleError(f"{folder.name}/{MANIFEST} has been changed")
    try:
        present = {path.name for path in folder.iterdir() if path.name != MANIFEST}
    except OSError:
        raise BundleError(f"{folder.name} cannot be read") from None
    for name in sorted(present ^ set(expected)):
        state = "is missing" if name in expected else "does not belong there"
        raise BundleError(f"{folder.name}/{name} {state}")
    files = {name: _read(folder / name) for name in expected}
    for name, content in files.items():
        if hashlib.sha256(content).hexdigest() != expected[name]:
            raise BundleError(f"{folder.name}/{name} has been changed since it was published")
    return files, hashlib.sha256(manifest_bytes).hexdigest()


def check_unchanged(folder: Path, name: str, digest: str) -> None:
    """Check one file again, just before it is used: a bundle is opened long before its network.

    Parameters
    ----------
    folder : Path
    name : str
    digest : str
        Of the bundle, as it was opened.

    Raises
    ------
    BundleError
    """
    manifest = _read(folder / MANIFEST)
    if hashlib.sha256(manifest).hexdigest() != digest:
        raise BundleError(f"{folder.name}/{MANIFEST} has been changed")
    if hashlib.sha256(_read(folder / name)).hexdigest() != json.loads(manifest).get(name):
        raise BundleError(f"{folder.name}/{name} has been changed since it was published")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise BundleError(f"{path.parent.name}/{path.name} cannot be read") from None


def render_manifest(digests: Mapping[str, str]) -> bytes:
    """The one way to write a manifest, so that any other byte is a change."""
    return (json.dumps(dict(sorted(digests.items())), indent=1) + "\n").encode()
