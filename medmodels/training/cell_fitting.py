"""Fit a network to pictures of blood cells."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
import numpy.typing as npt

from medmodels.training import image_fitting
from medmodels.training.cell_images import CLASSES, Cells
from medmodels.training.image_fitting import Log, Schedule, cycle


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
        train.pictures, train.labels, len(CLASSES), order_of(train.labels, schedule), schedule
    )
    image_fitting.fit(network, batches, schedule, log, callbacks)


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
