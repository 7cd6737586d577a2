"""The PDF of a reading: what it says, on how many pages, and for readers who cannot see it."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import numpy as np
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.units import mm

from medmodels import NOTICE
from medmodels.reading.sentences import answer_sentence
from medmodels.reports.reading_beats import counts_blocks
from medmodels.reports.reading_canvas import DrawingFlowable
from medmodels.reports.reading_content import INSISTED
from medmodels.reports.reading_flow import words
from medmodels.reports.reading_pdf import reading_pdf
from medmodels.reports.reading_strip import strip_drawings
from medmodels.reports.reading_tags import Node
from medmodels.reports.reading_type import printable
from tests.reports.made_readings import MADE
from tests.reports.reading_kinds import KINDS, declined

PER_SECOND, PER_MILLIVOLT = 25 * mm, 10 * mm


def _open(reading, **more):
    return pypdf.PdfReader(io.BytesIO(reading_pdf(reading, made=MADE, **more)))


def _text(pdf) -> str:
    """All of it, as one would select and copy it; line breaks are blanks."""
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


@pytest.fixture(scope="module")
def opened(readings):
    return {name: _open(reading) for name, reading in readings.items()}


@pytest.mark.parametrize("name", KINDS)
def test_it_says_the_answer_on_one_to_three_pages_of_a4(opened, readings, name):
    pdf, reading = opened[name], readings[name]
    assert 1 <= len(pdf.pages) <= 3
    for page in pdf.pages:
        assert [round(float(side) / mm) for side in page.mediabox[2:]] == [210, 297]
    said = answer_sentence(reading) in _text(pdf)
    assert said == (not reading.decision.abstains)


@pytest.mark.parametrize("name", KINDS)
def test_the_notice_and_the_number_stand_on_every_page(opened, readings, name):
    pages = opened[name].pages
    for number, page in enumerate(pages, 1):
        text = page.extract_text()
        assert NOTICE in text
        assert f"Page {number} of {len(pages)}" in text
        assert "Report made 2026-11-30 08:08:07 UTC" in text
        assert f"Input {readings[name].input_digest[:16]}" in text


@pytest.mark.parametrize("name", KINDS)
def test_it_says_what_made_it_and_where_it_fails(opened, readings, name):
    text, reading = _text(opened[name]), readings[name]
    for fact in (
        reading.input_digest, reading.bundle_digest, reading.card.not_for, *reading.card.limits,
        f"tensorflow {reading.versions['tensorflow']}",
    ):  # fmt: skip
        assert fact in text


def test_of_a_withheld_answer_nothing_is_told_but_the_reasons(readings):
    for name in ("scan explained", "signal explained", "window explained", "sites", "beat table"):
        reading = declined(readings[name])
        text = _text(_open(reading))
        assert "No answer. It is far too <dark> to read & trust." in text, name
        assert answer_sentence(reading) not in text
        assert not [word for word in ("Probability", "rests on", "Evidence") if word in text]
        told = _text(_open(reading, insist=True))
        assert answer_sentence(reading) in told
        assert INSISTED in told
        assert "It is far too <dark> to read & trust." in told


def test_a_map_is_said_to_be_evidence_or_not(opened, readings):
    assert "not tested" in _text(opened["scan"])
    for name in ("scan explained", "signal explained", "window explained"):
        (one,) = readings[name].explained
        text = _text(opened[name])
        assert one.audit.sentence in text
        assert ("tested, evidence" if one.audit.passed else "not reliable here") in text


def test_the_files_properties(opened):
    pdf = opened["scan"]
    assert pdf.metadata.title == "Reading: Tiny scan"
    assert pdf.metadata.author.startswith("Diaphane")
    assert NOTICE in pdf.metadata.subject
    assert pdf.metadata["/CreationDate"] == "D:20261130080807+00'00'"
    catalog = pdf.trailer["/Root"]
    assert catalog["/Lang"] == "en-GB"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    fonts = {
        str(font["/BaseFont"])
        for page in pdf.pages
        for font in (one.get_object() for one in page["/Resources"]["/Font"].values())
        if font.get("/FirstChar") is not None
    }
    assert any("SourceSansPro" in name for name in fonts)


def test_a_scan_that_was_read_among_many_has_a_report_too(readings):
    reading = readings["scan"]
    bare = replace(reading, scan=replace(reading.scan, maps={}, shown=None, size_mm=None))
    text = _text(_open(bare))
    assert "As the network saw it" in text
    assert "Nothing was explained" in text


def test_the_ecg_is_drawn_at_its_true_size(opened, readings):
    strip, *_ = strip_drawings(readings["signal"], withheld=False)
    assert DrawingFlowable(strip).width == pytest.approx(180 * mm)
    # The calibration pulse: 1 mV high and 5 mm wide, in the points of the page.
    content = " ".join(
        page.get_contents().get_data().decode("latin-1") for page in opened["signal"].pages
    )
    runs = re.findall(r"n ((?:[\d.]+ [\d.]+ [ml]\s+)+)S", content)
    pulses = [
        points
        for run in runs
        if len(points := [tuple(map(float, p)) for p in re.findall(r"([\d.]+) ([\d.]+) [ml]", run)])
        == 6
    ]
    assert len(pulses) >= 2
    for points in pulses:
        assert points[2][1] - points[1][1] == pytest.approx(PER_MILLIVOLT, abs=0.02)
        assert points[3][0] - points[2][0] == pytest.approx(0.2 * PER_SECOND, abs=0.02)


def test_the_longest_name_fits(readings):
    for name in ("windows", "sites", "window explained"):
        reading = readings[name]
        held = reading.bases.sequences
        long = replace(held, names=tuple(f"{k}{'W' * 20_000}" for k in range(len(held.names))))
        changed = replace(reading, bases=replace(reading.bases, sequences=long))
        assert 1 <= len(_open(changed).pages) <= 3


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_any_name_can_be_printed(name):
    text = printable(name)
    flowable = words(name, "cell", Node("P"))
    width, height = flowable.wrap(400, 400)
    assert width <= 400
    assert height > 0 or not text.strip()
    assert printable(text) == text


def test_the_recording_comes_before_its_beats_and_a_scan_stands_on_the_page_of_its_answer(opened):
    whole = _text(opened["signal"])
    assert whole.index("The recording from") < whole.index("One beat, closer")
    text = _text(opened["scan explained"])
    assert text.index("rests on") < text.index("What was checked")
    first = opened["scan explained"].pages[0].extract_text()
    assert "As it was shown" in first
    assert "rests on" in first


def test_one_beat_among_thousands_is_not_none(readings):
    reading = readings["signal"]
    count = 4000
    labels = np.zeros(count, int)
    labels[7] = 2
    rows = np.zeros((count, reading.logits.shape[1]), np.float32)
    beats = replace(reading.beats, times_s=np.arange(count) * 0.8, seconds=3200.0)
    many = replace(
        reading, labels=labels, logits=rows, probabilities=rows + 0.25, beats=beats, trust=None
    )
    shares = {row[0][0]: row[2] for row in counts_blocks(many)[0].rows}
    assert shares == {"V": "< 0.1%", "S": "0%", "F": "0%", "N": "> 99.9%"}
