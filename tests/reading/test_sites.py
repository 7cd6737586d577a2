"""Called sites stand once, at their place on the strand that was given."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from medmodels.bundles import parse_card
from medmodels.inputs.sequences import Sequences
from medmodels.reading.reading import BasesEvidence
from medmodels.reading.site_files import sites_bed, sites_csv
from medmodels.reading.sites import called_sites
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
