"""NumPy's threads leave the cores to the network."""

from __future__ import annotations

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from medmodels.bundles import load_bundle
from medmodels.networks.threads import leave_cores_to_networks
from tests.bundles_fixture import SCAN_TASK


def threads() -> set[int]:
    return {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}


def test_where_a_network_is_loaded_linear_algebra_has_one_thread(one_of_each):
    leave_cores_to_networks.cache_clear()
    threadpool_limits(2, user_api="blas")
    assert threads() == {2}
    _ = load_bundle(SCAN_TASK, one_of_each).network
    assert threads() == {1}
    rows = np.arange(12.0).reshape(3, 4)
    assert np.array_equal(rows @ rows.T, [[14, 38, 62], [38, 126, 214], [62, 214, 366]])
