"""What an explanation method is: its name, its words, and what it takes.

Importing this costs nothing: TensorFlow is imported when a method first runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from medmodels.explain.saliency_map import SaliencyMap

if TYPE_CHECKING:
    import keras

Kind = Literal["scan", "signal", "sequence"]


@dataclass(frozen=True)
class Method:
    """An explanation method.

    Parameters
    ----------
    name : str
        Also the name of its module in this package.
    title : str
        As on screen.
    shows, hides : str
        What the map shows, and what it does not; one plain sentence each.
    cost : str
        How long it takes, in words.
    kinds : tuple of str
        What it can explain: "scan", "signal", "sequence".
    uses_layer : bool
        Whether it takes ``layer_name``: its map has that layer's grid.
    uses_contrast, uses_contrasts : bool
        Whether it takes ``contrast``, another beat that a beat is compared
        with, or all of them as ``contrasts``.
    uses_place : bool
        Whether it takes ``place``, the part of a scan that is asked about.
    sensitivity : bool
        Whether a value says how much the score would change with the input,
        and not what the input added to it: its size matters then, not its sign.
        Of bases no method says that: all compare what stands there with
        something else (`medmodels.explain.judge.by_size`).
    per_beat : bool
        Whether a map of a signal says which beats mattered, with all that the
        network is told of them, and not where in a beat: ``SIGNAL_NOTE`` does
        not hold for it.
    """

    name: str
    title: str
    shows: str
    hides: str
    cost: str
    kinds: tuple[Kind, ...]
    uses_layer: bool = False
    uses_contrast: bool = False
    uses_contrasts: bool = False
    uses_place: bool = False
    sensitivity: bool = False
    per_beat: bool = False

    def explain(
        self,
        network: keras.Model,
        x: npt.NDArray[np.float32] | Sequence[npt.NDArray[np.float32]],
        class_index: int,
        **settings: Any,
    ) -> SaliencyMap:
        """Explain one class for one scan, for one beat of a signal, or for one sequence.

        Parameters
        ----------
        network : keras.Model
            Functional and flat, logits (N, K) or (N, T, K).
        x : ndarray, shape (H, W, C) or (L, 4), or sequence of ndarray (T, L, leads) and (T, R)
            What the network is given, with or without a batch axis of 1.
        class_index : int
        **settings
            ``beat`` for a signal; ``layer_name`` where ``uses_layer``; others
            as the method's module says.
        """
        module = import_module(f"medmodels.explain.{self.name}")
        result: SaliencyMap = module.explain(network, x, class_index, **settings)
        return result
