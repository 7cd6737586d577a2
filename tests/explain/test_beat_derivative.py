"""A beat's derivative is the same whether its neighbours are encoded once or each time."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.explain import beat_derivative
from medmodels.explain.beat_derivative import derive_beat
from medmodels.explain.compiled import compiled


@pytest.mark.parametrize("members", [1, 2])
@pytest.mark.parametrize("apart", [True, False])
def test_as_the_whole_network_says(members, apart, beats, monkeypatch):
    from medmodels.networks.rnn import beat_rnn

    network = beat_rnn(30, 2, 3, 4, width=4, members=members)
    if not apart:
        monkeypatch.setattr(beat_derivative, "stages_of", lambda _: None)
    windows, numbers = beats
    rng = np.random.default_rng(1)
    # More than are differentiated together.
    own = [
        rng.standard_normal((11, *part.shape[1:])).astype(np.float32) for part in (windows, numbers)
    ]
    logits, (traces, rows) = derive_beat(network, beats, 1, 2)(own)
    inputs = [np.repeat(part[np.newaxis], 11, axis=0) for part in beats]
    for part, given in zip(inputs, own, strict=True):
        part[:, 2] = given
    expected, gradients = compiled(network).derive_logit(inputs, 1, 2)
    np.testing.assert_allclose(logits, expected, atol=1e-5)
    np.testing.assert_allclose(traces, gradients[0][:, 2], atol=1e-6)
    np.testing.assert_allclose(rows, gradients[1][:, 2], atol=1e-6)
