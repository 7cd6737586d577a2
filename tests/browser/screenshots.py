"""Take the README's screenshots anew: ``python -m tests.browser.screenshots``."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM, ROOT, start_server

WIDTH = 1360
FOLDER = ROOT / "assets" / "screenshots"
# Sample to click, plots to wait for, height of the window, and the pieces to keep
# (file name, from and to which pixel row).
SHOTS = {
    "Pneumonia 1": (3, 1520, {"scan": (0, 1520)}),
    "Ventricular ectopic beats": (4, 3300, {"sequence": (560, 1900), "beat": (1900, 3250)}),
}


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
                page = browser.new_page(viewport={"width": WIDTH, "height": height})
                page.goto(server.url)
                page.get_by_role("button", name=sample).first.click()
                page.wait_for_function(
                    f"document.querySelectorAll('.js-plotly-plot').length >= {plots}"
                )
                page.get_by_test_id("stSpinner").first.wait_for(state="hidden")
                page.wait_for_timeout(5000)
                for name, (top, bottom) in pieces.items():
                    clip = {"x": 0, "y": top, "width": WIDTH, "height": bottom - top}
                    page.screenshot(path=folder / f"{name}.png", clip=clip)
                page.close()
            browser.close()
    finally:
        server.process.terminate()


if __name__ == "__main__":
    take()
