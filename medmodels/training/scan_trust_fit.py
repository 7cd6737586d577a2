"""A scan bundle's trust layer in the making, whatever the scans are of.

Which pictures, how they are disturbed and why a choice was made is the recipe's
business. The steps stand in the order in which they are taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle
from medmodels.networks.taps import TappedNetwork, TapSpec
from medmodels.training.outlier_table import kinds_table, outlier_table
from medmodels.training.scan_cases import Kind
from medmodels.training.scan_outliers import compare_scores
from medmodels.training.trust_parts import Arrays
from medmodels.trust.calibration import choose_calibration
from medmodels.trust.head_posterior import fit_head_posterior
from medmodels.trust.operating_point import OperatingPoint
from medmodels.trust.prediction_sets import LEVELS, PredictionSets
from medmodels.trust.scan_trust import ScanTrust

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
#: Logits (n, K) and features (n, D) of n pictures, from `TappedNetwork`.
Seen = tuple[Floats, Floats]

_WARN, _REFUSE = 0.99, 0.99
_LAYERS = ("block2_add", "block4_add", "block7_add", "block10_add")


@dataclass(frozen=True)
class Choices:
    """What a recipe decides, and the reasons that are stored with it.

    Parameters
    ----------
    grid : int
        Cells along each side of the grid that tells how a picture lies; 1 where any
        way round is usual.
    conditional : bool
        Whether prediction sets have a threshold for each class.
    items : str
        What the pictures are called.
    disturbed : str
        What else was done to the validation pictures.
    why_calibration, why_sets : str
    levels : tuple of float
        Chances that prediction sets are promised with.
    """

    grid: int
    conditional: bool
    items: str
    disturbed: str
    why_calibration: str
    why_sets: str
    levels: tuple[float, float] = LEVELS

    @property
    def spec(self) -> TapSpec:
        """What is read of EfficientNet-Lite0: texture early on, what is shown later."""
        return TapSpec("features", _LAYERS, _LAYERS[-1], self.grid)


class ScanTrustFit:
    """What has been fitted so far, and what fits the rest.

    Parameters
    ----------
    network : keras.Model
        The bundle's.
    base : mapping
        ``temperature`` and the operating point's entries of ``trust.json``.
    classes : tuple of str
    choices : Choices

    Attributes
    ----------
    run : TappedNetwork
    size : int
        Side of the network's input, pixels.
    trust, reference : dict
        For ``trust.json`` and ``reference.npz``; each step adds to them.
    point : OperatingPoint
    head, pooled : slice
        Columns of the features: what the last layer reads, and means and deviations.
        Those of the layout follow.
    """

    def __init__(
        self,
        network: keras.Model,
        base: Mapping[str, Any],
        classes: tuple[str, ...],
        choices: Choices,
    ) -> None:
        spec = choices.spec
        self._network, self._classes, self._choices = network, classes, choices
        self.run, self.size = TappedNetwork(network, spec), int(network.input_shape[1])
        temperature = base["temperature"]
        self.trust: dict[str, Any] = dict(base) | {
            "calibration": {"method": "temperature", "temperature": temperature}
        }
        self.reference: Arrays = {}
        self.point = OperatingPoint.from_trust(self.trust, classes)
        first, *rest = (network.get_layer(name).output.shape[-1] for name in
                        (spec.head, *spec.layers))  # fmt: skip
        self.head, self.pooled = slice(0, first), slice(first, first + 2 * sum(rest))

    def fit_answers(
        self, views: Mapping[str, Seen], labels: Ints, groups: npt.NDArray[np.str_]
    ) -> None:
        """Compare calibrations and fit prediction sets.

        Parameters
        ----------
        views : mapping
            Validation pictures, "clean" and disturbed.
        labels : ndarray, int64, shape (n,)
            Of the pictures of one view.
        groups : ndarray of str, shape (n,)
        """
        choices, count = self._choices, len(views)
        logits = np.concatenate([logits for logits, _ in views.values()]).astype(np.float64)
        every = np.tile(labels, count)
        _, compared = choose_calibration(logits, every, np.tile(groups, count))
        self.trust["calibration"] |= {"candidates": compared, "why": choices.why_calibration}
        sets = PredictionSets.fit(
            self.point.probabilities(logits), every, conditional=choices.conditional,
            levels=choices.levels,
        )  # fmt: skip
        self.trust["prediction_sets"] = sets.to_trust() | {
            "why": choices.why_sets,
            "chosen_on": f"{len(labels)} validation {choices.items} under {count} views",
        }

    def fit_last_layer(self, train: Seen, labels: Ints, groups: npt.NDArray[np.str_]) -> None:
        """Draw last layers that training pictures (n,) allow."""
        logits, rows = train
        posterior = fit_head_posterior(
            rows[:, self.head],
            self.point.probabilities(logits),
            self._network.get_layer("logits").get_weights()[0],
            temperature=self.point.calibration.temperature,
            labels=labels,
            groups=groups,
        )
        self.trust["features"] = self._choices.spec.to_trust()
        self.trust["head"] = {"features": [self.head.start, self.head.stop]}
        self.reference["head/draws"] = posterior.draws

    def fit_unlike(
        self,
        training: Floats,
        labels: Ints,
        views: Mapping[str, Seen],
        teaching: Mapping[str, Seen],
        near: Mapping[str, Seen],
    ) -> None:
        """Choose the score that tells what is unlike, and its limits.

        Parameters
        ----------
        training : ndarray, shape (n, D)
            Features of training pictures.
        labels : ndarray, int64, shape (n,)
        views : mapping
            As for `fit_answers`.
        teaching : mapping
            Made outliers, by family.
        near : mapping
            Validation pictures changed so that they are hard to tell.
        """
        part, choices = self.pooled, self._choices
        clean = views["clean"]
        score, candidates = compare_scores(
            training[:, part],
            labels,
            {name: rows[:, part] for name, (_, rows) in teaching.items()},
            clean[1][:, part],
            {name: rows[:, part] for name, (_, rows) in near.items()},
            {name: z for name, (z, _) in ({"validation": clean} | {**teaching, **near}).items()},
        )
        own = score.score(clean[1][:, part])
        every = np.concatenate([score.score(rows[:, part]) for _, rows in views.values()])
        warn, refuse = float(np.quantile(own, _WARN)), float(np.quantile(every, _REFUSE))
        self.trust["out_of_distribution"] = outlier_table(
            score.name, [part.start, part.stop], own, (min(warn, refuse), refuse),
            f"A warning from the score that {1 - _WARN:.0%} of the validation {choices.items} "
            f"reach, refused from the one that {1 - _REFUSE:.0%} reach when they are "
            f"{choices.disturbed} in {len(views) - 1} ways as well.",
            candidates,
        )  # fmt: skip
        self.reference |= {f"unlike/{name}": value for name, value in score.arrays().items()}

    def layer(self) -> ScanTrust:
        """Return the trust layer as fitted."""
        return ScanTrust(self.trust, self.reference, self.point, self._classes, "")

    def judge_kinds(self, kinds: Mapping[str, Kind]) -> Arrays:
        """Score what should be refused: ``ood/<kind>/unlike`` and ``lies``."""
        layer, found = self.layer(), {}
        for name, kind in kinds.items():
            scores, lies = layer.scores(self.run(kind.images)[1])
            found[f"ood/{name}/unlike"] = scores.astype(np.float32)
            found[f"ood/{name}/lies"] = lies.astype(np.float16)
        self.trust["out_of_distribution"]["kinds"] = kinds_table(kinds)
        return found


def shipped(bundle: Bundle) -> tuple[TappedNetwork, ScanTrust, int]:
    """What judges pictures again: the bundle's network, its trust layer, its input's side."""
    titles = [entry.title for entry in bundle.card.classes]
    return (
        TappedNetwork(bundle.network, TapSpec.from_trust(bundle.trust["features"])),
        ScanTrust(bundle.trust, bundle.reference, bundle.operating_point, titles, ""),
        int(bundle.card.input["size"]),
    )


def judged(split: str, layer: ScanTrust, seen: Seen) -> Arrays:
    """Judge the pictures of a split.

    Returns
    -------
    dict of ndarray
        ``<split>/unlike``, ``lies``, ``low`` and ``high``.
    """
    logits, rows = seen
    scores, lies = layer.scores(rows)
    low, high = layer.interval(rows, logits)
    return {
        f"{split}/unlike": scores.astype(np.float32),
        f"{split}/lies": lies.astype(np.float16),
        f"{split}/low": low.astype(np.float32),
        f"{split}/high": high.astype(np.float32),
    }
