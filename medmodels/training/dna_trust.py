"""The trust layer of the splice site bundle, fitted to training and validation windows only.

``python -m medmodels trust dna-splice --data DIR`` makes it anew for the bundle's
network; ``train`` ends with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle
from medmodels.networks.averaging import last_kernels
from medmodels.networks.base_features import BaseFeatures
from medmodels.training.dna_data import Windows, load_windows
from medmodels.training.dna_kinds import dna_kinds
from medmodels.training.dna_outliers import Outliers, choose_outliers
from medmodels.training.dna_scan_rates import USUAL_RATE, scan_rates
from medmodels.training.dna_thresholds import measure_thresholds
from medmodels.training.outlier_table import kinds_table, outlier_table
from medmodels.training.trust_parts import Arrays, TrustParts
from medmodels.trust.base_quality import measure_bases
from medmodels.trust.base_trust import BaseTrust
from medmodels.trust.calibration import choose_calibration
from medmodels.trust.head_posterior import fit_head_posterior
from medmodels.trust.operating_point import OperatingPoint
from medmodels.trust.prediction_sets import PredictionSets

Log = Callable[[str], None]

FOLDER: Final = "dna-splice"
#: The split whose logits come from networks that have not seen the row's GenBank entry.
HELD_OUT: Final = "cross_validation"
#: Logits at every base of held-out windows without a site, strung together.
ALONG: Final = "along/every_base"
LAYER: Final = "along"
_WARN, _REFUSE = 0.95, 0.98
_TEACH, _JUDGE = 250, 200
_SEED = 31

WHY_CALIBRATION = (
    "The simplest whose cross-validated log loss is within one standard error of the best."
)
WHY_CONDITIONAL = (
    "A threshold for each class: one for all would cover 95% of all windows and leave out more of "
    "the sites, which are what is looked for."
)


def fit_trust(
    network: keras.Model,
    data: Path,
    base: Mapping[str, Any],
    classes: tuple[str, ...],
    held_out: Mapping[str, npt.NDArray[Any]],
    log: Log,
    limit: int | None = None,
) -> TrustParts:
    """Fit and measure everything.

    Parameters
    ----------
    network : keras.Model
        The bundle's.
    data : Path
        Holds ``dna-splice``.
    base : mapping
        ``temperature``, ``class_offsets``, ``rule`` and ``chosen_on`` of ``trust.json``.
    classes : tuple of str
        Names in the order of the logits.
    held_out : mapping of ndarray
        ``cross_validation/logits``, ``labels``, ``groups`` and ``names``, and
        ``along/every_base``: predictions of windows that their network has not seen.
    log : callable
    limit : int, optional
        Make this many windows of each kind at most, to try the code.
    """
    few = limit or 10**9
    trained = _named(load_windows(data / FOLDER, "train", "val"), held_out[f"{HELD_OUT}/names"])
    labels = held_out[f"{HELD_OUT}/labels"].astype(np.int64)
    logits = held_out[f"{HELD_OUT}/logits"].astype(np.float64)
    calibration, compared = choose_calibration(logits, labels, held_out[f"{HELD_OUT}/groups"])
    trust: dict[str, Any] = dict(base)
    trust["calibration"] = calibration.to_trust() | {
        "candidates": compared, "why": WHY_CALIBRATION,
    }  # fmt: skip
    # So that the answer is always the class with the largest probability shown.
    offsets = calibration.offsets or (0.0,) * len(classes)
    trust["class_offsets"] = [round(calibration.temperature * value, 6) for value in offsets]
    point = OperatingPoint.from_trust(trust, classes)
    sets = PredictionSets.fit(point.probabilities(logits), labels, conditional=True)
    trust["prediction_sets"] = sets.to_trust() | {
        "why": WHY_CONDITIONAL, "chosen_on": base["chosen_on"],
    }  # fmt: skip

    trust["scan"] = {
        "usual": USUAL_RATE,
        "chosen_on": f"{base['chosen_on']}; held-out windows without a site, strung together",
        "classes": scan_rates(
            point.probabilities(logits), labels,
            point.probabilities(held_out[ALONG].astype(np.float64)),
        ),
    }  # fmt: skip

    log("the last layer")
    run = BaseFeatures(network, LAYER)
    answers, rows = run(trained.bases)
    kernels = last_kernels(network)
    members = len(kernels)
    posterior = fit_head_posterior(
        rows / members, point.probabilities(answers), np.concatenate(kernels),
        labels=trained.labels, groups=trained.groups, temperature=calibration.temperature,
    )  # fmt: skip
    trust["head"] = {"layer": LAYER, "scale": 1 / members}

    log("what is no DNA")
    outliers = choose_outliers(trained, run, min(_TEACH, few))
    trust["out_of_distribution"] = _table(outliers)
    reference: Arrays = {"head/draws": posterior.draws}
    reference |= {f"unlike/{name}": value for name, value in outliers.score.arrays().items()}

    log("thresholds of quality")
    trust["quality"] = measure_thresholds(
        trained.bases, trained.labels, lambda windows: point.labels(run(windows)[0])
    )

    log("test windows and every kind of outlier, judged")
    layer = BaseTrust(trust, reference, point, classes, "")
    test = load_windows(data / FOLDER, "test")
    predictions: Arrays = {
        f"{HELD_OUT}/unlike": outliers.held_out.astype(np.float32),
        f"{HELD_OUT}/quality": measure_bases(trained.bases).astype(np.float32),
        **_judged(layer, run, point, test),
    }
    kinds = dna_kinds(test.bases, min(_JUDGE, few), _SEED)
    for name, kind in kinds.items():
        scores = layer.scores(kind.windows, run(kind.windows)[1])
        predictions[f"ood/{name}/unlike"] = scores.astype(np.float32)
    trust["out_of_distribution"]["kinds"] = kinds_table(kinds)
    return TrustParts(trust, reference, predictions)


def judge_again(bundle: Bundle, data: Path) -> Arrays:
    """What the bundle's own trust layer says of every test window."""
    titles = [entry.title for entry in bundle.card.classes]
    layer = BaseTrust(bundle.trust, bundle.reference, bundle.operating_point, titles, "")
    run = BaseFeatures(bundle.network, str(bundle.trust["head"]["layer"]))
    return _judged(layer, run, bundle.operating_point, load_windows(data / FOLDER, "test"))


