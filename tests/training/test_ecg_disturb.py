"""Disturbed batches: what may change does, what must not does not."""

from __future__ import annotations

import numpy as np

from medmodels.inputs.beat_windows import CONTEXT_NAMES
from medmodels.training.ecg_disturb import Disturbance

NOTHING = dict.fromkeys(
    ("gain", "mixing", "noise", "wander", "context_noise", "drop_first", "drop_second", "swap",
     "single", "drop_rhythm", "shift"), 0,
)  # fmt: skip


def batch() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 4, (6, 10))
    return (
        rng.standard_normal((6, 10, 96, 2)).astype(np.float32),
        rng.standard_normal((6, 10, len(CONTEXT_NAMES))).astype(np.float32),
        labels,
        (labels + 1).astype(np.float32),
    )


def disturbance(**changes: float) -> Disturbance:
    return Disturbance(CONTEXT_NAMES, 42, **(NOTHING | changes))  # type: ignore[arg-type]


def test_nothing_asked_nothing_done() -> None:
    windows, rhythm, *_ = batch()
    x, r = disturbance().apply(windows, rhythm, np.random.default_rng(0))
    np.testing.assert_allclose(x, windows, atol=1e-6)
    np.testing.assert_allclose(r, rhythm)


def test_a_missing_lead_stays_missing() -> None:
    windows, rhythm, *_ = batch()
    windows[..., 1] = 0
    x, _ = disturbance(gain=0.2, mixing=0.2, noise=0.1, wander=0.1).apply(
        windows, rhythm, np.random.default_rng(0)
    )
    assert not x[..., 1].any()
    assert not np.allclose(x[..., 0], windows[..., 0])


def test_a_dropped_lead_takes_its_numbers_with_it() -> None:
    windows, rhythm, *_ = batch()
    x, r = disturbance(drop_second=1).apply(windows, rhythm, np.random.default_rng(0))
    second = [name.endswith("_2") for name in CONTEXT_NAMES]
    assert not x[..., 1].any()
    assert not r[..., second].any()
    np.testing.assert_allclose(r[..., ~np.array(second)], rhythm[..., ~np.array(second)])


def test_rows_of_a_table_keep_their_classes_and_lose_all_else() -> None:
    windows, rhythm, labels, weights = batch()
    # The first sample after R tells the beat apart: its label is written there.
    windows[..., 42:, :] = 0
    windows[..., 42, :] = (labels + 1)[..., None]
    windows[..., 43, :] = -(labels + 1)[..., None]
    counts = np.bincount(labels.ravel())
    disturbance(single=1).as_table(windows, rhythm, labels, weights, np.random.default_rng(0))
    np.testing.assert_array_equal(np.bincount(labels.ravel()), counts)
    np.testing.assert_array_equal(weights, labels + 1)
    assert not windows[:, :, :42].any()
    assert not windows[..., 1].any()
    present = CONTEXT_NAMES.index("lead_present_1")
    assert (rhythm[..., present] == 1).all()
    assert not np.delete(rhythm, present, axis=2).any()
    np.testing.assert_allclose(np.ptp(windows[..., 42:, 0], axis=2), 1, atol=0.01)
