"""In-silico mutagenesis: every base of a sequence changed to every other, all in one batch.

Zhou and Troyanskaya 2015, "Predicting effects of noncoding variants with deep
learning-based sequence model", doi 10.1038/nmeth.3547.
"""

from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np
import numpy.typing as npt

from medmodels.explain.arguments import Array, as_inputs, check_target
from medmodels.explain.compiled import compiled
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.trust.calibration import log_odds

UNIT = "log-odds"
_AT_ONCE = 256


@dataclass(frozen=True, eq=False)
class Mutations:
    """What the answer becomes with one base changed.

    Parameters
    ----------
    logits : ndarray, float32, shape (L, 4, K)
        With each position's base replaced by A, C, G or T; where that is the
        base that stands there, the answer as it is.
    whole : ndarray, float32, shape (K,)
        The answer as it is.
    """

    logits: Array
    whole: Array

    def changes(self, class_index: int) -> npt.NDArray[np.float64]:
        """Change of a class's log-odds, (L, 4): below 0 where a change speaks against it."""
        odds = log_odds(self.logits)[..., class_index]
        return np.asarray(odds - log_odds(self.whole[np.newaxis])[0, class_index])


def mutations(network: keras.Model, x: Array) -> Mutations:
    """Change every base.

    Parameters
    ----------
    network : keras.Model
        Functional, input (N, L, 4), logits (N, K).
    x : ndarray, float32, shape (L, 4)
        Mixtures of A, C, G and T, with or without a batch axis of 1.
    """
    (bases,) = as_inputs(network, x)[0]
    length, letters = bases.shape
    changed = np.broadcast_to(bases, (length, letters, length, letters)).copy()
    for position in range(length):
        changed[position, :, position] = np.eye(letters, dtype=np.float32)
    rows = np.concatenate([bases[np.newaxis], changed.reshape(-1, length, letters)])
    logits = compiled(network).predict([rows], _AT_ONCE)
    return Mutations(logits[1:].reshape(length, letters, -1), logits[0])


def explain(network: keras.Model, x: Array, class_index: int) -> SaliencyMap:
    """How much the answer falls, on average, when a base becomes another one.

    Parameters
    ----------
    network : keras.Model
    x : ndarray, float32, shape (L, 4)
    class_index : int

    Returns
    -------
    SaliencyMap
        values (L,), signed: the mean fall of the class's log-odds over the
        bases that do not stand there; below 0 where another base would suit
        the class better.

    Raises
    ------
    ValueError
    """
    (bases,) = as_inputs(network, x)[0]
    check_target(network, class_index, None, 0)
    others = 1 - bases
    falls = -mutations(network, bases).changes(class_index)
    values = (falls * others).sum(axis=1) / others.sum(axis=1)
    return SaliencyMap(
        values=values.astype(np.float32),
        grid=values.shape,
        signed=True,
        method="Mutagenesis",
        class_index=class_index,
        unit=UNIT,
        baseline="the other three bases in each place",
    )
