"""The position weight model: counts by hand, and the table that ships."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.inputs.bases import one_hot
from medmodels.training.dna_data import ACCEPTOR, DONOR, NEITHER, Windows, load_windows
from medmodels.training.dna_weights import TABLE, estimate, log_odds, read_weights, to_csv


def test_counts_by_hand():
    bases = np.stack([one_hot("A" * 60), one_hot("A" * 30 + "C" * 30)] * 3)
    labels = np.array([0, 0, 1, 1, 2, 2])
    names = np.array(["a"] * 6)
    weights = estimate(Windows(bases, labels, names, names))
    # Three quarters of all bases are A. The pseudocount of 1 is shared in that proportion:
    # two As give (2 + 0.75) / 3, one A and one C give (1 + 0.75) / 3 and (1 + 0.25) / 3.
    np.testing.assert_allclose(weights[0, 0], [2.75 / 3, 0.25 / 3, 0, 0], atol=1e-7)
    np.testing.assert_allclose(weights[0, 59], [1.75 / 3, 1.25 / 3, 0, 0], atol=1e-7)


def test_log_odds_by_hand():
    weights, background = np.full((60, 4), 0.25), np.full(4, 0.25)
    weights[0] = [0.5, 0.25, 0.125, 0.125]
    windows = np.stack([one_hot("A" * 60), one_hot("G" * 60)])
    np.testing.assert_allclose(log_odds(windows, weights, background), [1, -1])


def test_the_table_holds_what_every_textbook_says():
    weights = read_weights()
    assert weights.shape == (3, 60, 4)
    np.testing.assert_allclose(weights.sum(axis=-1), 1)
    assert weights[DONOR, 30, 2] > 0.98  # G
    assert weights[DONOR, 31, 3] > 0.98  # T
    assert weights[ACCEPTOR, 28, 0] > 0.98  # A
    assert weights[ACCEPTOR, 29, 2] > 0.98  # G
    pyrimidines = weights[ACCEPTOR, 12:26][:, [1, 3]].sum(axis=1)
    assert pyrimidines.min() > 0.65
    assert np.abs(weights[NEITHER] - 0.25).max() < 0.1


def test_the_table_is_that_of_the_training_split(shared_data):
    folder = shared_data / "dna-splice"
    if not folder.is_dir():
        pytest.skip("the splice junctions are not on this machine")
    assert to_csv(estimate(load_windows(folder, "train"))) == TABLE.read_text()
