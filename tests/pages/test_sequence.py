"""The sequence page: every beat read once, and errors that cost nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from medmodels.ui import ecg_reading

PAGE = str(Path(__file__).resolve().parents[2] / "pages" / "sequence.py")
RATE = 250


def _ecg_csv(header: str = "time (s),MLII (mV),V5 (mV)", *, time: bool = True) -> bytes:
    """Forty seconds of narrow spikes, one a second but for an early one at 20.5 s."""
    at = np.arange(40 * RATE) / RATE
    beats = np.append(np.arange(0.5, 40.0), 20.1)
    wave = np.exp(-((at[:, None] - beats) ** 2) / 2e-4).sum(axis=1)
    wave += 0.01 * np.sin(2 * np.pi * 7 * at)
    columns = [at, wave, 0.5 * wave] if time else [wave, 0.5 * wave]
    rows = "\n".join(",".join(f"{v:.4f}" for v in row) for row in np.column_stack(columns))
    return f"{header}\n{rows}\n".encode()


def _beats_csv() -> bytes:
    generator = np.random.default_rng(0)
    rows = np.clip(np.exp(-np.arange(187) / 8) + 0.05 * generator.random((6, 187)), 0, 1)
    table = np.column_stack([rows, [0, 1, 2, 3, 4, 0]])
    return ("\n".join(",".join(f"{v:.4f}" for v in row) for row in table) + "\n").encode()


@pytest.fixture
def page(tiny_bundles) -> AppTest:
    app = AppTest.from_file(PAGE, default_timeout=120).run()
    assert not app.exception
    return app


@pytest.fixture
def read_page(page) -> AppTest:
    page.file_uploader[0].upload("ecg.csv", _ecg_csv(), "text/csv").run()
    assert not page.exception
    return page


def _text(app: AppTest) -> str:
    html = [element.proto.body for element in app.get("html")]
    return "\n".join([*html, *(e.value for e in [*app.markdown, *app.caption])])


def test_before_anything_is_open_it_teaches_what_can_be_read(page):
    assert "Which files can be read" in _text(page)
    assert any("time (s),MLII (mV)" in code.value for code in page.code)


def test_an_upload_is_understood_and_every_beat_is_read(read_page):
    case = read_page.session_state["ecg_case"]
    assert "40.0 s at 250 Hz, leads MLII and V5, in mV" in _text(read_page)
    assert len(case.reading.labels) == 41
    assert "41 beats" in _text(read_page)
    for entry in case.reading.card.classes:
        assert entry.title in _text(read_page)
    assert [metric.label for metric in read_page.metric][:3] == [
        "Beats",
        "Duration",
        "Heart rate, median",
    ]


def test_moving_about_never_runs_the_network_again(read_page, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("the network was run again")

    monkeypatch.setattr(ecg_reading, "read_item", refuse)
    assert "0:00 to 0:10" in _text(read_page)
    read_page.button(key="ecg_Right").click().run()
    assert not read_page.exception
    assert "0:10 to 0:20" in _text(read_page)
    read_page.session_state["ecg_speed"] = 50.0
    read_page.run()
    assert not read_page.exception


def test_a_method_states_its_completeness_error(read_page):
    read_page.session_state["ecg_method"] = "integrated_gradients"
    read_page.run()
    assert not read_page.exception
    assert "Completeness: the values add up to" in _text(read_page)


def test_trace_and_timing_are_weighed_and_add_up(read_page):
    shown = read_page.session_state["ecg_case"].shown
    found = next(value.map for key, value in shown.items() if key[0] == "map")
    assert found.method == "Contributions"
    total = float(found.values.sum() + found.context.sum())
    assert f"Together {total:+.2f} logit" in _text(read_page)


def test_the_map_of_a_beat_gets_its_verdict(read_page):
    read_page.run()
    assert not read_page.exception
    (one,) = read_page.session_state["ecg_case"].reading.explained
    told = [*read_page.markdown, *read_page.warning]
    assert any(one.audit.sentence in element.value for element in told)
    read_page.toggle(key="ecg_audit-how").set_value(True).run()
    assert not read_page.exception
    assert "Area between showing first and hiding first" in _text(read_page)


def test_an_error_is_shown_and_the_reading_before_it_stays(read_page):
    read_page.file_uploader[0].upload("report.csv", b"a,b\nsome,text\n" * 40, "text/csv").run()
    assert not read_page.exception
    assert "cannot be read" in read_page.error[0].value
    assert "still shown" in read_page.error[0].value
    assert "41 beats" in _text(read_page)


def test_a_file_without_a_rate_is_asked_about_before_it_is_read(page):
    data = _ecg_csv("MLII (mV),V5 (mV)", time=False)
    page.file_uploader[0].upload("ecg.csv", data, "text/csv").run()
    assert not page.exception
    assert "ecg_case" not in page.session_state
    assert page.warning
    page.number_input[0].set_value(float(RATE))
    next(b for b in page.button if b.label == "Read with these settings").click().run()
    assert not page.exception
    assert len(page.session_state["ecg_case"].reading.labels) == 41


def test_a_table_of_beats_shows_rows_and_says_what_cannot_be_judged(page):
    page.file_uploader[0].upload("beats.csv", _beats_csv(), "text/csv").run()
    assert not page.exception
    assert "cannot be judged" in page.info[0].value
    assert not page.metric
    assert "Compared with the reference" in "\n".join(e.value for e in page.subheader)
    page.button(key="ecg_Right").click().run()
    assert not page.exception
