"""A gated recurrent unit (GRU) in plain NumPy, one step at a time, as Keras computes it.

Cho et al. 2014 (arXiv 1406.1078), in the form in which the reset gate is applied
after the product with the recurrent weights (``reset_after=True``, Keras's own
default). With s the logistic function and * element by element:

    z_t = s(W_z x_t + b_z + U_z h_{t-1} + c_z)           update gate
    r_t = s(W_r x_t + b_r + U_r h_{t-1} + c_r)           reset gate
    n_t = tanh(W_n x_t + b_n + r_t * (U_n h_{t-1} + c_n))  candidate
    h_t = z_t * h_{t-1} + (1 - z_t) * n_t                state
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Weights = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class GruTrace:
    """All that a GRU computed on its way through a sequence.

    Parameters
    ----------
    z : ndarray, float64, shape (T, U)
        Update gate, 0 to 1: the share of the old state that is kept.
    r : ndarray, float64, shape (T, U)
        Reset gate, 0 to 1: the share of the memory's say in the candidate.
    candidate : ndarray, float64, shape (T, U)
        -1 to 1: what the unit would hold if it kept nothing.
    h : ndarray, float64, shape (T, U)
        -1 to 1: the state after each step. Before the first it is 0.
    """

    z: Doubles
    r: Doubles
    candidate: Doubles
    h: Doubles

    @property
    def previous(self) -> Doubles:
        """The state before each step, shape (T, U)."""
        return np.concatenate([np.zeros_like(self.h[:1]), self.h[:-1]])

    @property
    def movement(self) -> Doubles:
        """How far each unit's state travels in all, shape (U,); at least 0."""
        return np.asarray(np.abs(self.h - self.previous).sum(axis=0))


@dataclass(frozen=True)
class UnitStep:
    """One unit at one step, with every number that goes into it.

    Parameters
    ----------
    from_input : tuple of float
        What the input brings to the update gate, the reset gate and the
        candidate, its bias included: W x + b.
    from_memory : tuple of float
        The same of the state before: U h + c.
    z, r, candidate : float
        Gates, 0 to 1, and candidate, -1 to 1.
    previous, h : float
        This unit's state before and after the step.
    """

    from_input: tuple[float, float, float]
    from_memory: tuple[float, float, float]
    z: float
    r: float
    candidate: float
    previous: float
    h: float


def gru_steps(kernel: Weights, recurrent_kernel: Weights, bias: Weights, x: Weights) -> GruTrace:
    """Run a GRU over a sequence, from a state of 0.

    Parameters
    ----------
    kernel : ndarray, shape (F, 3 U)
        Columns for the update gate, the reset gate and the candidate, in
        Keras's order.
    recurrent_kernel : ndarray, shape (U, 3 U)
    bias : ndarray, shape (2, 3 U)
        First that of the input, then that of the state.
    x : ndarray, shape (T, F)
        In the order in which the layer reads.

    Returns
    -------
    GruTrace

    Raises
    ------
    ValueError
        When the shapes do not fit each other.

    Examples
    --------
    With no weights at all every gate is half open and nothing is ever kept.

    >>> trace = gru_steps(np.zeros((1, 3)), np.zeros((1, 3)), np.zeros((2, 3)), np.ones((2, 1)))
    >>> trace.z[:, 0].tolist(), trace.h[:, 0].tolist()
    ([0.5, 0.5], [0.0, 0.0])
    """
    units = _check(kernel, recurrent_kernel, bias, x)
    from_input = np.asarray(x, np.float64) @ np.asarray(kernel, np.float64) + bias[0]
    recurrent, state_bias = np.asarray(recurrent_kernel, np.float64), bias[1].astype(np.float64)
    z, r, candidate, h = (np.empty((len(from_input), units)) for _ in range(4))
    state = np.zeros(units)
    for t, given in enumerate(from_input):
        remembered = state @ recurrent + state_bias
        z[t], r[t] = logistic(given[: 2 * units] + remembered[: 2 * units]).reshape(2, units)
        candidate[t] = np.tanh(given[2 * units :] + r[t] * remembered[2 * units :])
        state = h[t] = z[t] * state + (1 - z[t]) * candidate[t]
    return GruTrace(z, r, candidate, h)


def unit_step(
    kernel: Weights, recurrent_kernel: Weights, bias: Weights,
    x: Weights, previous: Weights, unit: int,
) -> UnitStep:  # fmt: skip
    """Compute one unit's next state, keeping the sums that go into it.

    Parameters
    ----------
    kernel, recurrent_kernel, bias : ndarray
        As in `gru_steps`.
    x : ndarray, shape (F,)
        The input of this step.
    previous : ndarray, shape (U,)
        The state of all units before it.
    unit : int
        0 to U - 1.

    Returns
    -------
    UnitStep
    """
    units = len(recurrent_kernel)
    columns = [unit, units + unit, 2 * units + unit]
    given = [float(x @ kernel[:, k] + bias[0, k]) for k in columns]
    remembered = [float(previous @ recurrent_kernel[:, k] + bias[1, k]) for k in columns]
    z, r = (float(logistic(np.float64(given[k] + remembered[k]))) for k in (0, 1))
    candidate = float(np.tanh(given[2] + r * remembered[2]))
    before = float(previous[unit])
    return UnitStep(
        from_input=(given[0], given[1], given[2]),
        from_memory=(remembered[0], remembered[1], remembered[2]),
        z=z,
        r=r,
        candidate=candidate,
        previous=before,
        h=z * before + (1 - z) * candidate,
    )


def logistic(value: Any) -> Any:
    """The logistic function, 0 to 1, without overflow; any shape in and out."""
    return 0.5 * (1 + np.tanh(0.5 * value))


def _check(kernel: Weights, recurrent_kernel: Weights, bias: Weights, x: Weights) -> int:
    """Number of units, after the shapes were compared."""
    units = len(recurrent_kernel)
    expected = {
        "kernel": (kernel.shape, (x.shape[-1], 3 * units)),
        "recurrent_kernel": (recurrent_kernel.shape, (units, 3 * units)),
        "bias": (bias.shape, (2, 3 * units)),
    }
    for name, (found, wanted) in expected.items():
        if found != wanted:
            raise ValueError(f"{name} has the shape {found}, expected {wanted}")
    return units
