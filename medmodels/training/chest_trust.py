"""The trust layer of the chest X-ray bundle, fitted to training and validation images only.

``python -m medmodels trust chest-xray --data DIR`` makes it anew for the
bundle's network; ``train`` ends with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from PIL import Image

from medmodels.bundles import Bundle
from medmodels.networks.taps import TappedNetwork
from medmodels.training.chest_about import about_adult, about_paediatric
from medmodels.training.chest_fitting import Log
from medmodels.training.chest_images import Radiographs, load_adult, load_paediatric
from medmodels.training.chest_kinds import chest_kinds
from medmodels.training.chest_shifts import SHIFTS, shifted
from medmodels.training.made_scans import TEACHING, made
from medmodels.training.scan_cases import colours_of, prepared
from medmodels.training.scan_thresholds import measure_thresholds
from medmodels.training.scan_trust_fit import Choices, ScanTrustFit, judged, shipped
from medmodels.training.scan_turns import TURNS, turned
from medmodels.training.trust_parts import Arrays, TrustParts
from medmodels.trust.scan_trust import ScanTrust
from medmodels.trust.unlike import TurnHead

CHOICES = Choices(
    grid=3,
    conditional=False,
    items="images",
    disturbed="shifted",
    why_calibration="One temperature, although an offset has the lower log loss on validation: "
    "the offset belongs to the hospital and its share of ill children, which shift (the published "
    "test images are known to trade specificity for sensitivity), and the share at hand is asked "
    "for on screen instead.",
    why_sets="One threshold for both classes, for both are frequent: the promise is for all scans "
    "together, not for each class.",
)
MODALITIES = ("CR", "DX", "DR", "RG", "OT", "SC")
_TEACH, _COLOURED, _TURNED = 250, 600, 1500
_SEED = 31


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
        Holds ``chest-xray``, ``chest-xray-external`` and ``blood-cells``.
    base : mapping
        ``temperature`` and ``operating_point``, from `choose_trust`.
    classes : tuple of str
    log : callable
    limit : int, optional
        Use this many images of each split, and few made ones, to try the code.
    """
    fit, few = ScanTrustFit(network, base, classes, CHOICES), limit or 10**9
    run, size = fit.run, fit.size

    log("training images, as they are and shifted")
    train = load_paediatric(data, "train", size, limit)
    train_labels = train.labels.astype(np.int64)
    train_seen = run(train.images)
    rows = np.concatenate([train_seen[1], run(_each_shifted_once(train))[1]])
    log("validation images, as they are and under every shift")
    validation = load_paediatric(data, "val", size, limit)
    views = {"clean": run(validation.images)}
    views |= {name: run(images) for name, images in shifted(validation.images)}
    fit.fit_answers(views, validation.labels.astype(np.int64), validation.groups)
    fit.fit_last_layer(train_seen, train_labels, train.groups)

    log("made outliers and turned images")
    draw = np.random.default_rng(_SEED)
    chosen = draw.permutation(len(train))[: min(_TURNED, few)]
    turns = {name: run(turned(train.images[chosen], name))[1] for name in TURNS}
    layout = slice(fit.pooled.stop, rows.shape[1])
    head = TurnHead.fit(rows[:, layout], {name: some[:, layout] for name, some in turns.items()})
    fit.trust["turns"] = {"names": list(head.names), "features": [layout.start, layout.stop]}
    teaching = {
        f"made {name}": run(prepared(made(family, min(_TEACH, few), 11), size))
        for name, family in TEACHING.items()
    }
    near = {name: run(turned(validation.images, name)) for name in TURNS if name != "mirrored"}
    fit.fit_unlike(rows, np.tile(train_labels, 2), views, teaching, near)
    fit.reference |= {f"turns/{name}": value for name, value in head.arrays().items()}

    log("thresholds of quality")
    usual = about_paediatric(data, "train", size, limit)["quality"]
    some = slice(0, None, 2)
    fit.trust["quality"] = measure_thresholds(
        usual,
        validation.images[some],
        validation.labels[some],
        lambda images: fit.point.labels(run(images)[0]),
        colours_of(data, min(_COLOURED, few)),
    )
    fit.trust["modalities"] = list(MODALITIES)

    log("every split and every kind of outlier, judged")
    others = [logits for name, (logits, _) in views.items() if name != "clean"]
    predictions: Arrays = {
        "shifted/logits": np.concatenate(others),
        "shifted/labels": np.tile(validation.labels, len(others)),
        "shifted/groups": np.tile(validation.groups, len(others)),
    }
    predictions |= judge_splits(run, fit.layer(), size, data, limit=limit)
    predictions |= fit.judge_kinds(chest_kinds(data, size, few))
    return TrustParts(fit.trust, fit.reference, predictions)


def _each_shifted_once(train: Radiographs) -> npt.NDArray[np.float32]:
    names, draw = list(SHIFTS), np.random.default_rng(_SEED)
    grey = np.rint(train.images[..., 0] * 255).astype(np.uint8)
    made_ones = [
        np.asarray(SHIFTS[names[i % len(names)]](Image.fromarray(image), draw))
        for i, image in enumerate(grey)
    ]
    return np.stack(made_ones)[..., np.newaxis].astype(np.float32) / np.float32(255)


def judge_again(bundle: Bundle, data: Path, external: Path) -> Arrays:
    """All that is stored of every split's scans, computed from the images in one pass."""
    return judge_splits(*shipped(bundle), data, external, answers=True)


def judge_splits(
    run: TappedNetwork,
    layer: ScanTrust,
    size: int,
    data: Path,
    external: Path | None = None,
    limit: int | None = None,
    *,
    answers: bool = False,
) -> Arrays:
    """Judge validation, test and external images.

    Returns
    -------
    dict of ndarray
        ``<split>/names``, ``quality``, ``subgroups/...``, ``unlike``, ``lies``,
        ``low`` and ``high``; and with ``answers``, for they come out of the
        same pass, ``logits``, ``labels`` and ``groups``.
    """
    elsewhere = external or data
    found: Arrays = {}
    for split, images, about in (
        ("validation", load_paediatric(data, "val", size, limit),
         about_paediatric(data, "val", size, limit)),
        ("test", load_paediatric(data, "test", size, limit),
         about_paediatric(data, "test", size, limit)),
        ("external", load_adult(elsewhere, size, limit), about_adult(elsewhere, size, limit)),
    ):  # fmt: skip
        seen = run(images.images)
        found |= judged(split, layer, seen)
        if answers:
            found |= {
                f"{split}/logits": seen[0],
                f"{split}/labels": images.labels,
                f"{split}/groups": images.groups,
            }
        found |= {f"{split}/{name}": values for name, values in about.items()}
    return found
