"""Hidden parts are hidden, and all the rest is left as it was."""

from __future__ import annotations

import numpy as np

from medmodels.training.chest_probes import probes


def test_each_probe_hides_what_its_name_says() -> None:
    images = np.random.default_rng(0).uniform(0.1, 1.0, (2, 64, 64, 1)).astype(np.float32)
    inside, outside, corner = (made for _, made in probes(images))
    edge = 8
    np.testing.assert_array_equal(
        inside[:, edge:-edge, edge:-edge], images[:, edge:-edge, edge:-edge]
    )
    assert (inside > 0).sum() == 2 * 48 * 48
    assert not outside[:, edge:-edge, edge:-edge].any()
    np.testing.assert_allclose(inside + outside, images)
    # 30% of 64 rows and 18% of 64 columns, at the top left.
    assert not corner[:, :19, :12].any()
    assert (corner == 0).sum() == 2 * 19 * 12
