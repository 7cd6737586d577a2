import numpy as np
import pytest

from medmodels.inputs.signal import Signal
from medmodels.training.signal_disturbances import disturb
from medmodels.trust.signal_measures import measure_signal
from tests.trust.ecg_lines import drawn_ecg

HEIGHTS = np.array([1.0, 1.0])


def _signal(**options):
    x, peaks = drawn_ecg(seconds=120, bpm=73, **options)
    return Signal(x, 360.0, ("MLII", "V1"), "drawn", ""), peaks


@pytest.mark.parametrize(
    ("kind", "level"), [("noise", 0.2), ("mains", 0.3), ("wander", 4.0), ("wander", 1.0)]
)
def test_what_is_added_is_what_is_measured(kind, level):
    signal, peaks = _signal()
    changed = disturb(kind, level, signal, HEIGHTS, seed=1)
    measures = measure_signal(changed.samples, 360.0, peaks)
    # Slow waves near 0.5 Hz are partly beyond what counts as wander.
    assert np.median(getattr(measures, kind)) == pytest.approx(level, rel=0.2)
    for other in {"noise", "mains", "wander"} - {kind}:
        assert np.median(getattr(measures, other)) < 0.1


def test_gaps_take_their_share():
    signal, peaks = _signal()
    changed = disturb("gaps", 0.25, signal, HEIGHTS, seed=1)
    assert measure_signal(changed.samples, 360.0, peaks).missing == 0.25
    kept = np.isfinite(changed.samples)
    np.testing.assert_array_equal(changed.samples[kept], signal.samples[kept])


def test_saturation_cuts_the_beats_to_half_their_height():
    signal, peaks = _signal()
    changed = disturb("saturation", 0.5, signal, HEIGHTS, seed=1)
    measures = measure_signal(changed.samples, 360.0, peaks)
    assert measures.heights == pytest.approx([0.5, 0.5], abs=0.15)
    assert len(measures.clipped[0]) >= 0.9 * len(peaks)


def test_amplitude_is_a_factor_and_anything_else_is_refused():
    signal, _ = _signal()
    np.testing.assert_allclose(
        disturb("amplitude", 0.1, signal, HEIGHTS, 0).samples, signal.samples * 0.1, rtol=1e-6
    )
    with pytest.raises(ValueError, match="glitter"):
        disturb("glitter", 1.0, signal, HEIGHTS, 0)


def test_the_same_seed_disturbs_in_the_same_way():
    signal, _ = _signal()
    one, same, other = (disturb("noise", 0.1, signal, HEIGHTS, seed).samples for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
