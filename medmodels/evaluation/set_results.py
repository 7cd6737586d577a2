"""Coverage and size of prediction sets, split by split."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.evaluation.bootstrap import estimate, group_weights
from medmodels.evaluation.metrics import Floats, Rows, ratio
from medmodels.trust.prediction_sets import SCORES, PredictionSets, coverage

_HALVES = 100
_SEED = 5


def set_results(
    trust: Mapping[str, Any], rows: Mapping[str, Rows], classes: tuple[str, ...]
) -> dict[str, Any]:
    """Coverage of every split at every level.

    Parameters
    ----------
    trust : mapping
        The bundle's ``trust.json``.
    rows : mapping of Rows
        By split.
    classes : tuple of str

    Returns
    -------
    dict
        ``score``, ``conditional``, ``why``, ``splits``; ``exchangeable``: the mean
        coverage when a random half of the validation rows, or of those that were
        cross-validated, calibrates the sets for the other half, which is what the
        guarantee speaks of; and
        ``held_out``: the same with whole patients or records, whose rows err
        together.
    """
    table = trust["prediction_sets"]
    made = PredictionSets.from_trust(table)
    unclaimed = tuple(classes.index(name) for name in table.get("unclaimed", ()))
    return {
        "score": made.score,
        "conditional": made.conditional,
        "why": table.get("why", ""),
        "unclaimed": list(table.get("unclaimed", ())),
        "splits": {
            split: {f"{level:.2f}": _covered(made, judged, level, classes) for level in made.levels}
            for split, judged in rows.items()
        },
        **_halves(made, rows.get("validation", rows.get("cross_validation")), unclaimed),
    }


def _covered(
    made: PredictionSets, rows: Rows, level: float, classes: tuple[str, ...]
) -> dict[str, Any]:
    assert rows.probabilities is not None
    sets = made.sets(rows.probabilities, level)
    held = coverage(sets, rows.labels)
    names, index = np.unique(rows.groups, return_inverse=True)
    weights = group_weights(len(names))

    def share(of: npt.NDArray[Any], among: npt.NDArray[np.bool_]) -> dict[str, float | None]:
        total = weights @ np.bincount(index, among.astype(float))
        part: Floats = weights @ np.bincount(index, of * among)
        return estimate(ratio(part, total)).to_dict()

    everything = np.ones(len(held), dtype=bool)
    sizes = sets.sum(axis=1)
    return {
        "n": len(held),
        "coverage": share(held, everything),
        "by_class": {
            name: share(held, rows.labels == k)
            for k, name in enumerate(classes)
            if (rows.labels == k).any()
        },
        "sizes": np.bincount(sizes, minlength=len(classes) + 1).tolist(),
        "mean_size": share(sizes.astype(float), everything),
    }


def _halves(
    made: PredictionSets, rows: Rows | None, unclaimed: tuple[int, ...]
) -> dict[str, dict[str, dict[str, float]]]:
    """Mean coverage over random halves, of the rows and of whole groups."""
    if rows is None:
        return {"exchangeable": {}, "held_out": {}}
    groups = np.unique(rows.groups, return_inverse=True)[1]
    return {
        "exchangeable": _half_to_half(made, rows, np.arange(len(groups)), unclaimed),
        "held_out": _half_to_half(made, rows, groups, unclaimed),
    }


def _half_to_half(
    made: PredictionSets, rows: Rows, units: npt.NDArray[np.int64], unclaimed: tuple[int, ...]
) -> dict[str, dict[str, float]]:
    """Calibrate on half of the units, cover the other half; many times."""
    assert rows.probabilities is not None
    draw = np.random.default_rng(_SEED)
    count, labels = int(units.max()) + 1, rows.labels
    classes = rows.probabilities.shape[1]
    # Scored once: a row's score does not depend on the half that it falls into.
    own = SCORES[made.score](rows.probabilities)[np.arange(len(labels)), labels]
    found: dict[float, list[float]] = {level: [] for level in made.levels}
    for _ in range(_HALVES):
        first = (draw.permutation(count) < count // 2)[units]
        again = PredictionSets.fit_scores(
            own[first], labels[first], classes, score=made.score,
            conditional=made.conditional, levels=made.levels, unclaimed=unclaimed,
        )  # fmt: skip
        for level in made.levels:
            held = again.covers(own[~first], labels[~first], level)
            found[level].append(float(held.mean()))
    return {
        f"{level:.2f}": {
            "coverage": round(float(np.mean(values)), 5),
            "deviation_between_halves": round(float(np.std(values)), 5),
            "halves": _HALVES,
        }
        for level, values in found.items()
    }
