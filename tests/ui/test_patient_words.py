"""Sentences in counts, singular and plural, with names from the card."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medmodels.bundles import parse_card
from medmodels.evaluation.bootstrap import Estimate
from medmodels.trust.predictive_values import NaturalFrequencies
from medmodels.ui.patient_words import (
    counts_sentence,
    rate,
    share,
    short_sentence,
    thresholds_apart,
    words_for,
)
from tests.bundles_fixture import SCAN_CARD, SIGNAL_CARD

SCAN, SIGNAL = parse_card(SCAN_CARD), parse_card(SIGNAL_CARD)
PPV, NPV = Estimate(0.5706, 0.501, 0.649), Estimate(0.9964, 0.9932, 0.9981)
NONE = Estimate(np.nan, np.nan, np.nan)


def say(counts, ppv=PPV, npv=NPV, card=SCAN, label=1):
    return counts_sentence(counts, ppv, npv, words_for(card, label, "test"), "test")


def test_the_sentence_in_full():
    assert say(NaturalFrequencies(97, 3, 73, 827)) == (
        "Of 1,000 people like those in the test data, about 100 have finding. The network finds "
        "**97** of them and misses **3**; it also alarms 73 of the 900 without it. So of 170 "
        "alarms, **97 are right: PPV 57% (95% interval 50 to 65)**. Of the 830 it leaves alone, "
        "827 rightly are: NPV 99.64% (95% interval 99.32 to 99.81)."
    )


def test_beats_are_and_do_not_have():
    text = say(NaturalFrequencies(61, 4, 3, 932), card=SIGNAL, label=2)
    assert text.startswith("Of 1,000 beats like those in the test data, about 65 are ventricular.")
    assert "it also alarms 3 of the 935 others." in text


@pytest.mark.parametrize(
    ("counts", "part"),
    [
        (NaturalFrequencies(1, 0, 5, 94), "about 1 has finding. The network finds it; it also"),
        (NaturalFrequencies(0, 1, 5, 94), "The network misses it; it also alarms 5 of the 99"),
        (NaturalFrequencies(2, 0, 5, 93), "finds both of them"),
        (NaturalFrequencies(0, 7, 5, 88), "misses all 7 of them"),
        (NaturalFrequencies(7, 0, 0, 93), "finds all 7 of them; it alarms none of the 93"),
        (NaturalFrequencies(0, 0, 5, 95), "fewer than one has finding. The network alarms 5 of"),
        (NaturalFrequencies(1, 2, 0, 97), "So its one alarm is right:"),
        (NaturalFrequencies(0, 2, 1, 97), "So its one alarm is false:"),
        (NaturalFrequencies(1, 0, 5, 94), "So of 6 alarms, **1 is right:"),
        (NaturalFrequencies(0, 3, 5, 92), "So of 5 alarms, **none is right:"),
        (NaturalFrequencies(0, 3, 0, 97), "Fewer than one alarm is to be expected"),
        (NaturalFrequencies(5, 0, 94, 1), "Of the 1 it leaves alone, 1 rightly is"),
        (NaturalFrequencies(5, 0, 95, 0), "It leaves fewer than one alone"),
    ],
)
def test_one_none_and_all(counts, part):
    assert part in say(counts)


def test_without_alarms_there_is_no_ppv_and_without_silence_no_npv():
    assert "there is no PPV" in say(NaturalFrequencies(0, 5, 0, 95), ppv=NONE)
    assert "there is no NPV" in say(NaturalFrequencies(5, 0, 95, 0), npv=NONE)


def test_the_card_may_say_who_the_people_are():
    card = replace(SCAN, evaluation={"people": {"test": "children", "external": "adults"}})
    assert words_for(card, 1, "test").many == "children"
    short = short_sentence(
        NaturalFrequencies(65, 35, 649, 251), PPV, words_for(card, 1, "external"), "external"
    )
    assert short.startswith(
        "With the sensitivity and specificity of data from elsewhere (adults), it finds 65 of the "
        "100 and alarms 649 of the 900 without it. So of 714 alarms,"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Estimate(0.5, 0.4, 0.6), "50% (95% interval 40 to 60)"),
        (Estimate(0.0121, 0.0095, 0.02), "1.2% (95% interval 0.9 to 2.0)"),
        (Estimate(1.0, 0.9873, 1.0), "100% (95% interval 98.7 to 100)"),
        (Estimate(0.0, 0.0, 0.29), "0% (95% interval 0 to 29)"),
        (Estimate(0.3, np.nan, np.nan), "30%"),
        (NONE, "–"),
    ],
)
def test_a_share_with_its_interval(value, text):
    assert share(value) == text


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_a_rate_is_never_said_to_be_certain(value):
    text = rate(value)
    assert text[0] in "<>" or 0 < float(text.rstrip("%")) < 100


@given(st.lists(st.floats(1e-6, 1 - 1e-6), min_size=1, max_size=60, unique=True))
def test_no_two_steps_of_a_slider_read_the_same(values):
    rising = sorted(values)
    rising = [a for a, b in zip(rising, [*rising[1:], 2.0], strict=True) if b - a > 1e-9]
    texts = thresholds_apart(rising)
    assert len(set(texts)) == len(rising)
    for value, text in zip(rising, texts, strict=True):
        decimals = len(re.sub(r"^\d+\.?|%", "", text))
        assert float(text.rstrip("%")) == pytest.approx(100 * value, abs=0.51 * 10**-decimals)
