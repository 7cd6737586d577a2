"""Home says what this is and where it fails, from the cards, before TensorFlow is there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from medmodels import NOTICE
from medmodels.bundles import load_bundle
from medmodels.samples import Sample
from medmodels.ui.headline import counts_sentence, drop_sentence, headline, with_interval
from medmodels.ui.sample_picker import some_samples

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home(tiny_bundles) -> AppTest:
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)


def _text(app: AppTest) -> str:
    return "\n".join(
        element.value
        for kind in ("title", "header", "subheader", "markdown", "caption", "error", "info")
        for element in getattr(app, kind)
    )


def test_the_notice_and_both_cards_are_there(home, tiny_bundles):
    app = home.run()
    assert not app.exception
    text = _text(app)
    assert NOTICE in text
    for task in ("tiny-scan", "tiny-signal"):
        card = load_bundle(task, tiny_bundles).card
        for part in (card.title, card.question, *card.limits, *(c.meaning for c in card.classes)):
            assert part in text


def test_numbers_come_from_the_evaluation_with_interval_and_size(home, tiny_bundles):
    text = _text(home.run())
    stored = json.loads((tiny_bundles / "tiny-scan" / "evaluation.json").read_text())
    for split in ("test", "external"):
        auc = stored["splits"][split]["auc"]
        assert f"{auc['value']:.3f} ({auc['low']:.3f} to {auc['high']:.3f})" in text
    assert "60 scans, 20 patients" in text


def test_a_changed_bundle_is_refused_by_name_and_the_other_still_shown(
    tiny_bundles, tmp_path, monkeypatch
):
    shutil.copytree(tiny_bundles, tmp_path / "bundles")
    (tmp_path / "bundles" / "tiny-scan" / "trust.json").write_text("{}")
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(tmp_path / "bundles"))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not app.exception
    assert "trust.json" in app.error[0].value.replace("\\", "")
    assert "Tiny signal" in _text(app)


def test_without_bundles_it_says_how_to_make_one(tiny_bundles, tmp_path, monkeypatch):
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(tmp_path))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not app.exception
    assert "python -m medmodels train" in app.info[0].value


def test_one_click_opens_a_sample_on_its_page(tiny_bundles, tmp_path, monkeypatch, grey_png):
    (tmp_path / "one.png").write_bytes(grey_png)
    (tmp_path / "scans.toml").write_text(
        "[[samples]]\n"
        'task = "tiny-scan"\ntitle = "A ramp"\ndescription = "Drawn, of nobody."\n'
        'file = "one.png"\n'
    )
    monkeypatch.setattr("medmodels.samples.SAMPLES", tmp_path)
    asked_for: list[str] = []
    monkeypatch.setattr("medmodels.ui.sample_picker.st.switch_page", asked_for.append)
    home = AppTest.from_file(str(ROOT / "pages" / "home.py"), default_timeout=60)
    # A page alone has nothing to link to.
    monkeypatch.setattr("medmodels.ui.home_card.st.page_link", lambda *_, **__: None)
    home.run().button(key="home-tiny-scan-0").click().run()
    assert not home.exception
    assert asked_for == ["pages/scan.py"]
    scan = AppTest.from_file(str(ROOT / "pages" / "scan.py"), default_timeout=60)
    scan.session_state["requested_sample"] = home.session_state["requested_sample"]
    scan.run()
    assert not scan.exception
    assert scan.session_state["scan-case"].title == "A ramp"
    assert "requested_sample" not in scan.session_state


def test_tensorflow_is_not_there_before_a_network_is_needed(tiny_bundles):
    code = (
        "import sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        "app = AppTest.from_file('app.py', default_timeout=60).run()\n"
        "assert app.title[0].value == 'Diaphane' and not app.exception\n"
        "app.switch_page('pages/scan.py').run()\n"
        "assert app.title[0].value == 'Scan' and not app.exception\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)\n"
    )
    script = tiny_bundles / "check.py"
    script.write_text(code.replace("'app.py'", repr(str(ROOT / "app.py"))))
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, str(script)], cwd=ROOT, env=environment, check=True, timeout=90)


def test_estimates_in_words():
    assert with_interval({"value": 0.9312, "low": 0.9, "high": 0.954}) == "93.1% (90.0 to 95.4)"
    assert with_interval({"value": None, "low": None, "high": None}) == "–"
    estimate = {"value": 0.9912, "low": 0.98, "high": 0.999}
    assert with_interval(estimate, as_percent=False) == "0.991 (0.980 to 0.999)"


def test_counts_are_the_stored_predictive_value(tiny_bundles):
    bundle = load_bundle("tiny-scan", tiny_bundles)
    ppv = bundle.evaluation["splits"]["test"]["classes"]["finding"]["ppv"]["value"]
    sentence = counts_sentence(bundle, 1)
    assert sentence.startswith("Of 100 answers “finding” on the test data, ")
    assert f"**{100 * ppv:.0f} were right**" in sentence
    assert "50 of every 100 scans were finding" in sentence
    assert counts_sentence(bundle, 1, "nowhere") == ""


def test_many_classes_get_their_sensitivity_and_ppv(tiny_bundles):
    rows = headline(load_bundle("tiny-signal", tiny_bundles))
    assert [row.title for row in rows][:3] == [
        "Accuracy", "Supraventricular: found", "Supraventricular: right",
    ]  # fmt: skip


def test_the_drop_elsewhere_is_said_in_the_stored_numbers(tiny_bundles):
    bundle = load_bundle("tiny-scan", tiny_bundles)
    results = bundle.evaluation["splits"]
    here, there = (results[split]["auc"]["value"] for split in ("test", "external"))
    assert f"AUC falls: {there:.3f} instead of {here:.3f}" in drop_sentence(bundle)
    assert drop_sentence(load_bundle("tiny-signal", tiny_bundles)) == ""


def test_many_samples_are_offered_as_a_list_and_few_on_home(monkeypatch):
    samples = tuple(Sample("t", f"case {i}", "", f"{i}.png") for i in range(9))
    monkeypatch.setattr("medmodels.ui.sample_picker.list_samples", lambda task: samples)  # noqa: ARG005
    titles = [sample.title for sample in some_samples("t")]
    assert titles == [
        "case 0",
        "case 3",
        "case 5",
        "case 8",
    ]
