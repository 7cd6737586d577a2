"""Windows from the values of an image."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from medmodels.inputs.windows import _percentiles, contrast_windows

WANTED = (0.5, 60.0, 40.0, 99.5)


@given(arrays(np.uint8, st.integers(1, 400)))
def test_counting_eight_bits_finds_what_sorting_finds(values):
    for given_as in (values, values.astype(np.float32)):
        found = _percentiles(given_as, WANTED)
        np.testing.assert_allclose(found, np.percentile(values, WANTED), atol=1e-9)


@pytest.mark.parametrize("odd", [[-1.0, 3.0, 7.0], [0.5, 3.0, 7.0], [0.0, 256.0, 300.0]])
def test_other_values_are_sorted(odd):
    values = np.array(odd, np.float32)
    np.testing.assert_allclose(
        _percentiles(values, WANTED), np.percentile(values, WANTED), rtol=1e-6
    )


def test_windows_of_a_ramp_by_hand():
    # 0 to 200 once each: the p-th percentile is 2 p.
    fitted, dark, bright = contrast_windows(np.arange(201, dtype=np.float32))
    assert (fitted.centre, fitted.width) == pytest.approx((100.0, 198.0))
    assert (dark.centre - dark.width / 2, dark.centre + dark.width / 2) == pytest.approx((1, 120))
    assert (bright.centre - bright.width / 2, bright.width) == pytest.approx((80.0, 119.0))
