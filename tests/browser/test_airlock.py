"""What a file says about a person, as a person sees it: named, dropped, hidden."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import expect
from pydicom import dcmread

from medmodels.samples import SAMPLES
from tests.browser.barriers import barriers
from tests.browser.both_themes import in_both_themes
from tests.browser.pages import drag_over, go_to, no_sideways_scrolling, upload

pytestmark = pytest.mark.browser

SUMMARY = "What this file said about a person"


def planted_dicom() -> bytes:
    """A sample radiograph with a person's data, and with a name burned into its pixels."""
    dataset = dcmread(SAMPLES / "chest-pneumonia-2.dcm")
    dataset.PatientName, dataset.PatientID = "Planted^Petra", "PLANTED-1"
    dataset.PatientBirthDate, dataset.InstitutionName = "19310203", "Planted Hospital"
    dataset.private_block(0x0011, "Planted Maker", create=True).add_new(1, "LO", "Planted")
    pixels = dataset.pixel_array
    top = int(pixels.max())
    layer = Image.new("L", (pixels.shape[1], pixels.shape[0]))
    size = max(14, pixels.shape[0] // 32)
    text = "PLANTED^PETRA 1931-02-03"
    ImageDraw.Draw(layer).text((8, 8), text, fill=255, font=ImageFont.load_default(size))
    written = np.where(np.asarray(layer) > 128, top, pixels).astype(pixels.dtype)
    dataset.decompress() if dataset.file_meta.TransferSyntaxUID.is_encapsulated else None
    dataset.PixelData = written.tobytes()
    out = io.BytesIO()
    dataset.save_as(out)
    return out.getvalue()


def _no_barriers(page, themes: bool = False) -> None:
    """Neither in the theme that is there nor, where asked, in the other, which stays."""
    for scheme in in_both_themes(page) if themes else ("",):
        no_sideways_scrolling(page)
        assert barriers(page) == [], scheme


def test_a_file_is_named_cleaned_and_masked(open_page):
    page = open_page("/scan")
    upload(page, "Planted^Petra.dcm", planted_dicom())
    panel = page.get_by_text(SUMMARY)
    expect(panel).to_be_visible()
    panel.click()
    expect(page.get_by_text("patient’s name").first).to_be_visible()
    expect(page.get_by_text("seems to have a line of text in its pixels").first).to_be_visible()
    shown = page.locator("body").inner_text()
    assert "lanted" not in shown
    assert "1931" not in shown
    _no_barriers(page, themes=True)
    page.get_by_role("button", name="Hide the text that was found").click()
    expect(page.get_by_text("One rectangle is hidden.").first).to_be_visible()
    expect(page.get_by_text("seems to have a line of text in its pixels")).to_have_count(0)
    page.get_by_role("button", name="Undo the last").click()
    expect(page.get_by_text("seems to have a line of text in its pixels").first).to_be_visible()


def test_a_part_is_hidden_by_keyboard_and_by_drawing(open_page):
    page = open_page("/scan")
    upload(page, "scan.png", (SAMPLES / "chest-normal-1.png").read_bytes())
    page.get_by_text("Hide a part of the scan", exact=True).click()
    page.get_by_text("Without drawing: a rectangle by its edges").click()
    page.get_by_role("button", name="Hide this rectangle").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("One rectangle is hidden.").first).to_be_visible()
    # When the test of its map is done the page is drawn again, and moves under the pointer.
    expect(page.get_by_text("Tested.", exact=True).first).to_be_visible()
    canvas = page.get_by_label("The scan, what looks like text outlined").locator(".nsewdrag").first
    drag_over(canvas, (0.1, 0.1), (0.3, 0.2))
    expect(page.get_by_text("2 rectangles are hidden.").first).to_be_visible()
    _no_barriers(page)


def test_a_file_can_be_uploaded_again_and_its_name_stays_unseen(open_page):
    page = open_page("/scan")
    data = (SAMPLES / "chest-pneumonia-2.dcm").read_bytes()
    for _ in range(2):
        upload(page, "Petra Planted.dcm", data)
        expect(page.get_by_text("The network’s answer is").first).to_be_visible()
        chip = page.get_by_test_id("stFileChipName").first
        expect(chip).to_have_css("font-size", "0px")
        page.get_by_test_id("stFileChipDeleteBtn").get_by_role("button").click()
        expect(page.get_by_test_id("stFileChipName")).to_have_count(0)
        expect(page.get_by_text("The network’s answer is").first).to_be_visible()


def test_text_in_a_worklist_is_flagged_and_hidden_for_good(open_page):
    page = open_page("/worklist")
    page.locator("input[type=file]").first.set_input_files([
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
        for name, data in (
            ("Planted^Petra.dcm", planted_dicom()),
            ("b.png", (SAMPLES / "chest-normal-1.png").read_bytes()),
        )
    ])  # fmt: skip
    expect(page.get_by_text("Something in the picture looks like text")).to_have_count(1)
    page.get_by_text("What these files said about people: 1 of 2 cases, dropped").click()
    expect(page.get_by_text("patient’s name (1)").first).to_be_visible()
    page.get_by_text("Text in the picture", exact=True).click()
    cases = page.get_by_role("button", name=re.compile(r"^Case \d"))
    expect(cases).to_have_count(1)
    cases.first.click()
    expect(page.get_by_text("It may name the patient.").first).to_be_visible()
    expect(page.get_by_text("Dropped when it arrived: patient’s name").first).to_be_visible()
    assert "lanted" not in page.locator("[data-testid=stMain]").inner_text()
    _no_barriers(page, themes=True)
    page.get_by_role("button", name="Open it whole, and hide its text").click()
    expect(page.get_by_text("Drag over a part of the scan to hide it.").first).to_be_visible()
    page.get_by_role("button", name="Hide the text that was found").click()
    expect(page.get_by_text("One rectangle is hidden.").first).to_be_visible()
    page.get_by_role("button", name="Make it final").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("nobody can bring it back").first).to_be_visible()
    _no_barriers(page, themes=True)
    page.get_by_role("button", name="Forget what lies under it").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("One rectangle is hidden for good.").first).to_be_visible()
    expect(page.get_by_role("button", name="Undo the last")).to_have_count(0)
    expect(page.get_by_text("The network’s answer is").first).to_be_visible()
    _no_barriers(page, themes=True)
    go_to(page, "Worklist")
    expect(page.get_by_text("Something in the picture looks like text")).to_have_count(0)


def test_sequences_and_recordings_lose_their_words_on_the_way_in(open_page):
    page = open_page("/sequence")
    page.get_by_text("Splice sites", exact=False).first.click()
    bases = (SAMPLES / "dna-two-introns.fa").read_text().split("\n", 1)[1]
    text = f">Petra_Planted born 1931\n{bases}".encode()
    upload(page, "Planted.fa", text)
    expect(page.get_by_text("descriptions behind the names").first).to_be_visible()
    expect(page.get_by_test_id("answer").first).to_be_visible()
    assert "lanted" not in page.locator("[data-testid=stMain]").inner_text()
    _no_barriers(page)
