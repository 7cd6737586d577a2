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
from medmodels.networks.taps import TappedNetwork
from medmodels.training.cell_disturbances import DISTURBANCES
from medmodels.training.cell_images import load_cells, network_input
from medmodels.training.cell_kinds import cell_kinds, teaching_pictures
from medmodels.training.cell_predictions import known
from medmodels.training.chest_about import quality_row
from medmodels.training.image_fitting import Log
from medmodels.training.scan_thresholds import measure_thresholds
from medmodels.training.scan_trust_fit import Choices, ScanTrustFit, judged, shipped
from medmodels.training.trust_parts import Arrays, TrustParts
from medmodels.trust.scan_quality import measure_scan
from medmodels.trust.scan_trust import ScanTrust

CHOICES = Choices(
    grid=1,
    conditional=True,
    items="pictures",
    disturbed="mildly disturbed",
    why_calibration="One temperature: with eight classes an offset for each would follow the "
    "shares at hand, and those are not a clinic's: the rare cells were collected.",
    why_sets="One threshold a class: rare cells matter most, and a promise for all cells together "
    "could be kept by the frequent ones alone. At 95% and 99%: more than 98% of the cells are read "
    "rightly, so that sets at 90% would be empty where a cell is in doubt, and name no second one.",
    levels=(0.95, 0.99),
)
_TEACH, _MEASURED = 250, 2000
# The weakest of each kind: what any laboratory's pictures differ by. Where a disturbance is
# so strong that the network errs, a set that promises 95% would have to hold every class.
VIEWS = ("stain, mild", "blur, 0.75 px", "JPEG, quality 60")


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
    fit, few = ScanTrustFit(network, base, classes, CHOICES), limit or 10**9
    run, size = fit.run, fit.size

    log("training pictures")
    train = load_cells(data, "train", limit)
    train_labels = train.labels.astype(np.int64)
    train_seen = run_in_parts(run, train.pictures, size)
    log("validation pictures, as they are and mildly disturbed")
    validation = load_cells(data, "val", limit)
    views = {"clean": run_in_parts(run, validation.pictures, size)}
    views |= {
        one.name: run_in_parts(run, one.apply(validation.pictures), size)
        for one in DISTURBANCES
        if one.name in VIEWS
    }
    fit.fit_answers(views, validation.labels.astype(np.int64), validation.names)
    fit.fit_last_layer(train_seen, train_labels, train.names)

    log("made outliers")
    teaching = {
        name: run(pictures)
        for name, pictures in teaching_pictures(size, min(_TEACH, few), 11).items()
    }
    seen = network_input(validation.pictures, size)
    near = {"inverted": run(1 - seen), "swapped": run(np.ascontiguousarray(seen[..., ::-1]))}
    fit.fit_unlike(train_seen[1], train_labels, views, teaching, near)

    log("thresholds of quality")
    some = slice(0, None, 2)
    fit.trust["quality"] = measure_thresholds(
        quality_of(train.pictures[:: max(1, len(train) // _MEASURED)], size),
        seen[some],
        validation.labels[some],
        lambda images: fit.point.labels(run(images)[0]),
        None,
    )

    log("every split and every kind of outlier, judged")
    predictions = judge_splits(run, fit.layer(), size, data, limit)
    predictions |= fit.judge_kinds(cell_kinds(data, size, few))
    return TrustParts(fit.trust, fit.reference, predictions)


def judge_again(bundle: Bundle, data: Path) -> Arrays:
    """All that is stored of every split's pictures, computed from them in one pass."""
    return judge_splits(*shipped(bundle), data, answers=True)


def judge_splits(
    run: TappedNetwork,
    layer: ScanTrust,
    size: int,
    data: Path,
    limit: int | None = None,
    *,
    answers: bool = False,
) -> Arrays:
    """Judge validation and test pictures.

    Returns
    -------
    dict of ndarray
        ``<split>/quality``, ``unlike``, ``lies``, ``low`` and ``high``; and with
        ``answers``, for they come out of the same pass, what `read_splits` gives.
    """
    found: Arrays = {}
    for split, stored in (("validation", "val"), ("test", "test")):
        cells = load_cells(data, stored, limit)
        found[f"{split}/quality"] = quality_of(cells.pictures, size)
        seen = run_in_parts(run, cells.pictures, size)
        found |= judged(split, layer, seen)
        if answers:
            found |= {f"{split}/logits": seen[0]} | known(split, cells)
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
