"""The model report says what is stored, as sections, as one HTML file and as JSON."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from medmodels import NOTICE
from medmodels.bundles import list_tasks, load_bundle
from medmodels.reports import model_words as words
from medmodels.reports.model_blocks import Block, Bullets, Figure, Heading, Paragraph, Side, Table
from medmodels.reports.model_context import helped_blocks
from medmodels.reports.model_html import table_html, text_html
from medmodels.reports.model_report import model_report_html, model_report_json
from medmodels.reports.model_robustness import robustness_blocks
from medmodels.reports.model_sections import PARTS
from medmodels.reports.model_summary import drop_sentences, summary_blocks
from tests.report_fixture import write_scan_report, write_signal_report

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    write_scan_report(folder)
    write_signal_report(folder)
    return folder


@pytest.fixture(scope="module")
def scan(root):
    return load_bundle("tiny-scan", root)


@pytest.fixture(scope="module")
def signal(root):
    return load_bundle("tiny-signal", root)


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bare")
    write_scan_report(folder, full=False)
    return load_bundle("tiny-scan", folder)


def _flat(blocks: list[Block]):
    for block in blocks:
        if isinstance(block, Side):
            yield from _flat(list(block.blocks))
        else:
            yield block


def _text(block: Block) -> str:
    match block:
        case Heading() | Paragraph():
            return block.text
        case Bullets():
            return "\n".join(block.items)
        case Table():
            return "\n".join([block.caption, *map(" | ".join, (block.head, *block.rows))])
        case Figure():
            return f"{block.title}\n{block.caption}\n{block.alt}"
    raise AssertionError(block)


def _part(bundle, key):
    (part,) = [part for part in PARTS if part.key == key]
    return "\n".join(map(_text, _flat(part.build(bundle))))


def test_the_drop_stands_first_and_is_the_stored_one(scan):
    *stored, declined = drop_sentences(scan)
    assert stored == scan.evaluation["report"]["drop"]["sentences"]
    # 4 of 80, and 15 of 60
    assert declined.startswith("Of 100 scans, it declines to answer 25 there and 5 in its test")
    auc = scan.evaluation["splits"]["external"]["auc"]
    assert (
        f"{auc['value']:.3f} ({auc['low']:.3f} to {auc['high']:.3f}) there"
        in (drop_sentences(scan)[0])
    )


def test_internal_stands_beside_external_with_the_change(scan):
    table = summary_blocks(scan)[0]
    splits = scan.evaluation["splits"]
    assert table.head == ("", "Test (80 scans, 20 patients)", "Elsewhere (60 scans, 15 patients)",
                          "Change")  # fmt: skip
    first = dict(zip(table.head, table.rows[0], strict=True))
    change = splits["external"]["auc"]["value"] - splits["test"]["auc"]["value"]
    assert first["Change"] == f"−{-change:.3f}"


def test_every_part_of_a_full_bundle_says_its_numbers(scan):
    report, trust = scan.evaluation["report"], scan.evaluation["trust"]
    precision = report["splits"]["test"]["curves"]["finding"]["pr"]["average_precision"]
    assert words.interval(precision) in _part(scan, "discrimination")
    confusion = scan.evaluation["splits"]["test"]["confusion"]
    assert f"{confusion[1][1]:,} were answered so" in _part(scan, "discrimination")
    calibration = _part(scan, "calibration")
    assert "Elsewhere its percentages cannot be believed." in calibration
    assert words.interval(trust["calibration"]["splits"]["test"]["before"]["ece"]) in calibration
    assert "vector | 0.3210 | 0.0456" in calibration
    assert "The simplest one that is good enough." in calibration
    assert "Test | 0.061 (0.050 to 0.072) | −0.061 (−0.072 to −0.050)" in calibration
    assert "Test (n = 80) | 10.0% | 27.0% | –" in calibration
    declining = _part(scan, "declining")
    assert words.interval(report["splits"]["external"]["selective"]["aurc"]) in declining
    for said in (
        "71 (88.8%)",
        "too close to call: 3, far too dark: 1",
        "0.911 (0.900 to 0.922)",
        "Cats",
        "energy | 0.8760",
        "kept 90.2% on average over 100 draws",
        "Nothing is promised for: Finding.",
    ):
        assert said in declining
    groups = _part(scan, "groups")
    assert "By cause, test data" in groups
    assert "No value for 20 scans" in "".join(
        block.note
        for block in _flat(next(p for p in PARTS if p.key == "groups").build(scan))
        if isinstance(block, Table)
    )
    worst = report["splits"]["external"]["mistakes"][0]
    assert f"{worst['name']} | " in _part(scan, "mistakes")
    assert words.percent(worst["score"]) in _part(scan, "mistakes")
    published = _part(scan, "published")
    assert "An earlier network | 0.876 | 60 scans | No" in published
    assert "doi 10.1000/1" in published
    card = _part(scan, "card")
    for said in (scan.digest, "3.1", "Nobody is represented.", scan.card.not_for, "CC0"):
        assert said in card


def test_disturbed_pictures_are_a_table_where_they_were_judged(scan):
    row = {
        "name": "blur, 1.5 px", "kind": "blur", "strength": 1.5, "unit": "pixels", "n": 40,
        "right": 36, "accuracy": {"value": 0.9, "low": 0.77, "high": 0.96}, "macro_f1": 0.875,
    }  # fmt: skip
    assert robustness_blocks(scan) == []
    judged = replace(scan, training={**scan.training, "robustness": [row]})
    table = robustness_blocks(judged)[1]
    assert table.rows == (("Blur, 1.5 px", "1.5", "0.900 (0.770 to 0.960)", "0.875"),)
    assert "40 test" in table.caption
    assert table.note == "Strengths: blur: pixels."


def test_recipes_that_were_compared_stand_where_no_step_was_judged(scan):
    evaluation = {**scan.evaluation, "steps": []}
    tried = {"short": {"accuracy": 0.96, "macro_f1": 0.951, "mean_disturbed": 0.9, "views": {}}}
    choice = {"why": "It was the best."}
    training = {**scan.training, "candidates": tried, "choice": choice}
    table, why = helped_blocks(replace(scan, evaluation=evaluation, training=training))
    assert table.head == ("Name", "Accuracy", "Macro F1", "Mean accuracy when disturbed")
    assert table.rows == (("short", "0.9600", "0.9510", "0.9000"),)
    assert "It was the best." in why.text
    told = choice | {"candidates": [{"name": "one", "what": "this", "validation": "96%"}]}
    (table, _) = helped_blocks(
        replace(scan, evaluation=evaluation, training={**training, "choice": told})
    )
    assert table.rows == (("one", "this", "96%"),)


def test_records_are_reported_one_by_one(signal):
    groups = _part(signal, "groups")
    for row in signal.evaluation["splits"]["test"]["by_group"]["rows"]:
        assert f"\n{row['group']} | {row['n']:,} | " in groups
    assert "average of records" in groups.lower()
    worst = signal.evaluation["report"]["splits"]["test"]["mistakes"][0]["name"]
    assert re.fullmatch(r"g\d+ at sample \d+", worst)
    assert f"\n{worst} | " in _part(signal, "mistakes")


def test_a_bundle_without_stored_figures_says_so_and_shows_the_rest(bare):
    assert "made without the stored curves" in _part(bare, "discrimination")
    assert "it answers everything that it is given" in _part(bare, "declining")
    assert "Nothing is stored about who" in _part(bare, "groups")
    assert "names no published results" in _part(bare, "published")
    assert "not stated" in _part(bare, "card")
    assert drop_sentences(bare)[0].startswith("On 60 scans from elsewhere")
    assert model_report_html(bare).startswith(b"<!doctype html>")


def test_numbers_in_words():
    assert words.signed(-0.1234) == "−0.123"
    assert words.signed(0.1) == "+0.100"
    assert words.signed(-0.0001) == "0.000"
    assert words.signed(None) == words.percent(None) == words.interval(None) == "–"
    assert words.interval({"value": 0.5, "low": None, "high": None}) == "0.500"


def test_figures_have_their_own_keys_and_say_their_data(scan, signal):
    for bundle in (scan, signal):
        figures = [
            block
            for part in PARTS
            for block in _flat(part.build(bundle))
            if isinstance(block, Figure)
        ]
        keys = [figure.key for figure in figures]
        assert len(keys) == len(set(keys)) >= 8
        for figure in figures:
            assert figure.alt.endswith(".")
            if figure.key not in ("coverage", "foreign"):
                assert re.search(r"\d+ (scans|beats), \d+ (patients|records)", figure.caption)


def test_text_from_a_card_cannot_become_markup():
    table = Table("<b>", ("", "a"), (("<script>x</script>", "`a<b`"),))
    html = table_html(table)
    assert "<script>" not in html
    assert "<code>a&lt;b</code>" in html
    assert text_html('"&') == "&quot;&amp;"


class _Page(HTMLParser):
    """Collects what a browser would fetch, and the outline."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.tags: list[str] = []
        self.images_without_alt = 0

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.append(tag)
        if tag in ("script", "img", "link", "iframe", "source", "object", "embed"):
            self.fetched += [values[name] for name in ("src", "href", "data") if values.get(name)]
        if values.get("role") == "img" and not values.get("aria-label"):
            self.images_without_alt += 1


