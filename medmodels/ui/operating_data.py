"""What a bundle's stored predictions say about one class, worked out once for all sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import streamlit as st

from medmodels.bundles import Bundle
from medmodels.evaluation.operating import (
    JudgedScores,
    Performance,
    choosing_scores,
    judged_split,
)
from medmodels.evaluation.stored import load_predictions
from medmodels.trust.presets import Cuts, Preset, cuts, presets, steps_along

_JUDGED = ("test", "external")


@dataclass(frozen=True, eq=False)
class ClassData:
    """One class against the rest.

    Parameters
    ----------
    label : int
    scores : mapping of str to JudgedScores
        By split: "test", and "external" where there is one that has the class.
    own : mapping of str to Performance
        The bundle's own rule on each of them.
    presets : tuple of Preset
    steps : tuple of float or None
        Rising thresholds for a slider, among them the presets; None stands for
        the bundle's own rule, where it lies on the curve.
    plain, shifted : int
        Rows that the presets were chosen on, and shifted copies of them.
    """

    label: int
    scores: Mapping[str, JudgedScores]
    own: Mapping[str, Performance]
    presets: tuple[Preset, ...]
    steps: tuple[float | None, ...]
    plain: int
    shifted: int

    def at(self, split: str, threshold: float | None) -> Performance:
        """Performance of a threshold, or of the bundle's own rule (None), on a split."""
        return self.own[split] if threshold is None else self.scores[split].at(threshold)


def offered_labels(bundle: Bundle) -> tuple[int, ...]:
    """Classes to look for, the gravest first: those that validation and test data hold."""
    splits = bundle.evaluation["splits"]
    if not {"validation", "test"} <= set(splits):
        return ()
    two = len(bundle.card.classes) == 2
    found = [
        i
        for i, entry in enumerate(bundle.card.classes)
        if (i == bundle.operating_point.positive if two else entry.severity)
        and all(
            0 < splits[split]["classes"][entry.name]["n"] < splits[split]["n"]
            for split in ("validation", "test")
        )
    ]
    return tuple(sorted(found, key=lambda i: -bundle.card.classes[i].severity))


def class_data(bundle: Bundle, label: int) -> ClassData:
    """Sort the stored predictions for one of `offered_labels`; once for each bundle."""
    return _class_data(bundle.digest, label, bundle)


@st.cache_resource(show_spinner=False, max_entries=24)
def _class_data(
    digest: str,  # noqa: ARG001 - the cache's key, in the place of the bundle
    label: int,
    _bundle: Bundle,
) -> ClassData:
    predictions, point = load_predictions(_bundle), _bundle.operating_point
    positive, truth, (plain, shifted) = choosing_scores(predictions, label, point)
    found = cuts(positive, truth)
    chosen = presets(found)
    judged = {
        split: judged_split(predictions, split, label, point)
        for split in _JUDGED
        if f"{split}/logits" in predictions
    }
    judged = {split: pair for split, pair in judged.items() if 0 < pair[0].share < 1}
    if point.positive == label and point.threshold is not None:
        place = point.threshold
    else:
        place = _nearest(found, judged_split(predictions, "validation", label, point)[1])
    thresholds = np.union1d(steps_along(found), [preset.threshold for preset in chosen])
    steps: list[float | None] = [float(value) for value in thresholds if value != place]
    steps.insert(int(np.searchsorted(np.array(steps, dtype=np.float64), place)), None)
    return ClassData(
        label=label,
        scores={split: pair[0] for split, pair in judged.items()},
        own={split: pair[1] for split, pair in judged.items()},
        presets=chosen,
        steps=tuple(steps),
        plain=plain,
        shifted=shifted,
    )


def _nearest(found: Cuts, own: Performance) -> float:
    """The threshold whose rates are closest to a rule that is no threshold."""
    distance = np.hypot(
        found.sensitivities - own.sensitivity.value, found.specificities - own.specificity.value
    )
    return float(found.thresholds[int(distance.argmin())])
