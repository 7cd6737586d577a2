"""Whether something did better than chance, when chance itself was measured a few times."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.stats import t

Doubles = npt.NDArray[np.float64]


def p_value(values: Doubles, chance: Doubles) -> Doubles:
    """Probability that chance does as well, one-sided.

    Student's t test of one value against draws whose mean is known to be 0:
    each draw comes with its mirror image. With ten draws a count of those that
    do as well could never get below 1 in 21, and would call a map that exceeds
    19 of 20 no better than chance; the t test uses how far it exceeds them.

    Parameters
    ----------
    values : ndarray, shape (...)
    chance : ndarray, shape (..., 2 R)
        R draws and their mirror images, of opposite sign.

    Returns
    -------
    ndarray, shape (...)

    Examples
    --------
    >>> chance = np.array([1.0, -1.0, 1.0, -1.0])
    >>> round(float(p_value(np.array(0.0), chance)), 3)
    0.5
    >>> round(float(p_value(np.array(2.92), chance)), 3)
    0.05
    """
    freedom = chance.shape[-1] // 2
    spread = np.sqrt(np.mean(np.square(chance), axis=-1))
    return np.asarray(t.sf(values / np.maximum(spread, np.finfo(np.float64).tiny), freedom))


def say_p(p: float) -> str:
    """A p value in words: never smaller than it can be trusted to be.

    Examples
    --------
    >>> say_p(0.0421), say_p(0.0004)
    ('p 0.042', 'p below 0.001')
    """
    return "p below 0.001" if p < 0.001 else f"p {p:.2g}"
