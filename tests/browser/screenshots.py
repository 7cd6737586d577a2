"""Take the README's screenshots anew: ``python -m tests.browser.screenshots``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from medmodels.samples import SAMPLES
from tests.browser.conftest import CHROMIUM, ROOT, Server, start_server
from tests.browser.pages import go_to, upload

WIDTH = 1360
FOLDER = ROOT / "assets" / "screenshots"
# Sample to click, plots to wait for, height of the window, and the pieces to keep
# (file name, from and to which pixel row).
SHOTS = {
    "Pneumonia 1": (5, 1900, {"scan": (0, 1900)}),
    "Ventricular ectopic beats": (4, 3300, {"sequence": (560, 1900), "beat": (1900, 3250)}),
}
# Sample that is taken on to the Explanation page, and the height of its window.
EXPLAINED = {"Pneumonia 1": 1640}


def take(folder: Path = FOLDER) -> None:
    """Open a sample case of each kind and save what a person sees."""
    folder.mkdir(parents=True, exist_ok=True)
    server = start_server()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
            for sample, (plots, height, pieces) in SHOTS.items():
                page = _open(browser, server, height)
                page.get_by_role("button", name=sample).first.click()
                page.locator(".js-plotly-plot").nth(plots - 1).wait_for(state="attached")
                page.get_by_text("Tested.", exact=True).first.wait_for()
                page.get_by_test_id("stSpinner").first.wait_for(state="hidden")
                page.wait_for_timeout(3000)
                for name, (top, bottom) in pieces.items():
                    clip = {"x": 0, "y": top, "width": WIDTH, "height": bottom - top}
                    page.screenshot(path=folder / f"{name}.png", clip=clip)
                if sample in EXPLAINED:
                    page.set_viewport_size({"width": WIDTH, "height": EXPLAINED[sample]})
                    go_to(page, "Explanation")
                    page.get_by_text("How often each method passes").first.wait_for()
                    page.wait_for_timeout(4000)
                    page.screenshot(path=folder / "explanation.png")
                page.close()
            page = go_to(_open(browser, server, 1060), "Inside the network")
            page.get_by_text("Sum of all products").first.wait_for()
            page.wait_for_timeout(3000)
            page.screenshot(path=folder / "inside.png")
            page = go_to(_open(browser, server, 1000), "Scan")
            upload(page, "turned.png", (SAMPLES / "chest-normal-1-turned.png").read_bytes())
            page.get_by_text("Lies on its side").first.wait_for()
            page.wait_for_timeout(4000)
            page.screenshot(path=folder / "declined.png")
            page = go_to(_open(browser, server, 1180), "Scan")
            page.get_by_role("radio", name="Blood cells").click()
            page.get_by_text("Which kind of blood cell").first.wait_for()
            _upload_all(page, sorted(SAMPLES.glob("cell-*.png")))
            page.get_by_text("counted").first.wait_for()
            page.wait_for_timeout(6000)
            page.screenshot(path=folder / "cells.png")
            page = _open(browser, server, 1700)
            page.get_by_role("button", name="Three exons and two introns").first.click()
            page.locator(".js-plotly-plot").nth(1).wait_for(state="attached")
            page.wait_for_timeout(6000)
            page.screenshot(path=folder / "bases.png")
            page = go_to(_open(browser, server, 1080), "Worklist")
            _upload_all(page, [*sorted(SAMPLES.glob("chest-*")), SAMPLES / "sinus-rhythm.csv"])
            page.get_by_text("have a finding").first.wait_for()
            page.get_by_text("Maps", exact=True).click()
            page.get_by_alt_text("Map of case").first.wait_for()
            # The arrow keys belong to the switch that was clicked last.
            page.get_by_role("button", name=re.compile("^First")).click()
            page.wait_for_timeout(4000)
            page.screenshot(path=folder / "worklist.png")
            page = go_to(_open(browser, server, 1950), "Model report")
            page.locator(".js-plotly-plot").nth(3).wait_for(state="attached")
            page.wait_for_timeout(4000)
            page.screenshot(path=folder / "report.png")
            browser.close()
    finally:
        server.process.terminate()


def _upload_all(page: Any, paths: list[Path]) -> None:
    page.locator("input[type=file]").last.set_input_files([str(path) for path in paths])


def _open(browser: Any, server: Server, height: int) -> Any:
    page = browser.new_page(viewport={"width": WIDTH, "height": height})
    page.goto(server.url)
    return page


if __name__ == "__main__":
    take()
