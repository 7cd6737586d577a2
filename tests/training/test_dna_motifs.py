"""What the network looks for, by hand with a linear network."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from medmodels.inputs.bases import one_hot
from medmodels.training.dna_data import Windows
from medmodels.training.dna_explain import explain_parts
from medmodels.training.dna_motifs import motifs
from medmodels.trust.operating_point import OperatingPoint
from tests.training.dna_bundle import write_small_bundle
from tests.training.dna_made import write_index

POINT = OperatingPoint.from_trust(
    {"temperature": 1.0, "class_offsets": [0.0] * 3, "rule": ".", "chosen_on": "."},
    ("EI", "IE", "N"),
)


def linear() -> keras.Model:
    """The donor's logit is 4 for G at place 2, the acceptor's 4 for A at place 0, else 0."""
    given = keras.Input((4, 4))
    flat = keras.layers.Flatten()(given)
    network = keras.Model(given, keras.layers.Dense(3, name="logits")(flat))
    weights = np.zeros((16, 3), np.float32)
    weights[2 * 4 + 2, 0] = 4
    weights[0, 1] = 4
    network.get_layer("logits").set_weights([weights, np.array([0, 0, 0.5], np.float32)])
    return network


def windows(*rows: tuple[str, int]) -> Windows:
    names = np.array([f"x{i}" for i in range(len(rows))])
    return Windows(np.stack([one_hot(letters) for letters, _ in rows]),
                   np.array([label for _, label in rows]), names, names)  # fmt: skip


def test_mean_weights_and_shares_of_what_is_read_correctly():
    given = windows(("CCGT", 0), ("CTGT", 0), ("CCCC", 0), ("ATTT", 1), ("CCCC", 2))
    found = motifs(linear(), given, POINT)
    assert found["motif/EI/n"].tolist() == [2]
    assert found["motif/IE/n"].tolist() == [1]
    assert not any(key.startswith("motif/N/") for key in found)
    # Against an unknown base, G adds 4 - 4 / 4; the wrongly read window counts nowhere.
    weights = np.zeros((4, 4))
    weights[2, 2] = 3
    np.testing.assert_allclose(found["motif/EI/weights"], weights, atol=1e-5)
    shares = [[0, 1, 0, 0], [0, 0.5, 0, 0.5], [0, 0, 1, 0], [0, 0, 0, 1]]
    np.testing.assert_allclose(found["motif/EI/shares"], shares)
    assert found["motif/EI/weights"].dtype == found["motif/EI/shares"].dtype == np.float32
    assert found["motif/IE/weights"][0, 0] == pytest.approx(3, abs=1e-5)


def test_a_limit_counts_for_each_kind_and_none_read_right_is_left_out():
    given = windows(("CCGT", 0), ("CTGT", 0), ("CAGT", 0), ("TTTT", 1))
    found = motifs(linear(), given, POINT, limit=2)
    assert found["motif/EI/n"].tolist() == [2]
    assert "motif/IE/n" not in found


def test_a_bundle_is_given_them(tmp_path):
    data = write_index(tmp_path / "made", rows=120)
    bundle = write_small_bundle(tmp_path / "bundles" / "dna-splice", data)
    reference = explain_parts(bundle, data, lambda _: None, limit=30).reference
    assert len(reference["neighbours/names"]) == 30
    told = [key for key in reference if key.startswith("motif/") and key.endswith("/shares")]
    assert told
    for key in told:
        np.testing.assert_allclose(reference[key].sum(axis=1), 1, atol=1e-6)
