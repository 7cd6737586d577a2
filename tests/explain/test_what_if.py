"""Hidden by hand is hidden for the network: against the network itself, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medmodels.explain.baselines import scan_baseline
from medmodels.explain.what_if import Hidden, ScanWhatIf, changed_scan, covered
from medmodels.explain.what_if_beat import BeatSurroundings, BeatWhatIf

RATE = 50
OFFSETS = np.arange(-12, 18) / RATE


def part(mask, put, numbers=None) -> Hidden:
    return Hidden("Box", "somewhere", put, np.asarray(mask, dtype=np.float32), numbers)


def test_a_hidden_point_becomes_the_mean_and_half_hidden_goes_half_way():
    scan = np.float32([[0.0, 0.2], [0.4, 1.0]])[..., np.newaxis]
    changed = changed_scan(scan, [part([[1, 0], [0, 0.5]], "mean")])
    # The mean is 0.4.
    np.testing.assert_allclose(changed[..., 0], [[0.4, 0.2], [0.4, 0.7]], atol=1e-6)


def test_every_part_is_replaced_by_what_the_scan_as_it_came_gives():
    scan = np.random.default_rng(0).random((12, 12, 1), dtype=np.float32)
    left, right = np.zeros((12, 12)), np.zeros((12, 12))
    left[:, :6], right[:, 6:] = 1, 1
    changed = changed_scan(scan, [part(left, "blurred"), part(right, "mean")])
    blurred = scan_baseline(scan[np.newaxis], "blurred")[0][0]
    np.testing.assert_allclose(changed[:, :6], blurred[:, :6], atol=1e-6)
    np.testing.assert_allclose(changed[:, 6:], scan.mean(), atol=1e-6)


def test_a_part_hidden_later_lies_on_top():
    scan = np.random.default_rng(1).random((8, 8, 1), dtype=np.float32)
    whole = np.ones((8, 8))
    changed = changed_scan(scan, [part(whole, "blurred"), part(whole, "mean")])
    np.testing.assert_allclose(changed, scan.mean(), atol=1e-6)


def test_what_several_parts_cover_together():
    one, other = part([[1, 0.5, 0]], "mean"), part([[0, 0.5, 0]], "blurred")
    np.testing.assert_allclose(covered([one, other], (1, 3)), [[1, 0.75, 0]])
    assert not covered([], (2, 2)).any()


def test_the_network_is_given_the_changed_scan(make_scan_network, scan):
    network = make_scan_network()
    what_if = ScanWhatIf(network, scan)
    box, corner = np.zeros((2, *what_if.shape), dtype=np.float32)
    box[3:9, 4:15], corner[:5, :6] = 1, 1
    parts = [part(box, "blurred"), part(corner, "mean")]
    attempt = what_if.attempt(parts)
    expected = network(changed_scan(scan, parts)[np.newaxis], training=False)[0]
    np.testing.assert_allclose(attempt.logits, expected, atol=1e-4)
    assert attempt.share == pytest.approx((6 * 11 + 5 * 6 - 2 * 2) / (24 * 20))
    assert attempt.parts == tuple(parts)
    untouched = network(scan[np.newaxis], training=False)[0]
    np.testing.assert_allclose(what_if.logits([]), untouched, atol=1e-4)


def surroundings(seed=0, leads=(0, 1), beats=5) -> BeatSurroundings:
    """Windows cut from one trace, so that they overlap as a recording's do."""
    generator = np.random.default_rng(seed)
    centres = np.cumsum(generator.integers(14, 30, beats)) + 40
    trace = generator.standard_normal((int(centres[-1]) + 60, 2)).astype(np.float32)
    windows = np.stack([trace[centre - 12 : centre + 18] for centre in centres])
    numbers = generator.standard_normal((beats, 3)).astype(np.float32)
    return BeatSurroundings(
        windows, numbers, 2, centres / RATE, OFFSETS, leads,
        generator.standard_normal((30, 2)).astype(np.float32),
        generator.standard_normal(3).astype(np.float32),
    )  # fmt: skip


