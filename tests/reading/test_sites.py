"""Called sites stand once, at their place on the strand that was given."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from medmodels.bundles import parse_card
from medmodels.inputs.sequences import Sequences
from medmodels.reading.call_levels import CallLevel, CallLevels, ClassLevel
from medmodels.reading.reading import BasesEvidence, Reading
from medmodels.reading.site_files import sites_bed, sites_csv
from medmodels.reading.sites import at_level, called_sites
from tests.bundles_fixture import SEQUENCE_CARD

CARD = parse_card(SEQUENCE_CARD)
EI, IE, N = range(3)


def reading(labels, strands=("+",), names=("one",), sure=None):
    """Windows of 60 along sequences as long as the labels say."""
    count = len(labels) // len(strands)
    letters = tuple("A" * (count + 59) for _ in strands)
    probabilities = np.full((len(labels), 3), 0.1)
    probabilities[np.arange(len(labels)), labels] = 0.8 if sure is None else sure
    rows = np.arange(len(strands) + 1) * count
    evidence = BasesEvidence(
        Sequences(names, letters, None, "made", "0", strands=strands), strands, rows, 60
    )
    return SimpleNamespace(
        bases=evidence, labels=np.array(labels), probabilities=probabilities, card=CARD
    )


def test_of_windows_close_together_the_surest_is_the_site():
    labels = [N, EI, EI, EI, N, N, N, N, N, EI]
    found = called_sites(reading(labels, sure=[0.8, 0.7, 0.9, 0.6] + [0.8] * 6))
    # The junction of window i lies after base i + 30.
    assert [(site.before, site.entry.name) for site in found] == [(32, "EI"), (39, "EI")]
    assert found[0].probability == 0.9


def test_classes_do_not_swallow_each_other():
    found = called_sites(reading([EI, IE, N, N, N]))
    assert [(site.before, site.entry.name) for site in found] == [(30, "EI"), (31, "IE")]


def test_the_other_strand_is_counted_along_the_one_that_was_given():
    labels = [N] * 10 + [EI] + [N] * 9
    found = called_sites(reading(labels, ("+", "-"), ("one", "one")))
    # Windows 0 to 9 on each strand of 69 bases; window 0 of the other one is called.
    assert [(site.strand, site.before) for site in found] == [("-", 69 - 30)]


def test_at_a_level_a_site_is_called_above_the_threshold_of_its_class():
    rows = {"rate": 1.0, "in_vain_per_1000": 1.0, "found": 1, "sites": 2, "places": 9}
    levels = CallLevels.from_trust({
        "scan": {"usual": 1.0, "chosen_on": "made", "classes": {
            "EI": [rows | {"rate": 5.0, "threshold": 0.2}, rows | {"threshold": 0.5}],
            "IE": [rows | {"rate": 5.0, "threshold": 0.6}, rows | {"threshold": 0.95}],
        }},
    })  # fmt: skip
    assert levels.usual == 1
    plain = reading([EI, N, N, N, N, IE, N, N, N, N, N], sure=[0.4] + [0.3] * 4 + [0.9] + [0.3] * 5)
    plain.probabilities[9, EI] = 0.25
    strict, ready = (at_level(full(plain), levels.levels[k]) for k in (1, 0))
    assert called_sites(strict) == ()
    # Below the largest probability of its window a donor is still called, above 0.2.
    assert [(s.before, s.entry.name) for s in called_sites(ready)] == [
        (30, "EI"), (35, "IE"), (39, "EI"),
    ]  # fmt: skip


def test_a_level_says_nothing_of_a_sequence_of_one_window():
    level = CallLevel(1.0, {name: ClassLevel(0.99, 1.0, 1, 2, 9) for name in ("EI", "IE")})
    assert len(called_sites(at_level(full(reading([EI])), level))) == 1


def full(made):
    """A reading that can be copied with another level."""
    return Reading(
        card=made.card, operating_point=None, bundle_digest="", input_digest="", source="",
        logits=made.probabilities, probabilities=made.probabilities, labels=made.labels,
        notes=(), timings={}, versions={}, bases=made.bases,
    )  # fmt: skip


def test_quiet_classes_are_no_sites():
    assert called_sites(reading([N] * 5)) == ()


def test_files_by_hand():
    sites = called_sites(reading([N, EI, N], names=("=cmd|x",)))
    header, titles, row = sites_csv(sites).splitlines()
    assert header.startswith("# Research and education only")
    assert titles == "sequence,strand,after_base,class,probability"
    # No spreadsheet takes a name for a formula.
    assert row == "'=cmd|x,forward,31,EI,0.8000"
    bed = sites_bed(called_sites(reading([N, EI, N], names=("my gene",)))).splitlines()
    assert bed[1].split("\t") == ["my_gene", "30", "32", "EI", "800", "+"]
