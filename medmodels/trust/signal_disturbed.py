"""Noise, hum and baseline wander against the height of the beats, judged."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from medmodels.trust.findings import UNREADABLE, WARNING, Finding, Thresholds
from medmodels.trust.signal_measures import SignalMeasures
from medmodels.trust.signal_runs import runs_of
from medmodels.trust.signal_words import percent

Doubles = npt.NDArray[np.float64]

#: A warning when a tenth of the stretches is beyond it: one bad stretch of ten
#: seconds in half an hour is usual. Unreadable when half of them are.
_WARN_SHARE = 0.1
_REFUSE_SHARE = 0.5

_WORDS = {
    "noise": (
        "Fast noise (muscle, movement)",
        "P waves and the shape of the QRS are hidden there. Read these places in the tracing "
        "yourself, or record again with the patient at rest.",
    ),
    "mains": (
        "Mains hum (50 or 60 Hz)",
        "The network filters it out, but it hides small waves from the eye. Check the electrodes "
        "and the earthing.",
    ),
    "wander": (
        "Baseline wander",
        "P and T waves are bent there. Check the electrodes' contact.",
    ),
}


def disturbed(
    m: SignalMeasures, thresholds: Thresholds, leads: tuple[str, ...]
) -> Iterator[Finding]:
    """Judge noise, hum and wander.

    A warning where in some lead a tenth of the stretches is beyond the
    threshold; unreadable where in every lead half of them are: the network
    reads what one clean lead shows.

    Parameters
    ----------
    m : SignalMeasures
    thresholds : mapping of str to Threshold
        For "noise", "mains" and "wander", as shares of the QRS height.
    leads : tuple of str

    Yields
    ------
    Finding
        Its value is the level that a tenth (unreadable: half) of the stretches
        reaches.
    """
    for code, levels in (("noise", m.noise), ("mains", m.mains), ("wander", m.wander)):
        there = np.isfinite(levels).all(axis=1)
        if code not in thresholds or not there.any():
            continue
        threshold, known = thresholds[code], levels[there]
        usual = float(_reached(known, _REFUSE_SHARE).min())
        often = _reached(known, _WARN_SHARE)
        if threshold.refuse is not None and usual >= threshold.refuse:
            severity, value, limit = UNREADABLE, usual, threshold.refuse
        elif threshold.warn is not None and often.max() >= threshold.warn:
            severity, value, limit = WARNING, float(often.max()), threshold.warn
        else:
            continue
        lead = int(np.flatnonzero(there)[often.argmax()])
        beyond = levels[lead] >= limit
        what, so = _WORDS[code]
        yield Finding(
            code, severity,
            f"{what}: at least {percent(limit)} of the QRS height in {leads[lead]} for "
            f"{percent(float(beyond.mean()))} of the recording. {so}",
            value, limit,
            tuple((m.stretch(a)[0], m.stretch(b - 1)[1]) for a, b in runs_of(beyond)),
        )  # fmt: skip


def _reached(levels: Doubles, share: float) -> Doubles:
    """For each lead, the level that this share of its stretches reaches or passes."""
    ordered = np.sort(levels, axis=1)[:, ::-1]
    return np.asarray(ordered[:, max(1, int(np.ceil(share * levels.shape[1]))) - 1])
