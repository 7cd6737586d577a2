"""No answer where there should be none, and the way back to one, as a person sees it."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from medmodels.samples import SAMPLES
from medmodels.training.made_scans import document, made
from tests.browser.barriers import barriers
from tests.browser.both_themes import in_both_themes
from tests.browser.pages import no_sideways_scrolling, upload

pytestmark = pytest.mark.browser


def _page_of_text() -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(made(document, 1, 3)[0]).save(buffer, "PNG")
    return buffer.getvalue()


def test_a_page_of_text_gets_no_label_unless_one_insists(open_page):
    page = open_page("/scan")
    upload(page, "letter.png", _page_of_text())
    expect(page.get_by_test_id("answer").first).to_contain_text("No answer")
    for scheme in in_both_themes(page, (1440, 800)):
        expect(page.get_by_test_id("answer").first).to_contain_text("No answer")
        expect(page.get_by_text("Unlike the training data", exact=True).first).to_be_visible()
        expect(page.get_by_text("The network’s answer is")).to_have_count(0)
        no_sideways_scrolling(page)
        assert barriers(page) == [], scheme
        page.get_by_role("button", name="Show what the network computed all the same").click()
        expect(page.get_by_text("Shown because you asked for it").first).to_be_visible()
        expect(page.get_by_text("The network’s answer is").first).to_be_visible()
        page.get_by_role("button", name="Hide it again").click()
        expect(page.get_by_text("The network’s answer is")).to_have_count(0)


def test_a_radiograph_on_its_side_is_turned_and_read(open_page):
    page = open_page("/scan")
    upload(page, "turned.png", (SAMPLES / "chest-normal-1-turned.png").read_bytes())
    expect(page.get_by_test_id("answer").first).to_contain_text("lie on its side")
    page.get_by_role("button", name="Turn it a quarter to the right and read it again").click()
    expect(page.get_by_test_id("answer").first).to_contain_text("answer is normal")
    page.get_by_role("button", name="Undo: read it as it came").click()
    expect(page.get_by_test_id("answer").first).to_contain_text("lie on its side")


def test_the_strip_opens_to_its_details(open_page):
    page = open_page("/scan")
    upload(page, "scan.png", (SAMPLES / "chest-pneumonia-1.png").read_bytes())
    strip = page.get_by_role("list", name="Checks of this reading")
    expect(strip.get_by_role("listitem")).to_have_count(5)
    expect(strip.get_by_text("Only pneumonia")).to_be_visible()
    page.get_by_text("What was checked, and what was found").click()
    expect(page.get_by_text("At 95%: pneumonia.").first).to_be_visible()


def test_a_preset_moves_the_operating_point_and_its_people(open_page):
    page = open_page("/scan")
    upload(page, "scan.png", (SAMPLES / "chest-normal-2.png").read_bytes())
    expect(page.get_by_test_id("answer").first).to_contain_text("answer is normal")
    expect(page.get_by_text("What it means for my patients").first).to_be_visible()
    people = page.get_by_text("Of 1,000 children").first
    expect(people).to_be_visible()
    before = people.inner_text()
    page.get_by_role("button", name="Rule out").first.click()
    expect(people).not_to_have_text(before)


def test_noise_is_not_read_as_an_ecg(open_page):
    rng = np.random.default_rng(4)
    noise = np.cumsum(rng.normal(size=(9000, 2)), axis=0)
    noise -= np.linspace(noise[0], noise[-1], len(noise))
    rows = "\n".join(f"{i / 250:.3f},{a:.4f},{b:.4f}" for i, (a, b) in enumerate(noise / 20))
    page = open_page("/sequence")
    upload(page, "noise.csv", f"time (s),MLII (mV),V1 (mV)\n{rows}\n".encode())
    expect(page.get_by_test_id("answer").first).to_contain_text("No answer")
    expect(page.get_by_text("are read as")).to_have_count(0)
