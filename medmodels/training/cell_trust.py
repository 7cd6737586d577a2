"""The trust layer of the blood cell bundle, fitted to training and validation pictures only.

``python -m medmodels trust blood-cells --data DIR`` makes it anew for the
bundle's network; ``train`` ends with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle
from medmodels.networks.taps import TappedNetwork, TapSpec
from medmodels.training.cell_disturbances import DISTURBANCES
from medmodels.training.cell_images import load_cells, network_input
from medmodels.training.cell_kinds import cell_kinds, teaching_pictures
from medmodels.training.chest_about import quality_row
from medmodels.training.image_fitting import Log
from medmodels.training.scan_outliers import compare_scores
from medmodels.training.scan_thresholds import measure_thresholds
from medmodels.training.trust_parts import Arrays, TrustParts
from medmodels.trust.calibration import choose_calibration
from medmodels.trust.head_posterior import fit_head_posterior
from medmodels.trust.operating_point import OperatingPoint
from medmodels.trust.prediction_sets import PredictionSets
from medmodels.trust.scan_quality import measure_scan
from medmodels.trust.scan_trust import ScanTrust

SPEC = TapSpec(
    head="features",
    layers=("block2_add", "block4_add", "block7_add", "block10_add"),
    layout="block10_add",
    grid=1,
)
_WARN, _REFUSE = 0.99, 0.99
_TEACH, _MEASURED = 250, 2000
# The weakest of each kind: what any laboratory's pictures differ by. Where a disturbance is
# so strong that the network errs, a set that promises 95% would have to hold every class.
VIEWS = ("stain, mild", "blur, 0.75 px", "JPEG, quality 60")

WHY_CALIBRATION = (
    "One temperature: with eight classes an offset for each would follow the shares at hand, and "
    "those are not a clinic's: the rare cells were collected."
)
WHY_SETS = (
    "One threshold a class: rare cells matter most, and a promise for all cells together could be "
    "kept by the frequent ones alone."
)


def fit_trust(
    network: keras.Model,
    data: Path,
    base: Mapping[str, Any],
    classes: tuple[str, ...],
    log: Log,
    limit: int | None = None,
) -> TrustParts:
    """Fit and measure everything.

    Parameters
    ----------
    network : keras.Model
        The bundle's.
    data : Path
        Holds ``blood-cells``, ``chest-xray`` and ``chest-xray-external``.
    base : mapping
        ``temperature``, ``class_offsets``, ``rule`` and ``chosen_on``.
    classes : tuple of str
    log : callable
    limit : int, optional
        Use this many pictures of each split, and few made ones, to try the code.
    """
    run, size = TappedNetwork(network, SPEC), network.input_shape[1]
    few = limit or 10**9
    trust: dict[str, Any] = dict(base)
    trust["calibration"] = {"method": "temperature", "temperature": base["temperature"]}
    point = OperatingPoint.from_trust(trust, classes)
    widths = [network.get_layer(name).output.shape[-1] for name in (SPEC.head, *SPEC.layers)]
    pooled = (widths[0], widths[0] + 2 * sum(widths[1:]))
    part = slice(*pooled)

    log("training pictures")
    train = load_cells(data, "train", limit)
    train_logits, train_rows = run_in_parts(run, train.pictures, size)
    log("validation pictures, as they are and mildly disturbed")
    validation = load_cells(data, "val", limit)
    views = {"clean": run_in_parts(run, validation.pictures, size)}
    views |= {
        one.name: run_in_parts(run, one.apply(validation.pictures), size)
        for one in DISTURBANCES
        if one.name in VIEWS
    }
    logits = np.concatenate([logits for logits, _ in views.values()]).astype(np.float64)
    labels = np.tile(validation.labels.astype(np.int64), len(views))
    groups = np.tile(validation.names, len(views))

    _, compared = choose_calibration(logits, labels, groups)
    trust["calibration"] |= {"candidates": compared, "why": WHY_CALIBRATION}
    sets = PredictionSets.fit(point.probabilities(logits), labels, conditional=True)
    trust["prediction_sets"] = sets.to_trust() | {
        "why": WHY_SETS,
        "chosen_on": f"{len(validation)} validation pictures under {len(views)} views",
    }
    posterior = fit_head_posterior(
        train_rows[:, : widths[0]],
        point.probabilities(train_logits),
        network.get_layer("logits").get_weights()[0],
        temperature=point.calibration.temperature,
        labels=train.labels.astype(np.int64),
        groups=train.names,
    )
    trust["features"] = SPEC.to_trust()
    trust["head"] = {"features": [0, widths[0]]}

    log("made outliers")
    teaching = {
        name: run(pictures)
        for name, pictures in teaching_pictures(size, min(_TEACH, few), 11).items()
    }
    seen = network_input(validation.pictures, size)
    near = {"inverted": run(1 - seen), "swapped": run(np.ascontiguousarray(seen[..., ::-1]))}
    score, candidates = compare_scores(
        train_rows[:, part],
        train.labels.astype(np.int64),
        {name: rows[:, part] for name, (_, rows) in teaching.items()},
        views["clean"][1][:, part],
        {name: rows[:, part] for name, (_, rows) in near.items()},
        {"validation": views["clean"][0]} | {name: z for name, (z, _) in (teaching | near).items()},
    )
    own = score.score(views["clean"][1][:, part])
    every = np.concatenate([score.score(rows[:, part]) for _, rows in views.values()])
    warn, refuse = float(np.quantile(own, _WARN)), float(np.quantile(every, _REFUSE))
    trust["out_of_distribution"] = {
        "method": score.name,
        "features": list(pooled),
        "warn": round(min(warn, refuse), 5),
        "refuse": round(refuse, 5),
        "validation_quantiles": [
            float(f"{q:.5g}") for q in np.quantile(own, np.linspace(0, 1, 201))
        ],
        "why": (
            f"A warning from the score that {1 - _WARN:.0%} of the validation pictures reach, "
            f"refused from the one that {1 - _REFUSE:.0%} reach when they are mildly disturbed in "
            f"{len(views) - 1} ways as well."
        ),
        "candidates": candidates,
    }
    reference = {"head/draws": posterior.draws}
    reference |= {f"unlike/{name}": value for name, value in score.arrays().items()}

    log("thresholds of quality")
    some = slice(0, None, 2)
    trust["quality"] = measure_thresholds(
        quality_of(train.pictures[:: max(1, len(train) // _MEASURED)], size),
        seen[some],
        validation.labels[some],
        lambda images: point.labels(run(images)[0]),
        None,
    )

    log("every split and every kind of outlier, judged")
    layer = ScanTrust(trust, reference, point, classes, "")
    predictions = judge_splits(run, layer, size, data, limit)
    kinds = cell_kinds(data, size, few)
    for name, kind in kinds.items():
        scores, lies = layer.scores(run(kind.images)[1])
        predictions[f"ood/{name}/unlike"] = scores.astype(np.float32)
        predictions[f"ood/{name}/lies"] = lies.astype(np.float16)
    trust["out_of_distribution"]["kinds"] = [
        {"name": name, "title": kind.title, "group": kind.group} for name, kind in kinds.items()
    ]
    return TrustParts(trust, reference, predictions)


def judge_again(bundle: Bundle, data: Path) -> Arrays:
    """All that is stored of every split's pictures besides logits, computed from the pictures."""
    titles = [entry.title for entry in bundle.card.classes]
    layer = ScanTrust(bundle.trust, bundle.reference, bundle.operating_point, titles, "")
    run = TappedNetwork(bundle.network, TapSpec.from_trust(bundle.trust["features"]))
    return judge_splits(run, layer, int(bundle.card.input["size"]), data)


