"""Whatever ran before, a test draws the same; and what was compiled stays compiled."""

from __future__ import annotations

import random
import re
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
# What TensorFlow draws by its own seed, which is not set anew for each test: its stateful
# functions, and data sets that are shuffled without a seed. Stateless ones are given theirs.
BY_ITS_OWN_SEED = re.compile(
    r"\btf\.random\.(uniform|normal|truncated_normal|gamma|poisson|categorical|shuffle"
    r"|log_uniform_candidate_sampler|get_global_generator|Generator)\b"
    r"|\btf\.(image\.random_|nn\.dropout\b|keras\.)|\.shuffle\(\s*(buffer_size\s*=\s*)?\d"
)


def draw():
    """Numbers of every kind that tests draw."""
    import keras

    layer = keras.layers.Dense(1)
    layer.build((None, 2))
    plain = [random.random(), float(np.random.random())]  # noqa: NPY002
    return (
        plain
        + [float(x) for x in np.ravel(layer.get_weights()[0])]
        + [float(x) for x in keras.random.uniform((2,))]
    )


@pytest.fixture(scope="module")
def seeded_keras():
    """Keras, imported before `drawn_alike` looks for it."""
    import keras

    return keras


@pytest.mark.parametrize("turn", [1, 2])
def test_the_same_numbers_are_drawn_in_every_test(turn, seeded_keras):
    drawn = draw()
    assert len(set(drawn)) == 6
    assert draw() != drawn
    # As if all seeds had been set.
    seeded_keras.utils.set_random_seed(0)
    assert draw() == drawn


def test_nothing_is_drawn_by_tensorflows_own_seed():
    parts = ("medmodels", "pages", "tests")
    sources = [path for part in parts for path in (ROOT / part).rglob("*.py")]
    assert len(sources) > 500
    found = {path.name for path in sources if BY_ITS_OWN_SEED.search(path.read_text())}
    assert found == {Path(__file__).name}
    for line in ("x = tf.random.normal(shape)", "rows.shuffle(100)", "tf.image.random_flip(x)"):
        assert BY_ITS_OWN_SEED.search(line)
