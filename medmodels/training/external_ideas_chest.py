"""Run one idea for the chest network: validation images first, external adults last."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt

from medmodels.bundles import load_bundle
from medmodels.training.chest_fitting import Log
from medmodels.training.chest_images import load_adult, load_paediatric
from medmodels.training.chest_probes import probes
from medmodels.training.chest_shifts import SHIFTS, shifted
from medmodels.training.external_ideas_images import Images, Plan
from medmodels.training.external_ideas_networks import SIDE, ChestIdea, chest_idea, train_chest

Logits = npt.NDArray[np.float16]
SHIPPED = "shipped"


@dataclass(frozen=True)
class ChestRun:
    """A chest network with the way in which it is read.

    Parameters
    ----------
    network : keras.Model
    plan : Plan
    data : Path
        Folder with ``chest-xray`` and ``chest-xray-external``.
    """

    network: keras.Model
    plan: Plan
    data: Path

    def validation(self) -> tuple[list[str], Logits, npt.NDArray[np.int8], int]:
        """Read the validation images as they are, shifted, and with parts hidden.

        Returns
        -------
        views : list of str
        logits : ndarray, float16, shape (V, N, 2)
        labels : ndarray, int8, shape (N,)
        probes : int
            How many of the last views are probes.
        """
        images = load_paediatric(self.data, "val", self.plan.whole)
        views = {"clean": self.read(images.images)}
        for name, changed in shifted(images.images):
            views[name] = self.read(changed)
        for name, logits in self._probed(images.images):
            views[name] = logits
        stacked = np.stack(list(views.values())).astype(np.float16)
        return list(views), stacked, images.labels, len(views) - len(SHIFTS) - 1

    def external(self) -> tuple[Logits, npt.NDArray[np.int8], npt.NDArray[np.str_]]:
        """Read the external adults: logits (N, 2), labels (N,), patients (N,)."""
        images = load_adult(self.data, self.plan.whole)
        return self.read(images.images).astype(np.float16), images.labels, images.groups

    def read(self, whole: Images) -> npt.NDArray[np.float32]:
        """Logits averaged over the plan's crops; (N, whole, whole, 1) to (N, 2)."""
        return self._mean(self.plan.crops(whole, SIDE))

    def _probed(self, whole: Images) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
        """Logits with parts of every crop hidden before its grey values are changed."""
        each = [probes(crops) for crops in self.plan.crops(whole, SIDE)]
        for parts in zip(*each, strict=True):
            yield parts[0][0], self._mean([hidden for _, hidden in parts])

    def _mean(self, crops: list[Images]) -> npt.NDArray[np.float32]:
        logits = [
            self.network.predict(self.plan.tone(some), batch_size=64, verbose=0) for some in crops
        ]
        return np.asarray(np.mean(logits, axis=0), dtype=np.float32)


def chest_run(name: str, data: Path, networks: Path | None, log: Log) -> ChestRun:
    """Get an idea ready; a network that it needs is trained where none is kept.

    Parameters
    ----------
    name : str
        An idea, or "shipped".
    data : Path
    networks : Path or None
        Folder in which trained networks are kept as ``<name>.keras``.
    log : callable

    Returns
    -------
    ChestRun
    """
    idea = ChestIdea(Plan(SIDE)) if name == SHIPPED else chest_idea(name, data)
    if idea.candidate is None:
        return ChestRun(load_bundle("chest-xray").network, idea.plan, data)
    kept = None if networks is None else networks / f"{name}.keras"
    if kept is not None and kept.exists():
        log(f"network of {name}: as kept")
        network = keras.saving.load_model(kept, compile=False, safe_mode=True)
    else:
        started = time.monotonic()
        network = train_chest(idea, data, log)
        if kept is not None:
            network.save(kept)
            kept.with_suffix(".seconds").write_text(f"{time.monotonic() - started:.0f}")
    return ChestRun(network, idea.plan, data)
