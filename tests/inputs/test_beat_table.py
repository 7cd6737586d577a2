"""One beat per row: 187 samples and, if any, a label."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.inputs.errors import InputError
from medmodels.inputs.open_signal import open_signal, understand
from medmodels.inputs.signal import BeatTable

BEATS = np.round(np.random.default_rng(0).uniform(0, 1, (12, 187)), 6)
LABELS = np.arange(12) % 5


def table(columns: np.ndarray, head: str = "", form: str = "%.18e") -> dict[str, bytes]:
    rows = "".join(",".join(form % v for v in row) + "\n" for row in columns)
    return {"beats.csv": (head + rows).encode()}


@pytest.mark.parametrize("form", ["%.18e", "%.6f"])
@pytest.mark.parametrize("head", ["", ",".join(str(i) for i in range(188)) + "\n"])
def test_labelled_beats(form: str, head: str) -> None:
    files = table(np.column_stack([BEATS, LABELS]), head, form)
    assert understand(files).sentence == ("12 single beats of 187 samples at 125 Hz, with labels")
    beats = open_signal(files)
    assert isinstance(beats, BeatTable)
    np.testing.assert_allclose(beats.beats, BEATS, atol=1e-6)
    assert beats.labels is not None
    assert beats.labels.tolist() == LABELS.tolist()
    assert beats.rate == 125
    assert any("rhythm cannot be read" in note for note in beats.notes)


def test_unlabelled_and_single_beats() -> None:
    beats = open_signal(table(BEATS))
    assert isinstance(beats, BeatTable)
    assert beats.labels is None
    one = open_signal(table(BEATS[:1]))
    assert isinstance(one, BeatTable)
    assert one.beats.shape == (1, 187)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (np.column_stack([BEATS, LABELS + 0.5]), "something else than labels"),
        (np.column_stack([BEATS, LABELS + 3]), "something else than labels"),
        (np.where(BEATS > 0.99, np.nan, BEATS), "missing values"),
        (np.ones((4, 187)), "flat line"),
    ],
)
def test_tables_that_cannot_be(columns: np.ndarray, words: str) -> None:
    with pytest.raises(InputError, match=words):
        open_signal(table(columns))
