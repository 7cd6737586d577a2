"""DNA, from a sample or pasted bases to what an answer rests on, as a person sees it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from medmodels.samples import SAMPLES
from tests.browser.both_themes import in_both_themes
from tests.browser.pages import go_to, no_sideways_scrolling, upload

pytestmark = pytest.mark.browser

GENE = "dna-two-introns.fa"


def test_one_window_is_answered_explained_and_changed(open_page):
    page = open_page("/")
    page.get_by_role("button", name="A donor site").first.click()
    expect(page.get_by_test_id("answer").first).to_contain_text("donor site")
    for _ in in_both_themes(page, (1440, 800)):
        expect(page.get_by_test_id("answer").first).to_contain_text("donor site")
        expect(page.get_by_text("The change that hurts most").first).to_be_visible()
        expect(page.get_by_text("Tested.", exact=True).first).to_be_visible()
        # confidence, logo, field of changes
        page.locator(".js-plotly-plot").nth(2).wait_for(state="attached")
        no_sideways_scrolling(page)
        letter = page.get_by_role("radio", name="A", exact=True)
        if letter.get_attribute("aria-checked") != "true":  # a second press would take it back
            letter.click()
        page.get_by_role("button", name="Change it").click()
        expect(page.get_by_text("Changed: +1 G to A").first).to_be_visible()
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("Changed: +1 G to A")).to_have_count(0)


def test_a_gene_is_read_base_by_base_and_its_sites_can_be_kept(open_page):
    page = open_page("/")
    page.get_by_role("button", name="A donor site").first.click()
    expect(page.get_by_test_id("answer").first).to_be_visible()
    upload(page, "gene.fa", (SAMPLES / GENE).read_bytes())
    expect(page.get_by_test_id("answer").first).to_contain_text("along 3,000 bases")
    expect(page.get_by_text("calls in vain", exact=False).first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="All sites as BED").click()
    lines = download.value.path().read_text().splitlines()
    assert all(len(line.split("\t")) == 6 for line in lines[1:])
    # Another page and back: the question and the gene are still there.
    go_to(page, "Model report")
    go_to(page, "Sequence")
    expect(page.get_by_test_id("answer").first).to_contain_text("along 3,000 bases")


def test_a_protein_is_refused_with_the_place(open_page):
    page = open_page("/")
    page.get_by_role("button", name="A donor site").first.click()
    page.get_by_role("textbox", name="Or paste bases").fill("MKLVEQWRPF" * 8)
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.get_by_text("What to do").first).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)
    expect(page.get_by_test_id("answer").first).to_contain_text("donor site")
