"""The HTML page of a reading: complete in itself, and whatever came with the input is text."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import numpy as np
import pytest

from medmodels import NOTICE
from medmodels.figures.theme import DARK, LIGHT
from medmodels.reading.sentences import answer_sentence
from medmodels.reports.reading_html import reading_html
from medmodels.reports.reading_shapes import colours_of
from tests.reports.made_readings import MADE
from tests.reports.reading_kinds import KINDS, WILD, declined

_VOID = {"meta", "br", "img", "hr", "link", "input"}


class _Page(HTMLParser):
    """Tags and attributes; fails on what is not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def pages(readings):
    return {name: reading_html(reading, made=MADE).decode() for name, reading in readings.items()}


@pytest.mark.parametrize("name", KINDS)
def test_it_needs_nothing_else(pages, name):
    page = _Page(pages[name])
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "iframe", "object", "form", "base"}
    for tag, attributes in page.tags:
        assert not [key for key in attributes if key.startswith("on")]
        address = attributes.get("href") or attributes.get("src")
        assert address is None or address.startswith("data:image/png;base64,"), tag
    # No address at all, but for the name of SVG's own vocabulary.
    addresses = set(re.findall(r"https?://[^\"' <)]+", pages[name]))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert "url(" not in pages[name]
    policy = next(a["content"] for t, a in page.tags if a.get("http-equiv"))
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@pytest.mark.parametrize("name", KINDS)
def test_it_says_the_answer_and_the_notice_twice(pages, readings, name):
    page, reading = _Page(pages[name]), readings[name]
    assert page.text.count(NOTICE) == 2
    assert (answer_sentence(reading) in page.text) == (not reading.decision.abstains)
    assert "Report made 2026-11-30 08:08:07 UTC." in page.text
    assert reading.bundle_digest in page.text
    assert [tag for tag, _ in page.tags].count("h1") == 1
    for tag, attributes in page.tags:
        if tag == "svg":
            assert attributes["role"] == "img"
            assert len(attributes["aria-label"]) > 10


def test_a_visitors_words_are_words(pages, readings):
    for name in ("window explained", "windows", "sites"):
        assert WILD not in pages[name]
    assert WILD in _Page(pages["windows"]).text
    assert "“" + WILD + "”" in unescape(pages["sites"]) or WILD in _Page(pages["sites"]).text
    leads = readings["signal"].beats.signal.leads
    assert any("<" in lead for lead in leads)
    assert not re.search(r"<b>V5", pages["signal"])
    reasons = reading_html(declined(readings["scan"]), made=MADE).decode()
    assert "far too &lt;dark&gt; to read &amp; trust" in reasons


def test_both_themes_know_every_colour(pages):
    for palette in (LIGHT, DARK):
        for role, colour in colours_of(palette).items():
            assert f"--{role}: {colour};" in pages["signal"]
    used = set(re.findall(r"var\(--([a-z0-9]+)\)", "".join(pages.values())))
    assert used <= {*colours_of(LIGHT), "severity", "state"}


def test_the_ecg_keeps_its_millimetres(pages):
    strips = [a for t, a in _Page(pages["signal"]).tags if a.get("class") == "true-size"]
    assert strips
    for strip in strips:
        width, height = strip["viewbox"].split()[2:]
        assert (strip["width"], strip["height"]) == (f"{width}mm", f"{height}mm")
        assert width == "180"


def test_a_withheld_answer_is_not_told(readings):
    for name in KINDS:
        text = _Page(reading_html(declined(readings[name]), made=MADE).decode()).text
        assert "No answer." in text
        assert answer_sentence(readings[name]) not in text
        assert "Probability" not in text


def test_marks_that_turn_text_around_are_shown_by_their_code(readings):
    reading = readings["windows"]
    named = replace(reading.bases.sequences, names=("a\u202egnp.exe", "b\x00"))
    turned = replace(reading, bases=replace(reading.bases, sequences=named))
    text = _Page(reading_html(turned, made=MADE).decode()).text
    assert "a[U+202E]gnp.exe" in text
    assert "b[U+0000]" in text


def test_beside_a_grey_picture_it_is_black_and_beside_a_stained_one_nothing(readings):
    reading = readings["scan"]
    tall = np.full((80, 40), 90, np.uint8)
    for shown, bars in ((tall, 1), (np.repeat(tall[..., None], 3, axis=2), 0)):
        scan = replace(reading.scan, shown=shown, maps={}, size_mm=None)
        page = reading_html(replace(reading, scan=scan), made=MADE).decode()
        assert page.count("fill:#000000") == bars