def judge_splits(
    run: TappedNetwork, layer: ScanTrust, size: int, data: Path, limit: int | None = None
) -> Arrays:
    """Judge validation and test pictures.

    Returns
    -------
    dict of ndarray
        ``<split>/quality``, ``unlike``, ``lies``, ``low`` and ``high``.
    """
    found: Arrays = {}
    for split, stored in (("validation", "val"), ("test", "test")):
        cells = load_cells(data, stored, limit)
        logits, rows = run_in_parts(run, cells.pictures, size)
        scores, lies = layer.scores(rows)
        low, high = layer.interval(rows, logits)
        found |= {
            f"{split}/quality": quality_of(cells.pictures, size),
            f"{split}/unlike": scores.astype(np.float32),
            f"{split}/lies": lies.astype(np.float16),
            f"{split}/low": low.astype(np.float32),
            f"{split}/high": high.astype(np.float32),
        }
    return found


def quality_of(pictures: npt.NDArray[np.uint8], size: int) -> npt.NDArray[np.float32]:
    """Quality of pictures as files, one row each in the order of `ScanQuality`'s fields."""
    rows = []
    for picture in pictures:
        display = picture.astype(np.float32) / np.float32(255)
        (seen,) = network_input(picture[np.newaxis], size)
        rows.append(quality_row(measure_scan(display, seen)))
    return np.stack(rows)


def run_in_parts(
    run: TappedNetwork, pictures: npt.NDArray[np.uint8], size: int, at_once: int = 1024
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Logits and features of pictures; a part at a time, for all as floats are gigabytes."""
    parts = [
        run(network_input(pictures[at : at + at_once], size))
        for at in range(0, len(pictures), at_once)
    ]
    logits, rows = (np.concatenate(each) for each in zip(*parts, strict=True))
    return logits, rows
