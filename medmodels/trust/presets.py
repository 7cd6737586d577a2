"""Operating points to choose from: rule out, balanced, rule in.

One class is told from the rest by its own probability. All choices are made on
validation data; what they are worth is measured on other data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

RULE_OUT_SENSITIVITY = 0.98
RULE_IN_SPECIFICITY = 0.98
_STEP = np.pi / 200


@dataclass(frozen=True, eq=False)
class Cuts:
    """Every rule that thresholds can make on some data.

    Parameters
    ----------
    thresholds : ndarray, float64, shape (m + 1,) or (m,)
        Rising, in 0 to 1: one in the middle of each gap between the m
        neighbouring probabilities, one below the least and one above the
        highest (unless that is 1, above which there is no threshold). All
        thresholds in one gap are the same rule on these data; in its middle
        no last digit decides.
    sensitivities, specificities : ndarray, float64, shape (m + 1,) or (m,)
        Of an alarm from that threshold upwards.
    """

    thresholds: Floats
    sensitivities: Floats
    specificities: Floats


@dataclass(frozen=True)
class Preset:
    """A threshold with the reason for it.

    Parameters
    ----------
    name : str
        "rule out", "balanced" or "rule in".
    threshold : float
        Alarm when the class's probability is at least this.
    sensitivity, specificity : float
        On the data it was chosen on.
    how : str
        How it was chosen, one sentence.
    """

    name: str
    threshold: float
    sensitivity: float
    specificity: float
    how: str


def cuts(scores: npt.NDArray[np.floating[Any]], positives: npt.NDArray[np.bool_]) -> Cuts:
    """List every rule "alarm from this probability upwards".

    Parameters
    ----------
    scores : ndarray, shape (n,)
        Probability of the class, 0 to 1.
    positives : ndarray of bool, shape (n,)
        Whether it is the class.

    Raises
    ------
    ValueError
        When the class, or everything else, does not occur: nothing can be
        chosen on such data.
    """
    truth = np.asarray(positives, dtype=bool)
    n_ill, n_well = int(truth.sum()), int((~truth).sum())
    if not n_ill or not n_well:
        raise ValueError("a threshold needs examples with the class and without")
    order = np.argsort(scores, kind="stable")
    values, starts = np.unique(np.asarray(scores, dtype=np.float64)[order], return_index=True)
    ill_below = np.r_[0, np.cumsum(truth[order])][np.r_[starts, len(truth)]]
    below = np.r_[starts, len(truth)]
    edges = np.r_[0.0, values, 1.0]
    kept = slice(-1 if values[-1] == 1.0 else None)
    return Cuts(
        thresholds=((edges[:-1] + edges[1:]) / 2)[kept],
        sensitivities=(1 - ill_below / n_ill)[kept],
        specificities=((below - ill_below) / n_well)[kept],
    )


def presets(found: Cuts) -> tuple[Preset, Preset, Preset]:
    """Choose the three presets.

    Parameters
    ----------
    found : Cuts
        Of validation data.

    Returns
    -------
    tuple of Preset
        "rule out": the highest threshold with a sensitivity of at least 0.98;
        "balanced": the highest mean of sensitivity and specificity (Youden
        1950), and of equals the lowest threshold, which misses the fewest;
        "rule in": the lowest threshold with a specificity of at least 0.98, or
        the highest there is where a probability of 1 stands in the way.
    """
    sensitivities, specificities = found.sensitivities, found.specificities
    # What is exactly 98% must not fail by a rounding error.
    sensitive = np.flatnonzero(sensitivities >= RULE_OUT_SENSITIVITY - 1e-9)
    specific = np.flatnonzero(specificities >= RULE_IN_SPECIFICITY - 1e-9)
    both = (sensitivities + specificities) / 2
    balanced = np.flatnonzero(both >= both.max() - 1e-9)
    return (
        _preset(
            found, int(sensitive[-1]), "rule out",
            f"The highest threshold that still finds {RULE_OUT_SENSITIVITY:.0%} of those who "
            "have it, so that few are missed.",
        ),
        _preset(
            found, int(balanced[0]), "balanced",
            "The threshold with the highest mean of sensitivity and specificity; of equals, the "
            "one that misses the fewest.",
        ),
        _preset(
            found, int(specific[0]) if len(specific) else -1, "rule in",
            f"The lowest threshold that leaves alone {RULE_IN_SPECIFICITY:.0%} of those who do "
            "not have it, so that few alarms are false.",
        ),
    )  # fmt: skip


def _preset(found: Cuts, i: int, name: str, how: str) -> Preset:
    return Preset(
        name,
        float(found.thresholds[i]),
        float(found.sensitivities[i]),
        float(found.specificities[i]),
        how,
    )


def steps_along(found: Cuts, step: float = _STEP) -> Floats:
    """Thresholds in even steps along the ROC curve, for a slider.

    Distance is measured in the arcsine of the square root of both rates, in
    which sampling error is the same everywhere (Anscombe 1948): steps are
    finest near 0 and 1, where a small change matters most.

    Parameters
    ----------
    found : Cuts
    step : float
        Radians; the whole curve is pi long.

    Returns
    -------
    ndarray, float64, shape (n,)
        Rising; no more than ``pi / step + 2``.
    """
    along = np.cumsum(
        np.r_[
            0.0,
            np.abs(np.diff(np.arcsin(np.sqrt(np.clip(found.sensitivities, 0, 1)))))
            + np.abs(np.diff(np.arcsin(np.sqrt(np.clip(found.specificities, 0, 1))))),
        ]
    )
    wanted = np.arange(0.0, along[-1] + step, step)
    chosen = np.unique(np.minimum(np.searchsorted(along, wanted - 1e-12), len(along) - 1))
    return found.thresholds[chosen]
