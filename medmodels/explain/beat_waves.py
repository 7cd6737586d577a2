"""Where P wave, QRS complex, ST segment and T wave lie in a beat's window.

Not a measurement for a report: a division of the window into parts that a
clinician can name, the same for every method and page.

- The QRS reaches on either side of its steepest slope until the trace is calm,
  which means less than a tenth of that slope for 20 ms (the idea of Laguna,
  Jane and Caminal 1994, doi 10.1006/cbmr.1994.1006, who follow the slope out
  to a share of its peak).
- The P wave is looked for in the 200 ms before the QRS, the longest normal PR
  interval; the PR segment is counted with it.
- The T wave ends where a normal QT interval would, corrected for the heart
  rate by the Framingham line, QT = QTc - 0.154 (1 - RR) (Sagie et al. 1992,
  doi 10.1016/0002-9149(92)90562-D); a wide QRS moves its end along, as for the
  JT interval (Rautaharju et al. 2009, doi 10.1161/CIRCULATIONAHA.108.191096).
- Between QRS and T wave, the first third belongs to the ST segment.

A part ends where the neighbouring beats' QRS begins. In a beat without a P
wave, the part of that name is where it would have been.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]

P, QRS, ST, T = "P wave", "QRS complex", "ST segment", "T wave"
WAVES = (P, QRS, ST, T)

# Reach of a window where nobody says, as in this project's cards: seconds from the R peak.
_WINDOW = (-0.42, 0.54)
# Seconds from the centre of the QRS's slopes.
_STEEPEST = (-0.09, 0.09)
_ONSET, _OFFSET = (-0.12, -0.03), (0.03, 0.16)
_CALM, _CALM_SECONDS = 0.1, 0.02
_PR = 0.2
_QTC, _FRAMINGHAM, _USUAL_QRS = 0.44, 0.154, 0.09
_ST_SHARE = 1 / 3
_RR, _RR_LIMITS = 0.8, (0.35, 1.5)


@dataclass(frozen=True)
class Wave:
    """A named part of a beat.

    Parameters
    ----------
    name : str
        One of ``WAVES``.
    start_s, end_s : float
        Seconds from the window's centre, the R peak.
    first, last : int
        Its samples are ``first`` to ``last - 1`` of the window.
    """

    name: str
    start_s: float
    end_s: float
    first: int
    last: int


def usual_offsets(samples: int) -> Doubles:
    """Time of each sample of a window from the R peak, (samples,) seconds.

    For windows that reach from 0.42 s before the R peak to 0.54 s after it;
    see `medmodels.inputs.beat_windows.BeatInputs.offsets_s` for others.
    """
    start, end = _WINDOW
    return np.asarray(start + (end - start) / samples * np.arange(samples), np.float64)


def beat_waves(
    window: npt.NDArray[np.floating],
    offsets_s: Doubles | None = None,
    rr_before_s: float | None = None,
    rr_after_s: float | None = None,
) -> tuple[Wave, ...]:
    """Divide a beat's window into waves.

    Parameters
    ----------
    window : ndarray, shape (L, leads)
        In any unit; a missing lead is zeros.
    offsets_s : ndarray, shape (L,), or None
        Seconds from the R peak, evenly spaced; see `usual_offsets` if not given.
    rr_before_s, rr_after_s : float or None
        To the R peaks beside it, seconds; None or NaN where unknown.

    Returns
    -------
    tuple of Wave
        In the order of time, each with at least one sample. A wave that lies
        outside the window, or for which the neighbouring beats leave no room,
        is missing.
    """
    offsets = usual_offsets(len(window)) if offsets_s is None else np.asarray(offsets_s)
    before, after = _known(rr_before_s), _known(rr_after_s)
    onset, j_point = _qrs(np.asarray(window, np.float64), offsets)
    usual = float(np.clip(_RR if before is None else before, *_RR_LIMITS))
    t_end = j_point + _QTC - _FRAMINGHAM * (1 - usual) - _USUAL_QRS
    if after is not None:
        t_end = min(t_end, after + onset)
    p_start = onset - _PR
    if before is not None:
        p_start = max(p_start, j_point - before)
    st_end = j_point + _ST_SHARE * (t_end - j_point)
    limits = (min(p_start, onset), onset, j_point, max(st_end, j_point), max(t_end, j_point))
    waves = []
    for name, start, end in zip(WAVES, limits[:-1], limits[1:], strict=True):
        first, last = np.searchsorted(offsets, (start - 1e-9, end - 1e-9))
        if last > first:
            waves.append(Wave(name, float(start), float(end), int(first), int(last)))
    return tuple(waves)


def waves_of_beats(
    windows: npt.NDArray[np.floating],
    offsets_s: Doubles | None = None,
    rr_s: Doubles | None = None,
) -> list[tuple[Wave, ...]]:
    """Divide the windows of beats in a row.

    Parameters
    ----------
    windows : ndarray, shape (T, L, leads)
    offsets_s : ndarray, shape (L,), or None
        As for `beat_waves`.
    rr_s : ndarray, shape (T,), or None
        Seconds from each beat to the one before it, NaN where unknown.
    """
    rr: Sequence[float | None] = [None] * len(windows) if rr_s is None else [*map(float, rr_s)]
    return [
        beat_waves(window, offsets_s, before, after)
        for window, before, after in zip(windows, rr, [*rr[1:], None], strict=True)
    ]


def tapered(offsets_s: Doubles, first: int, last: int, width_s: float) -> Doubles:
    """How much of each sample belongs to a stretch whose ends are soft.

    A replaced stretch with hard ends has a step at either side, which a
    network takes for a slope. Raised cosines instead: what two neighbouring
    stretches claim of a sample adds up to 1.

    Parameters
    ----------
    offsets_s : ndarray, shape (L,)
        Time of each sample, seconds, evenly spaced.
    first, last : int
        The stretch is samples ``first`` to ``last - 1``.
    width_s : float
        From none to all, half of it to either side of an end; at most the
        stretch's length is sensible. 0 for hard ends.

    Returns
    -------
    ndarray, float64, shape (L,)
        0 to 1.

    Examples
    --------
    >>> tapered(np.arange(6) / 100, 2, 4, 0.02).round(2)
    array([0.  , 0.15, 0.85, 0.85, 0.15, 0.  ])
    """
    place = np.arange(len(offsets_s), dtype=np.float64) + 0.5
    width = width_s / float(offsets_s[1] - offsets_s[0])
    return _risen(place - first, width) - _risen(place - last, width)


def _risen(beyond: Doubles, width: float) -> Doubles:
    """A soft step from 0 to 1; distances and width in samples."""
    if width < 1e-6:
        return (beyond >= 0).astype(np.float64)
    return np.asarray((1 + np.sin(np.pi * np.clip(beyond / width, -0.5, 0.5))) / 2)


def _known(rr: float | None) -> float | None:
    return None if rr is None or not np.isfinite(rr) else rr


def _qrs(window: Doubles, offsets: Doubles) -> tuple[float, float]:
    """Onset and end of the QRS, seconds from the window's centre."""
    steep = np.sqrt((np.gradient(window, axis=0) ** 2).sum(axis=1))
    near = np.flatnonzero((offsets >= _STEEPEST[0]) & (offsets <= _STEEPEST[1]))
    if not len(near) or not steep[near].max():
        return -_USUAL_QRS / 2, _USUAL_QRS / 2
    top = int(near[steep[near].argmax()])
    step = float(offsets[1] - offsets[0])
    calm = steep < _CALM * steep[top]
    run = max(1, round(_CALM_SECONDS / step))
    onset = top - _first_run(calm[:top][::-1], run) - 1
    offset = top + _first_run(calm[top + 1 :], run) + 1
    return (
        float(np.clip(offsets[max(onset, 0)], *_ONSET)),
        float(np.clip(offsets[min(offset, len(offsets) - 1)], *_OFFSET)),
    )


def _first_run(calm: npt.NDArray[np.bool_], run: int) -> int:
    """Where the first ``run`` calm samples in a row begin; the end if nowhere."""
    for start in range(len(calm)):
        if calm[start : start + run].all():
            return start
    return len(calm)