def test_where_the_samples_of_a_neighbour_lie_in_the_beats_own_window():
    around = surroundings()
    around = BeatSurroundings(
        around.windows[:2], around.numbers[:2], 0, np.array([1.0, 1.4]), OFFSETS, (0, 1),
        around.usual, around.usual_numbers,
    )  # fmt: skip
    # 0.4 s later is 20 samples at 50 Hz.
    assert around.place[0].tolist() == list(range(30))
    assert around.place[1].tolist() == list(range(20, 50))


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 99),
    ends=st.tuples(st.integers(-12, 17), st.integers(-12, 18)),
    leads=st.sampled_from([(0,), (1,), (0, 1)]),
    put=st.sampled_from(["flat", "usual"]),
)
def test_one_moment_has_one_value_in_every_window(seed, ends, leads, put):
    around = surroundings(seed)
    start, end = sorted(ends)
    mask = around.stretch(start / RATE, end / RATE, leads)
    assert (end > start) == bool(mask.any())
    assert set(np.flatnonzero(mask.any(axis=(0, 1)))) <= set(leads)
    changed = around.changed([Hidden("", "", put, mask)])
    centres = np.rint(around.centres_s * RATE).astype(int)
    at = centres[:, np.newaxis] + np.arange(-12, 18)
    for moment in np.unique(at):
        values = changed[at == moment]
        np.testing.assert_allclose(values, np.broadcast_to(values[0], values.shape), atol=1e-5)


def test_the_inside_of_a_stretch_is_replaced_and_what_is_away_from_it_stays():
    around = surroundings(3)
    mask = around.stretch(-0.1, 0.1, (0,))
    own = around.changed([Hidden("", "", "usual", mask)])[around.beat]
    inside = slice(12 - 4, 12 + 4)
    np.testing.assert_allclose(own[inside, 0], around.usual[inside, 0], atol=1e-5)
    np.testing.assert_array_equal(own[:6, 0], around.windows[around.beat][:6, 0])
    np.testing.assert_array_equal(own[:, 1], around.windows[around.beat][:, 1])


def test_every_cell_is_a_stretch_of_one_lead_in_every_window_that_shows_it():
    around = surroundings(4, leads=(1,))
    cells = around.cells()
    assert cells.grid == (30, 1)
    assert (cells.of[..., 0] == -1).all()
    assert cells.of[around.beat, :, 1].tolist() == list(range(30))
    shown = cells.of[..., 1] >= 0
    np.testing.assert_array_equal(cells.of[..., 1][shown], around.place[shown])


def test_the_network_is_given_the_changed_beats_and_numbers(make_beat_network):
    network, around = make_beat_network(), surroundings(5)
    what_if = BeatWhatIf(network, around)
    numbers = np.zeros((5, 3), dtype=bool)
    numbers[1:4, :2] = True
    parts = [
        Hidden("QRS", "", "flat", around.stretch(-0.06, 0.06, (0, 1))),
        Hidden("T", "", "usual", around.stretch(0.1, 0.3, (1,)), numbers),
    ]
    rows = np.where(numbers, around.usual_numbers, around.numbers)
    given_beats = [around.changed(parts)[np.newaxis], rows[np.newaxis]]
    expected = network(given_beats, training=False)[0, around.beat]
    attempt = what_if.attempt(parts)
    np.testing.assert_allclose(attempt.logits, expected, atol=1e-4)
    plain = network([around.windows[np.newaxis], around.numbers[np.newaxis]], training=False)
    np.testing.assert_allclose(what_if.logits([]), plain[0, around.beat], atol=1e-4)
    # Six of 30 samples in both leads and ten in one, their ends soft.
    assert attempt.share == pytest.approx((6 * 2 + 10) / 60, abs=0.01)


def test_beside_a_search_the_numbers_stay_as_they_were_set(make_beat_network):
    network, around = make_beat_network(), surroundings(6)
    what_if = BeatWhatIf(network, around)
    numbers = np.zeros((5, 3), dtype=bool)
    numbers[2] = True
    masking = what_if.masking("flat", numbers)
    nothing = np.zeros(around.windows.shape, dtype=np.float32)
    expected = what_if.logits([Hidden("", "", "usual", nothing, numbers)])
    kept = masking.logits(np.ones((2, *masking.shape), dtype=np.float32))
    np.testing.assert_allclose(kept, np.stack([expected, expected]), atol=1e-4)


def test_nothing_else_can_be_put_there():
    with pytest.raises(ValueError, match="flat, usual"):
        surroundings().baseline("black")
