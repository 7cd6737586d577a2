"""What a beat is compared with."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.explain.contrast import (
    USUAL,
    Contrast,
    choose_contrasts,
    typical_contrasts,
    usual_contrast,
)


def typical(value: float, words: str) -> Contrast:
    return Contrast(np.full((30, 2), value, np.float32), np.full(3, value, np.float32), words)


def test_the_usual_beat_is_the_median():
    windows = np.arange(3, dtype=np.float32)[:, None, None] * np.ones((3, 4, 2), np.float32)
    usual = usual_contrast((windows, np.array([[1.0], [5.0], [2.0]], np.float32)))
    assert (usual.window == 1).all()
    assert usual.numbers == 2
    assert usual.words == USUAL


@pytest.mark.parametrize(("usual_score", "first"), [(-1.0, USUAL), (1.0, "likeliest")])
def test_the_usual_beat_is_taken_where_it_is_read_otherwise(
    make_beat_network, beats, usual_score, first
):
    known = {3: typical(0.1, "likeliest"), 1: typical(0.2, "second")}
    chosen = choose_contrasts(
        make_beat_network(), beats, 2, lambda logits: np.full(len(logits), usual_score),
        [2, 3, 1], known,
    )  # fmt: skip
    # Class 2 has no typical beat and is passed over.
    assert [contrast.words for contrast in chosen] == [first, "second"]


def test_without_typical_beats_there_is_the_usual_one(make_beat_network, beats):
    chosen = choose_contrasts(make_beat_network(), beats, 2, lambda z: z[:, 0], [1, 2], {})
    assert [contrast.words for contrast in chosen] == [USUAL]


def test_classes_without_enough_examples_have_no_typical_beat():
    windows = np.zeros((2, 4, 2), np.float16)
    windows[1] = np.nan
    reference = {"typical/windows": windows, "typical/rhythm": np.zeros((2, 3), np.float32)}
    found = typical_contrasts(reference, ["Normal", "Rare"])
    assert list(found) == [0]
    assert "normal" in found[0].words
    assert typical_contrasts({}, ["Normal"]) == {}
