"""The model report page opens on stored numbers, part by part."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from medmodels.bundles import load_bundle
from medmodels.reports.model_sections import PARTS
from tests.report_fixture import write_scan_report, write_signal_report

ROOT = Path(__file__).resolve().parents[2]
PAGE = str(ROOT / "pages" / "report.py")


@pytest.fixture(scope="module")
def report_root(tmp_path_factory):
    root = tmp_path_factory.mktemp("report-page")
    write_scan_report(root)
    write_signal_report(root)
    return root


@pytest.fixture
def bundles(report_root, monkeypatch):
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(report_root))
    monkeypatch.setenv("DIAPHANE_WARM", "0")
    st.cache_resource.clear()
    return report_root


def _open(**query: str) -> AppTest:
    app = AppTest.from_file(PAGE, default_timeout=60)
    app.query_params.update(query)
    app.run()
    assert not app.exception
    return app


def _html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def test_it_stands_in_the_navigation(bundles):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page("pages/report.py").run()
    assert not app.exception
    assert app.title[0].value == "Model report"


def test_the_drop_comes_first_and_the_numbers_after(bundles):
    app = _open()
    sentences = load_bundle("tiny-scan", bundles).evaluation["report"]["drop"]["sentences"]
    said = app.warning[0].value.replace("\\", "")
    for sentence in sentences:
        assert sentence in said
    assert app.header[0].value == "Here and elsewhere"
    assert "80 scans, 20 patients" in _html(app)


def test_the_address_chooses_the_bundle(bundles):
    app = _open(task="tiny-signal")
    assert app.segmented_control[0].value == "tiny-signal"
    assert "120 beats" in _html(app)
    app.segmented_control[0].set_value("tiny-scan").run()
    assert app.query_params["task"] == "tiny-scan"
    assert "80 scans" in _html(app)
    assert _open(task="nowhere").segmented_control[0].value == "tiny-scan"


@pytest.mark.parametrize("task", ["tiny-scan", "tiny-signal"])
@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.key)
def test_every_part_opens_alone(bundles, task, part):
    app = _open(task=task, part=part.title)
    bundle = load_bundle(task, bundles)
    subheaders = [element.value.replace("\\", "") for element in app.subheader]
    expected = [block.text for block in part.build(bundle) if hasattr(block, "text")]
    shown = subheaders + [element.value.replace("\\", "").strip("*") for element in app.markdown]
    for text in expected:
        assert text in shown
    drawn = len(app.get("plotly_chart"))
    assert drawn == sum(
        len(getattr(block, "blocks", [block]))
        for block in part.build(bundle)
        if hasattr(block, "draw") or hasattr(block, "blocks")
    )


def test_both_files_are_offered_and_not_made_before_the_click(bundles, monkeypatch):
    made: list[str] = []
    for name in ("model_report_html", "model_report_json"):
        monkeypatch.setattr(
            f"medmodels.ui.report_page.{name}", lambda *_, name=name: made.append(name) or b""
        )
    app = _open()
    labels = [element.proto.label for element in app.get("download_button")]
    assert labels == ["Report as HTML", "Report as JSON"]
    assert made == []


def test_without_bundles_it_says_how_to_make_one(bundles, tmp_path, monkeypatch):
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(tmp_path))
    app = _open()
    assert "python -m medmodels train" in app.info[0].value


def test_it_opens_in_under_two_seconds_and_without_tensorflow(bundles):
    code = (
        "import sys, time\n"
        "from streamlit.testing.v1 import AppTest\n"
        f"app = AppTest.from_file({PAGE!r}, default_timeout=60)\n"
        "start = time.process_time()\n"
        "app.run()\n"
        "assert not app.exception and app.title[0].value == 'Model report'\n"
        "assert time.process_time() - start < 2, time.process_time() - start\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)\n"
    )
    script = bundles / "open.py"
    script.write_text(code)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    try:
        subprocess.run(
            [sys.executable, str(script)], cwd=ROOT, env=environment, check=True, timeout=90
        )
    finally:
        script.unlink()
