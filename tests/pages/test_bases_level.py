"""How readily sites are called is the reader's choice, and nothing is read again for it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from medmodels.bundles import load_bundle
from medmodels.evaluation.stored import load_predictions
from medmodels.training.bundle_writer import write_bundle
from tests.bundles_fixture import SEQUENCE_CARD, SEQUENCE_TASK, write_tiny_sequence_bundle
from tests.pages.bases_page import bases, opened, paste
from tests.pages.test_bases import text_of


def _row(rate: float, threshold: float, found: int) -> dict[str, float]:
    return {
        "rate": rate, "threshold": threshold, "in_vain_per_1000": rate, "found": found,
        "sites": 50, "places": 9000,
    }  # fmt: skip


@pytest.fixture
def page(tmp_path, monkeypatch) -> AppTest:
    write_tiny_sequence_bundle(tmp_path)
    bundle = load_bundle(SEQUENCE_TASK, tmp_path)
    # The untrained network gives each class about a third: all windows, and none.
    classes = {name: [_row(10.0, 0.0, 49), _row(1.0, 1.0, 20)] for name in ("EI", "IE")}
    trust = {**bundle.trust, "scan": {"usual": 1.0, "chosen_on": "noise", "classes": classes}}
    card = tmp_path / "card.toml"
    card.write_text(SEQUENCE_CARD)
    write_bundle(
        bundle.folder, card=card, network=(bundle.folder / "network.keras").read_bytes(),
        trust=trust, predictions=load_predictions(bundle), training=dict(bundle.training),
    )  # fmt: skip
    card.unlink()
    return opened(tmp_path, monkeypatch)


def test_a_stricter_level_calls_less_and_says_what_to_expect(page, monkeypatch):
    paste(page, f">gene\n{bases(259)}\n")
    text = text_of(page)
    assert "No site is called along 259 bases." in text
    assert "20 of 50 known donor sites and 20 of 50 known" in text
    # 200 places, one call in vain for each 1,000.
    assert "expect fewer than 1 donor site calls" in text

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("the network was run again")

    monkeypatch.setattr("medmodels.networks.base_scan.BaseScan.with_features", fail)
    level = next(one for one in page.button_group if one.key == "bases-level")
    level.set_value(0).run()
    assert not page.exception
    text = text_of(page)
    assert "49 of 50 known donor sites" in text
    assert "expect about 2 donor site calls" in text
    assert "2 sites are called along 259 bases" in text
