"""What is said of a map of bases: its heights, its baseline, the sum that it promises."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from medmodels.bundles import parse_card
from medmodels.explain.motif import Motif
from medmodels.explain.neighbours import Nearest
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.ui.bases_explained import motif_sentence
from medmodels.ui.bases_maps import map_sentence, usual_reach
from medmodels.ui.neighbour_windows import windows_table
from tests.bundles_fixture import SEQUENCE_CARD


def saliency(*values: float, error: float | None = None) -> SaliencyMap:
    return SaliencyMap(
        np.array(values, np.float32), (len(values),), True, "Integrated gradients", 0, "logit",
        completeness_error=error, baseline=None if error is None else "unknown bases",
    )  # fmt: skip


def test_heights_are_compared_with_the_usual_map_where_it_is_known():
    told = map_sentence(saliency(0.1, -1.5), 2.0)
    assert told == (
        "The axis reaches at least what the usual map does, 2 logit; this one reaches 1.5."
    )
    assert "only 20% of it: there is little to see." in map_sentence(saliency(0.4, -0.1), 2.0)
    assert "cannot be compared" in map_sentence(saliency(0.4), None)


def test_baseline_and_missed_sum_are_told():
    told = map_sentence(saliency(1.0, error=0.012), 1.0)
    assert told.endswith(
        "Compared with unknown bases. Its values miss the sum they promise by 0.012 logit."
    )


def test_the_usual_reach_is_found_by_the_methods_title():
    bundle = SimpleNamespace(trust={"saliency_scale": {"Mutagenesis": 3}})
    assert usual_reach(bundle, "mutagenesis") == 3.0
    assert usual_reach(bundle, "integrated_gradients") is None


def test_the_sentence_on_a_motif_is_computed():
    weights, shares = np.zeros((6, 4)), np.full((6, 4), 0.25)
    weights[1, 0], weights[4, 1] = 1, 2
    shares[1], shares[4] = [0.8, 0.2, 0, 0], [0.1, 0.5, 0.2, 0.2]
    assert motif_sentence(Motif(weights, shares, 10), plain=True) == (
        "Most weight lies on -2 A (80% of the windows) and +2 C (50% of the windows)."
    )


def nearest() -> Nearest:
    return Nearest(
        np.array([0, 2]), np.array([0.5, 1.25]), np.array(["A<1>", "B"]), np.array(["A", "B"]),
        np.array([-1, -1]), np.array([0.5, 0, 0.5]), 0.5,
    )  # fmt: skip


def test_letters_that_differ_are_underlined_and_lower_case():
    bundle = SimpleNamespace(card=parse_card(SEQUENCE_CARD))
    table = windows_table(bundle, "ACGT", nearest(), ["ACGT", "AGGA"])
    assert "<td>This one</td><td><code>AC|GT</code></td>" in table
    assert (
        "<tr><td>1</td><td><code>AC|GT</code></td><td>0</td><td>Donor site</td>"
        "<td>A&lt;1&gt;</td><td>0.50</td></tr>"
    ) in table
    assert "<code>A<u>g</u>|G<u>a</u></code></td><td>2</td><td>Neither</td>" in table


def test_without_letters_the_table_names_the_rows():
    bundle = SimpleNamespace(card=parse_card(SEQUENCE_CARD))
    table = windows_table(bundle, "ACGT", nearest(), None)
    assert "<code>" not in table
    assert table.count("<tr>") == 3
    assert '<th scope="col">Letters</th>' not in table
