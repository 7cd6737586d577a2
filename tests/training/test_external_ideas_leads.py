"""The lead that goes first, on made recordings whose leads are known."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.bundles import parse_card
from medmodels.inputs.beat_windows import BeatInputs, BeatInputSpec
from medmodels.inputs.clean_wave import CleanWave
from medmodels.training.ecg_beats import CARD
from medmodels.training.ecg_data import Record, prepare
from medmodels.training.external_ideas_leads import (
    Order,
    choose_order,
    second_is_more_upright,
    second_is_taller,
    swap_leads,
    uprightness,
    usual_qrs,
)

SPEC = BeatInputSpec.from_card(parse_card(CARD.read_text()).input)


def _record(first_mv: float, second_mv: float, beats: int = 40) -> Record:
    """A beat a second; each lead's QRS is one Gaussian of this height, 20 ms wide."""
    times = np.arange(beats * 100) / 100
    peaks = np.arange(beats - 1) + 0.5
    shape = np.exp(-0.5 * ((times[:, None] - peaks) / 0.02) ** 2).sum(axis=1)
    samples = np.stack([first_mv * shape, second_mv * shape], axis=1).astype(np.float32)
    wave = CleanWave(samples, 100.0, (first_mv != 0, second_mv != 0), np.zeros((0, 2)))
    labels = np.zeros(len(peaks), np.int64)
    return Record("made", wave, peaks, np.rint(peaks * 100).astype(np.int64), labels)


def _both(record: Record) -> tuple[BeatInputs, BeatInputs]:
    return prepare(record, SPEC).inputs, prepare(swap_leads(record), SPEC).inputs


def test_uprightness_by_hand() -> None:
    qrs = np.array([[0.0, 0.0], [0.9, 0.2], [-0.3, -0.8]])
    np.testing.assert_allclose(uprightness(qrs), [0.5, -0.6])
    np.testing.assert_array_equal(uprightness(np.zeros((3, 2))), [0, 0])


def test_usual_qrs_is_in_millivolts() -> None:
    given, _ = _both(_record(1.5, -0.6))
    qrs = usual_qrs(given)
    assert qrs[:, 0].max() == pytest.approx(1.5, rel=0.02)
    assert qrs[:, 1].min() == pytest.approx(-0.6, rel=0.02)


@pytest.mark.parametrize(
    ("first", "second", "upright", "taller"),
    [
        (1.0, -1.5, False, True),
        (-1.5, 1.0, True, False),
        (1.0, 0.5, False, False),
        (0.5, 1.0, False, True),  # both fully upright: the order of the file stays
        (1.0, 0.0, False, False),
        (-1.0, 0.0, False, False),  # an empty lead never goes first
    ],
)
def test_which_lead_goes_first(first: float, second: float, upright: bool, taller: bool) -> None:
    given, turned = _both(_record(first, second))
    assert second_is_more_upright(given) is upright
    assert second_is_taller(given) is taller
    assert choose_order(second_is_more_upright, given, turned) is (turned if upright else given)


@pytest.mark.parametrize("rule", [second_is_more_upright, second_is_taller])
def test_either_order_of_the_file_gives_the_same_reading(rule: Order) -> None:
    given, turned = _both(_record(-0.7, 1.2))
    one, other = choose_order(rule, given, turned), choose_order(rule, turned, given)
    np.testing.assert_array_equal(one.windows, other.windows)
    np.testing.assert_array_equal(one.rhythm, other.rhythm)


def test_swapping_twice_changes_nothing() -> None:
    record = _record(1.0, 0.4)
    again = swap_leads(swap_leads(record))
    np.testing.assert_array_equal(again.wave.samples, record.wave.samples)
    assert swap_leads(_record(1.0, 0.0)).wave.present == (False, True)


def test_swapped_recording_has_its_leads_swapped_and_the_rest_kept() -> None:
    given, turned = _both(_record(1.0, -0.6))
    np.testing.assert_allclose(turned.windows, given.windows[:, :, ::-1], atol=1e-6)
    rr = SPEC.rhythm.index("rr_before")
    np.testing.assert_array_equal(turned.rhythm[:, rr], given.rhythm[:, rr])
