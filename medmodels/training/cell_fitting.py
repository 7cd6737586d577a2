"""Fit a network to pictures of blood cells."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
import numpy.typing as npt

from medmodels.explain.place import stained_cell
from medmodels.training import image_fitting
from medmodels.training.cell_images import CLASSES, Cells
from medmodels.training.image_fitting import Log, Schedule, cycle

# Pictures are moved and zoomed before their middle is hidden.
_SPARE = 0.08


def fit(
    network: keras.Model,
    train: Cells,
    schedule: Schedule,
    log: Log,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> None:
    """Fit in place, see `image_fitting.fit`.

    Parameters
    ----------
    network : keras.Model
        Ends in logits, one for each class.
    train : Cells
    schedule : Schedule
        When ``balanced``, every class fills the same share of each batch.
    log : callable
        Takes one line of text.
    callbacks : sequence of keras.callbacks.Callback
    """
    batches = image_fitting.training_batches(
        train.pictures, train.labels, len(CLASSES), order_of(train.labels, schedule), schedule,
        reach_of(train.pictures) if schedule.emptied > 0 else None,
    )  # fmt: skip
    image_fitting.fit(network, batches, schedule, log, callbacks)


def reach_of(pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """How far each cell reaches from the middle, (N,): 0 to 1, the border; with some to spare."""
    middle = pictures.shape[1] / 2
    found = []
    for picture in pictures:
        place = stained_cell(picture.astype(np.float32) / np.float32(255))
        ends = (place.top, place.top + place.height, place.left, place.left + place.width)
        found.append(max(abs(end - middle) for end in ends) / middle + _SPARE)
    return np.minimum(np.array(found, np.float32), 1)


def order_of(labels: npt.NDArray[np.int8], schedule: Schedule) -> npt.NDArray[np.int64]:
    """Rows of each batch.

    Parameters
    ----------
    labels : ndarray, int8, shape (N,)
    schedule : Schedule

    Returns
    -------
    ndarray, int64, shape (steps, batch)
        Of the same class, no picture comes again before all the others did.
    """
    draw = np.random.default_rng(schedule.seed)
    if not schedule.balanced:
        size = schedule.steps * schedule.batch
        rows = cycle(np.arange(len(labels)), size, draw)
        return rows.reshape(schedule.steps, schedule.batch)
    present = np.unique(labels)
    shares = np.full(len(present), schedule.batch // len(present))
    shares[: schedule.batch % len(present)] += 1
    columns = [
        cycle(np.flatnonzero(labels == label), schedule.steps * share, draw).reshape(
            schedule.steps, share
        )
        for label, share in zip(present, shares, strict=True)
    ]
    return np.concatenate(columns, axis=1)
