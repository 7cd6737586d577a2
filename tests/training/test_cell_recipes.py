"""Runs that begin at the same weights and are averaged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from medmodels.training import cell_recipes
from medmodels.training.cell_augmentation import CellAugmentation
from medmodels.training.cell_images import CLASSES
from medmodels.training.cell_recipes import CANDIDATES, Candidate, fit_candidate
from medmodels.training.image_fitting import Schedule
from tests.training.cell_pictures import write_cells

SIZE = 64
FIRST = Schedule(
    steps=1, batch=8, rate=1e-2, balanced=False, augmentation=CellAugmentation(size=SIZE), seed=1
)
SECOND = replace(FIRST, steps=2, seed=2)


def small_network(size: int, classes: int, *, channels: int, folded: bool) -> keras.Model:
    """What `lite_cnn` takes and gives, compiled in a tenth of the time."""
    pictures = keras.Input((size, size, channels))
    x = keras.layers.Conv2D(4, 3, strides=4, activation="relu")(pictures)
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(pictures, keras.layers.Dense(classes)(x))


@pytest.mark.timeout(180)
def test_the_network_is_the_mean_of_runs_that_begin_at_the_same_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Runs begin, end and are averaged alike whatever the network; the true one is fitted with
    # all its runs where a bundle is made.
    monkeypatch.setattr(cell_recipes, "lite_cnn", small_network)
    write_cells(tmp_path, {"train": 16})

    def fitted(**runs: tuple[Schedule, ...]) -> list[np.ndarray]:
        begun = small_network(SIZE, len(CLASSES), channels=3, folded=True)
        begun.set_weights([np.full_like(one, 0.01) for one in begun.get_weights()])
        candidate = Candidate(size=SIZE, schedule=FIRST, **runs)
        return list(fit_candidate(candidate, tmp_path, lambda _: None, begun=begun).get_weights())

    first, second = fitted(then=(FIRST,)), fitted(then=(SECOND,))
    assert any(np.abs(a - b).max() > 1e-4 for a, b in zip(first, second, strict=True))
    # What went before is not repeated from a network that was begun.
    both = fitted(then=(SECOND,), apart=(FIRST, SECOND))
    for a, b, mean in zip(first, second, both, strict=True):
        np.testing.assert_allclose(mean, (a + b) / 2, atol=1e-6)


def test_a_recipe_has_one_way_to_end() -> None:
    assert all(not recipe.apart or len(recipe.apart) > 1 for recipe in CANDIDATES.values())
