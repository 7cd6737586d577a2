"""Windows as arrays, and folds that keep an entry together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medmodels.training.dna_data import CLASSES, fold_of, load_windows
from tests.training.dna_made import write_index


def test_rows_of_the_splits_that_are_asked_for(tmp_path):
    folder = write_index(tmp_path) / "dna-splice"
    train, both = load_windows(folder, "train"), load_windows(folder, "train", "val")
    assert (len(train), len(both), len(load_windows(folder, "test"))) == (72, 96, 24)
    assert train.bases.shape == (72, 60, 4)
    assert train.bases.dtype == np.float32
    donors = train.bases[train.labels == CLASSES.index("EI")]
    # GT after the junction, which lies between bases 30 and 31.
    assert (donors[:, 30] == [0, 0, 1, 0]).all()
    assert (donors[:, 31] == [0, 0, 0, 1]).all()
    assert train.groups[0] == "CHPA0"
    assert train.names[0] == "CHPA0-DONOR-0"


@settings(max_examples=60, deadline=None)
@given(
    groups=st.lists(st.sampled_from("abcdefghijklmnop"), min_size=20, max_size=200),
    folds=st.integers(2, 5),
    seed=st.integers(0, 100),
)
def test_an_entry_is_never_in_two_folds(groups, folds, seed):
    names = np.array(groups)
    found = fold_of(names, folds, seed)
    for name in set(groups):
        assert len(set(found[names == name])) == 1
    # Dealt to the smallest fold each time: no two differ by more than the largest group.
    sizes = np.bincount(found, minlength=folds)
    assert np.ptp(sizes) <= max(groups.count(name) for name in set(groups))


def test_another_seed_deals_otherwise():
    groups = np.array([f"g{i}" for i in range(50)])
    assert (fold_of(groups, 5, 0) == fold_of(groups, 5, 0)).all()
    assert (fold_of(groups, 5, 0) != fold_of(groups, 5, 1)).any()


def test_no_entry_is_in_two_of_the_real_splits(shared_data):
    folder = shared_data / "dna-splice"
    if not folder.is_dir():
        pytest.skip("the splice junctions are not on this machine")
    parts = [load_windows(folder, split) for split in ("train", "val", "test")]
    assert [len(part) for part in parts] == [2269, 255, 480]
    entries = [set(part.groups) for part in parts]
    assert not entries[0] & entries[1]
    assert not (entries[0] | entries[1]) & entries[2]
    np.testing.assert_allclose(parts[0].bases.sum(axis=-1), 1, rtol=1e-6)