@pytest.fixture(scope="module")
def page(scan):
    return model_report_html(scan).decode()


def test_the_file_fetches_nothing_and_is_well_built(page, scan):
    parsed = _Page()
    parsed.feed(page)
    assert parsed.fetched == []
    # Plotly's own code may hold "@import" as text; the page's own style is the first.
    style = page.split("<style>")[1].split("</style>")[0]
    assert "@import" not in style
    assert "url(" not in style
    assert "default-src 'none'" in page
    assert parsed.tags.count("h1") == 1
    assert parsed.tags.count("h2") == len(PARTS)
    assert parsed.tags.count("caption") == parsed.tags.count("table") > 8
    assert parsed.images_without_alt == 0
    assert page.count(NOTICE) == 2
    assert page.count("plotly.js v") >= 1
    assert scan.digest in page


def test_the_json_holds_every_number(scan):
    content = json.loads(model_report_json(scan))
    assert content["notice"] == NOTICE
    assert content["evaluation"] == json.loads(json.dumps(scan.evaluation))
    assert content["card"]["version"] == "3.1"
    assert content["bundle"] == scan.digest


@pytest.mark.parametrize("task", list_tasks())
def test_shipped_cards_compare_on_measures_that_exist(task):
    bundle = load_bundle(task)
    test = bundle.evaluation["splits"]["test"]
    for entry in bundle.card.published:
        found = test
        for step in entry["measure"].split("."):
            found = found[step]
        assert 0 < entry["value"] <= 1
        assert found["value"] is not None
        assert "doi" in entry["source"] or "https://" in entry["source"]


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not on this machine")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_draws_it_without_complaint_and_without_a_network(page, tmp_path, scheme):
    from playwright.sync_api import sync_playwright

    (tmp_path / "report.html").write_text(page)
    complaints, asked = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        view = browser.new_page(color_scheme=scheme, viewport={"width": 800, "height": 900})
        view.on("console", lambda message: complaints.append(message.text))
        view.on("pageerror", lambda error: complaints.append(str(error)))
        view.on("request", lambda request: asked.append(request.url))
        view.goto((tmp_path / "report.html").as_uri())
        figures = page.count('role="img"')
        view.wait_for_function(f"document.querySelectorAll('.main-svg').length >= {figures}")
        background = view.evaluate("getComputedStyle(document.body).backgroundColor")
        wider = view.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        browser.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith(("file:", "blob:", "data:"))] == []
    assert background == ("rgb(15, 21, 25)" if scheme == "dark" else "rgb(255, 255, 255)")
    assert not wider
