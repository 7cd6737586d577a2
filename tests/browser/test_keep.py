"""A reading is kept as files, and they hold without the app, without a network."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
from playwright.sync_api import expect

from medmodels import NOTICE
from medmodels.samples import SAMPLES
from tests.browser.barriers import barriers
from tests.browser.pages import no_sideways_scrolling, upload
from tests.browser.standing_still import stand_still

pytestmark = pytest.mark.browser

CASES = {
    "Scan": ("chest-pneumonia-2.dcm", "The network’s answer is pneumonia"),
    "Sequence": ("ventricular-ectopics.csv", "are read as ventricular ectopic (V)"),
}


def _settled(page):
    """The map has been tested and the page drawn again: so the files hold it."""
    tested = re.compile(r"Map tested\?\s*(Passed|Not reliable|\d+ of \d+ passed)")
    expect(page.locator(".dia-lights")).to_have_text(re.compile(f".*{tested.pattern}", re.DOTALL))
    assert stand_still(page)


def _kept(page, title):
    """The file that a button gives, with its name."""
    with page.expect_download() as download:
        page.get_by_role("button", name=title, exact=True).click()
    return download.value.suggested_filename, download.value.path().read_bytes()


@pytest.fixture(params=list(CASES))
def case(request, open_page):
    place = request.param
    sample, answer = CASES[place]
    page = open_page(f"/{place.lower()}")
    upload(page, "roe-jane-1951.dat" if place == "Scan" else "roe-jane-1951.csv",
           (SAMPLES / sample).read_bytes())  # fmt: skip
    expect(page.get_by_role("heading", name="Keep this reading").first).to_be_visible()
    _settled(page)
    return page, answer


def test_a_pdf_and_a_page_are_downloaded_and_the_page_opens_without_a_network(
    case, browser, tmp_path
):
    page, answer = case
    name, content = _kept(page, "Report as PDF")
    assert name.startswith("reading-")
    assert name.endswith(".pdf")
    pdf = pypdf.PdfReader(io.BytesIO(content))
    assert all(NOTICE in sheet.extract_text() for sheet in pdf.pages)
    assert answer in " ".join(pdf.pages[0].extract_text().split())
    assert b"roe-jane" not in content

    name, content = _kept(page, "Report as HTML")
    assert name.endswith(".html")
    assert b"roe-jane" not in content
    file = tmp_path / name
    file.write_bytes(content)
    for width, scheme in ((1200, "light"), (400, "dark")):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
        )
        report, told, asked = context.new_page(), [], []
        report.on("console", lambda message, told=told: told.append(message.text))
        report.on("pageerror", lambda error, told=told: told.append(str(error)))
        report.on("request", lambda request, asked=asked: asked.append(request.url))
        report.goto(file.as_uri())
        expect(report.get_by_role("heading", level=1)).to_be_visible()
        expect(report.get_by_text(answer)).to_be_visible()
        expect(report.get_by_text(NOTICE).first).to_be_visible()
        assert report.locator("svg[role=img]").count() >= 2
        assert report.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert [url for url in asked if not url.startswith(("data:", "file:"))] == []
        assert told == []
        # The page allows no script of its own; the inspector's runs beside it.
        assert barriers(report) == []
        context.close()


# A press that waits for nothing, as a hurried hand does; how the page stood then.
_PRESS = """title => {
  const buttons = document.querySelectorAll('[data-testid=stDownloadButton] button');
  [...buttons].find(one => one.innerText.includes(title)).click();
  return document.querySelector('[data-testid=stApp]').dataset.testScriptState;
}"""
# Something of the page is drawn again and again.
_RESTLESS = """() => {
  const all = [...document.querySelectorAll('[data-testid=stCheckbox]')];
  const invert = all.find(one => one.innerText.includes('Invert')).querySelector('input');
  setInterval(() => invert.click(), 150);
}"""


def test_a_press_while_the_page_is_drawn_anew_gives_the_file(open_page):
    page, other = open_page("/scan"), open_page("/scan")
    for one in (page, other):
        upload(one, "scan.png", (SAMPLES / "chest-pneumonia-1.png").read_bytes())
        expect(one.get_by_role("heading", name="Keep this reading").first).to_be_visible()
        _settled(one)
    other.evaluate(_RESTLESS)
    slider = page.get_by_role("slider", name="Alarm from which").first
    slider.focus()
    states = []
    while len(states) < 8 or states.count("running") < 4:
        k = len(states)
        assert k < 60
        # The whole page is drawn, and before that is done it is asked for again.
        for _ in range(3):
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(40)
        page.wait_for_timeout(15 * (k % 8))
        with page.expect_download() as download:
            states.append(page.evaluate(_PRESS, "Reading as JSON"))
        assert download.value.path().read_bytes().startswith(b"{")
        page.wait_for_timeout(300)  # a press by a script is not known to be one
        assert stand_still(page)


def test_by_keyboard_and_without_barriers(open_page):
    page = open_page("/scan", scheme="dark")
    upload(page, "scan.png", (SAMPLES / "chest-normal-1.png").read_bytes())
    button = page.get_by_role("button", name="Reading as JSON", exact=True)
    button.wait_for()
    _settled(page)
    button.focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".json")
    no_sideways_scrolling(page)
    section = page.locator(".st-key-keep-reading")
    expect(section.get_by_text("shows the picture itself")).to_be_visible()
    assert barriers(page, ".st-key-keep-reading") == []