def _judged(layer: BaseTrust, run: BaseFeatures, point: OperatingPoint, test: Windows) -> Arrays:
    logits, features = run(test.bases)
    low, high = layer.interval(features, logits)
    at = np.arange(len(test)), point.labels(logits)
    return {
        "test/unlike": layer.scores(test.bases, features).astype(np.float32),
        "test/quality": measure_bases(test.bases).astype(np.float32),
        "test/low": low[at].astype(np.float32),
        "test/high": high[at].astype(np.float32),
    }


def _named(windows: Windows, names: npt.NDArray[Any]) -> Windows:
    """The windows of some names, in their order."""
    place = {name: row for row, name in enumerate(windows.names.tolist())}
    return windows.where(np.array([place[name] for name in names.tolist()], dtype=np.int64))


def _table(outliers: Outliers) -> dict[str, Any]:
    """``out_of_distribution`` of ``trust.json``, without the kinds it is judged on."""
    warn, refuse = (float(np.quantile(outliers.held_out, share)) for share in (_WARN, _REFUSE))
    return outlier_table(
        outliers.score.name, outliers.reads, outliers.held_out, (warn, refuse),
        f"A warning from the score that {1 - _WARN:.0%} of the training windows reach, "
        f"refused from the one that {1 - _REFUSE:.0%} reach, each scored without its GenBank "
        "entry.",
        outliers.candidates,
    )  # fmt: skip
