"""The server dies, the disk is full, networks go away: said plainly, and the rest works on.

Tests that kill their server share one, with tiny bundles, which is started again each time;
where bundles are damaged or nothing can be written, a test has a server of its own.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from medmodels import NOTICE
from tests.browser.own_server import Server, running
from tests.browser.pages import go_to, upload
from tests.browser.standing_still import stand_still
from tests.bundles_fixture import (
    made_ramps,
    write_tiny_sequence_bundle,
    write_tiny_signal_bundle,
    write_trusting_scan_bundle,
)
from tests.inputs.ecg_drawing import draw
from tests.worklist.made_files import png

pytestmark = pytest.mark.browser

NOT_ON_SCREEN = re.compile(r"Traceback|Error:|tensorflow|\.py\b|/site-packages|Jane")


@pytest.fixture(scope="module")
def made_bundles(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("bundles")
    write_trusting_scan_bundle(root)
    write_tiny_signal_bundle(root)
    write_tiny_sequence_bundle(root)
    return root


@pytest.fixture
def bundles(made_bundles, tmp_path) -> Path:
    """A copy that a test may damage."""
    return Path(shutil.copytree(made_bundles, tmp_path / "bundles"))


@pytest.fixture
def visit(browser):
    """Open a page of a server; errors of the network are what these tests are about."""
    contexts = []

    def opened(server: Server, path: str = "/scan"):
        context = browser.new_context(viewport={"width": 1300, "height": 1000})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(server.url + path)
        server.visited = True
        return page

    yield opened
    for context in contexts:
        context.close()


def _scan(number: int = 0) -> bytes:
    return png(np.asarray(made_ramps(number + 1)[number]))


def _recording() -> bytes:
    signal_ = draw(np.arange(0.5, 9.6, 0.8), 250, 10)
    rows = (f"{i / 250:.3f},{a:.4f},{b:.4f}" for i, (a, b) in enumerate(signal_.samples))
    return ("time (s),MLII (mV),V1 (mV)\n" + "\n".join(rows) + "\n").encode()


def _plain(page) -> None:
    """What is on screen is for a clinician, and the notice is there."""
    text = page.locator("[data-testid=stMain]").inner_text()
    assert NOTICE.rstrip(".") in text
    # The browser's own list of chosen files holds their names; it is not the server's.
    for name in page.locator("[data-testid=stFileUploader]").all_inner_texts():
        text = text.replace(name, "")
    assert not NOT_ON_SCREEN.search(text), NOT_ON_SCREEN.search(text)


@pytest.fixture(scope="module")
def mortal(made_bundles) -> Iterator[Server]:
    """A server that is killed and started again."""
    with running(made_bundles) as server:
        yield server
        _says_nothing_of_anybody(server)


def _open_a_scan(page, number: int = 0) -> None:
    upload(page, "Jane Doe.png", _scan(number))
    expect(page.get_by_test_id("answer").first).to_be_visible()


def _die_and_come_back(server: Server) -> None:
    server.kill()
    server.start()


def _reading_goes_on(page, server: Server, gone: str = "The connection was lost") -> None:
    """It is said what happened; with the next file that is over, and nothing leaked anywhere."""
    _plain(page)
    _open_a_scan(page, 1)
    expect(page.get_by_text(gone)).to_have_count(0)
    _says_nothing_of_anybody(server)


def _says_nothing_of_anybody(server: Server) -> None:
    assert "Traceback" not in server.log
    assert "Jane" not in server.log


def test_a_server_that_dies_while_a_file_is_read_comes_back_and_says_that_it_was_not(mortal, visit):
    if mortal.visited:
        _die_and_come_back(mortal)
    page = visit(mortal)
    # The first reading waits for the network to be loaded, which takes seconds.
    upload(page, "Jane Doe.png", _scan())
    expect(page.get_by_text("Loading the network").first).to_be_visible()
    _die_and_come_back(mortal)
    expect(page.get_by_text("the file that was being read").first).to_be_visible()
    expect(page.get_by_test_id("answer")).to_have_count(0)
    _reading_goes_on(page, mortal)


def test_a_server_that_dies_while_a_file_is_on_its_way_comes_back_and_says_so(
    mortal, visit, tmp_path
):
    page = visit(mortal)
    chooser = page.locator("input[type=file]").first
    chooser.wait_for(state="attached")
    assert stand_still(page)
    # A line that takes 1 MB a second: the file needs 20 s.
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1}
    line.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": 1_000_000})
    file = tmp_path / "Jane Doe.png"
    file.write_bytes(_scan() + bytes(20_000_000))
    with page.expect_request(lambda request: request.method == "PUT"):
        chooser.set_input_files(file)
    _die_and_come_back(mortal)
    line.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    # Nobody clicks anything.
    expect(page.get_by_text("A file that was on its way has not arrived").first).to_be_visible()
    _reading_goes_on(page, mortal)


def test_a_server_that_dies_in_the_middle_comes_back_and_says_what_was_lost(mortal, visit):
    page = visit(mortal)
    _open_a_scan(page)
    expect(page.get_by_text("Not reliable", exact=True).first).to_be_visible()
    page.wait_for_timeout(1000)
    _die_and_come_back(mortal)
    # Nobody clicks anything.
    expect(page.get_by_text("The connection was lost").first).to_be_visible()
    expect(page.get_by_text("the open scan").first).to_be_visible()
    expect(page.get_by_test_id("answer")).to_have_count(0)
    _reading_goes_on(page, mortal)
    # Another visitor has lost nothing.
    other = visit(mortal)
    expect(other.get_by_text("Upload a scan, or click a sample case").first).to_be_visible()
    expect(other.get_by_text("The connection was lost")).to_have_count(0)


def test_a_page_that_is_loaded_anew_says_what_is_not_kept_and_leaves_nothing_in_the_browser(
    mortal, visit
):
    page = visit(mortal)
    _open_a_scan(page)
    other = visit(mortal)  # another browser, which has lost nothing
    expect(other.get_by_text("Upload a scan, or click a sample case").first).to_be_visible()
    page.reload()
    expect(page.get_by_text("This page was loaded anew").first).to_be_visible()
    expect(page.get_by_text("the open scan").first).to_be_visible()
    assert page.url == mortal.url + "/scan"
    other.reload()
    expect(other.get_by_text("Upload a scan, or click a sample case").first).to_be_visible()
    expect(other.get_by_text("was loaded anew")).to_have_count(0)
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert not re.search("scan-case|ecg|Jane|open", kept)
    assert [one["name"] for one in page.context.cookies()] == ["_streamlit_xsrf"]
    _reading_goes_on(page, mortal, gone="was loaded anew")

    page.wait_for_timeout(1000)  # a browser's token says when it was given, to the second
    _die_and_come_back(mortal)
    page.reload()
    expect(page.get_by_text("Diaphane was started anew since you were here").first
           ).to_be_visible()  # fmt: skip
    page.reload()
    expect(page.get_by_text("Upload a scan, or click a sample case").first).to_be_visible()
    expect(page.get_by_text("was started anew")).to_have_count(0)
    _plain(page)


def test_on_a_full_disk_reading_goes_on_and_reviews_are_said_not_to_be_kept(
    bundles, visit, tmp_path
):
    reviews = tmp_path / "reviews" / "reviews.sqlite"
    # Not one byte can be written to any file.
    with running(bundles, largest_file=0, DIAPHANE_REVIEWS=str(reviews)) as server:
        page = visit(server, "/worklist")
        expect(page.get_by_role("radio", name="Tiny scan").first).to_have_attribute(
            "aria-checked", "true"
        )
        page.locator("input[type=file]").first.set_input_files([
            {"name": f"Jane {i}.png", "mimeType": "image/png", "buffer": _scan(i)}
            for i in range(3)
        ])  # fmt: skip
        expect(page.get_by_role("button", name=re.compile(r"Case \d"))).to_have_count(3)
        page.get_by_role("button", name=re.compile("^First")).click()
        page.get_by_role("button", name=re.compile("^Accept")).click()
        expect(page.get_by_text("1 reviewed.").first).to_be_visible()
        page.get_by_text("Keep my reviews on this computer").click()
        expect(page.get_by_text("Reviews cannot be kept.").first).to_be_visible()
        expect(page.get_by_text("What to do").first).to_be_visible()
        # What was said is still said, and the next case can be judged.
        expect(page.get_by_text("1 reviewed.").first).to_be_visible()
        page.get_by_role("button", name=re.compile("^Disagree")).click()
        expect(page.get_by_text("2 reviewed.").first).to_be_visible()
        _plain(page)
        go_to(page, "Scan")
        upload(page, "Jane Doe.png", _scan())
        expect(page.get_by_test_id("answer").first).to_be_visible()
        _plain(page)
        assert not reviews.exists() or reviews.stat().st_size == 0
        assert "Traceback" not in server.log


def test_networks_that_go_away_or_change_are_named_and_the_others_work_on(bundles, visit):
    with running(bundles) as server:
        page = visit(server)
        upload(page, "scan.png", _scan())
        expect(page.get_by_test_id("answer").first).to_be_visible()

        shutil.rmtree(bundles / "tiny-signal")
        go_to(page, "Sequence")
        expect(page.get_by_text("bases").first).to_be_visible()
        upload(page, "recording.csv", _recording())
        expect(page.get_by_text("What to do").first).to_be_visible()
        _plain(page)

        damaged = bundles / "tiny-sequence" / "network.keras"
        data = bytearray(damaged.read_bytes())
        data[1000] ^= 1
        damaged.write_bytes(bytes(data))
        go_to(page, "Home")
        expect(page.get_by_text("A network is not used.").first).to_be_visible()
        expect(
            page.get_by_text("tiny-sequence/network.keras has been changed").first
        ).to_be_visible()
        _plain(page)

        # The one that is whole works on, with what was open.
        go_to(page, "Scan")
        expect(page.get_by_test_id("answer").first).to_be_visible()
        upload(page, "scan.png", _scan(2))
        expect(page.get_by_test_id("answer").first).to_be_visible()

        for folder in list(bundles.iterdir()):
            shutil.rmtree(folder)
        for place in ("Home", "Scan", "Sequence", "Worklist", "Explanation", "Model report"):
            go_to(page, place)
            expect(page.get_by_text("is installed").or_(page.get_by_text("Nothing is open")).first
                   ).to_be_visible()  # fmt: skip
            _plain(page)
        assert "Traceback" not in server.log
