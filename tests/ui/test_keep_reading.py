"""The section that keeps a reading: what it offers, and what its files hold."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from medmodels.bundles import load_bundle
from medmodels.reading.explained import explain_row
from medmodels.reports.all_exports import EXPORTS
from medmodels.ui.background import Job
from medmodels.ui.keep_reading import _make
from tests.bundles_fixture import SCAN_TASK
from tests.reports.made_readings import ramp_reading, withheld


def _page() -> None:
    import streamlit as st

    from medmodels.ui.keep_reading import show_keep

    show_keep(st.session_state["reading"], {})


@pytest.fixture(scope="module")
def reading(one_of_each):
    return ramp_reading(load_bundle(SCAN_TASK, one_of_each))


def _shown(reading):
    app = AppTest.from_function(_page, default_timeout=60)
    app.session_state["reading"] = reading
    app.run()
    assert not app.exception
    return app


def test_each_kind_has_a_button_and_says_what_it_holds(reading):
    app = _shown(reading)
    assert [head.value for head in app.subheader] == ["Keep this reading"]
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels == [export.title for export in EXPORTS if export.fits(reading)]
    words = [caption.value for caption in app.caption]
    assert "shows the picture itself" in words[0]
    assert words[1:] == [export.about for export in EXPORTS if export.fits(reading)]


def test_where_there_is_no_answer_it_says_what_is_kept(reading):
    app = _shown(withheld(reading))
    assert "that there is no answer, and why" in app.caption[0].value


def test_a_file_holds_what_was_tested_since_the_page_was_drawn(reading, one_of_each):
    bundle = load_bundle(SCAN_TASK, one_of_each)
    job = Job(lambda told: explain_row(bundle, reading, progress=told))
    job.wait()
    export = next(one for one in EXPORTS if one.key == "json")
    asked = {job.result.question: job}
    assert b'"explanations"' not in _make(export, reading, {}, insist=False)
    assert b'"explanations"' in _make(export, reading, asked, insist=False)
    year = str(datetime.now(UTC).year)
    assert f'"made": "{year}-'.encode() in _make(export, reading, {}, insist=False)
