"""Disturb prepared beats as recordings are disturbed: gain, leads, noise, missing parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Disturbance:
    """Random changes to batches of beat sequences.

    Parameters
    ----------
    names : tuple of str
        Names of the rhythm columns.
    before : int
        Samples of a window before the R peak.
    gain, mixing, noise, wander, context_noise : float
        Spread of: log gain of a lead, leakage of one lead into the other,
        noise, baseline wander (window units), rhythm numbers.
    drop_first, drop_second, swap : float
        Chances per sequence that a lead is missing and that the leads are
        swapped.
    single : float
        Share of sequences that become rows of a table of single beats: half a
        beat of one lead, no rhythm, beats of all hearts in any order.
    drop_rhythm : float
        Chance per sequence that the rhythm is unknown.
    shift : int
        Largest shift of a window, samples.
    """

    names: tuple[str, ...]
    before: int
    gain: float = 0.15
    mixing: float = 0.12
    noise: float = 0.03
    wander: float = 0.06
    context_noise: float = 0.03
    drop_first: float = 0.04
    drop_second: float = 0.10
    swap: float = 0.08
    single: float = 0.2
    drop_rhythm: float = 0.03
    shift: int = 1

    def apply(
        self, windows: Floats, rhythm: Floats, rng: np.random.Generator
    ) -> tuple[Floats, Floats]:
        """Disturb one batch.

        Parameters
        ----------
        windows : ndarray, float32, shape (B, T, n_samples, 2)
        rhythm : ndarray, float32, shape (B, T, n_rhythm)
        rng : numpy Generator

        Returns
        -------
        tuple of ndarray
            Disturbed copies.
        """
        size, beats, samples, _ = windows.shape
        mix = np.eye(2) + self.mixing * rng.normal(size=(size, 2, 2)) * (1 - np.eye(2))
        mix = mix * np.exp(self.gain * rng.normal(size=(size, 1, 2)))
        present = np.abs(windows).max(axis=(1, 2)) > 0
        mix = mix * present[:, None, :]
        x = np.matmul(windows.reshape(size, -1, 2), mix.astype(np.float32)).reshape(windows.shape)
        r = rhythm + (self.context_noise * rng.standard_normal(rhythm.shape)).astype(np.float32)
        level = self.noise * rng.exponential(size=(size, 1, 1, 2))
        x += (level * present[:, None, None]).astype(np.float32) * rng.standard_normal(
            x.shape, dtype=np.float32
        )
        t = np.linspace(-1, 1, samples)
        slope = self.wander * rng.normal(size=(2, size, beats, 1, 2)) * present[:, None, None]
        x += (slope[0] + slope[1] * t[:, None]).astype(np.float32)
        if self.shift:
            by = int(rng.integers(-self.shift, self.shift + 1))
            x = np.roll(x, by, axis=2)
        for row in range(size):
            self._drop(x[row], r[row], rng)
        return x, r

    def as_table(
        self, windows: Floats, rhythm: Floats, labels: Ints, weights: Floats,
        rng: np.random.Generator,
    ) -> None:  # fmt: skip
        """Turn some sequences of a batch into rows of a table of single beats, in place.

        Parameters
        ----------
        windows : ndarray, float32, shape (B, T, n_samples, 2)
        rhythm : ndarray, float32, shape (B, T, n_rhythm)
        labels, weights : ndarray, shape (B, T)
        rng : numpy Generator
        """
        rows = np.flatnonzero(rng.random(len(windows)) < self.single)
        if not len(rows):
            return
        order = rng.permutation(len(rows) * windows.shape[1])
        for array in (windows, rhythm, labels, weights):
            flat = array[rows].reshape(-1, *array.shape[2:])
            array[rows] = flat[order].reshape(len(rows), *array.shape[1:])
        lead = int(rng.random() < 0.3)
        half = windows[rows][:, :, self.before :, lead]
        half = half / (np.ptp(half, axis=2, keepdims=True) + 1e-3)
        half -= np.median(half, axis=2, keepdims=True)
        # A row ends at 1.2 intervals: short intervals leave it empty at its end.
        ends = rng.uniform(0.6, 2.0, (*half.shape[:2], 1)) * half.shape[2]
        half[np.arange(half.shape[2]) > ends] = 0
        windows[rows] = 0
        windows[rows, :, self.before :, 0] = half
        rhythm[rows] = 0
        rhythm[rows, :, self.names.index("lead_present_1")] = 1

    def _drop(self, x: Floats, r: Floats, rng: np.random.Generator) -> None:
        """Take leads or rhythm away from one sequence, in place."""
        first = [i for i, name in enumerate(self.names) if name.endswith("_1")]
        second = [i for i, name in enumerate(self.names) if name.endswith("_2")]
        timing = [i for i, name in enumerate(self.names)
                  if name.startswith(("rr_", "before_", "after_", "irregularity"))]  # fmt: skip
        chance = rng.random(4)
        if chance[0] < self.swap:
            x[:] = x[:, :, ::-1].copy()
            r[:, first + second] = r[:, second + first]
        if chance[1] < self.drop_second:
            x[:, :, 1] = 0
            r[:, second] = 0
        elif chance[2] < self.drop_first:
            x[:, :, 0] = 0
            r[:, first] = 0
        if chance[3] < self.drop_rhythm:
            r[:, timing] = 0
