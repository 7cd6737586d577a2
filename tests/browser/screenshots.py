"""Take the README's screenshots anew: ``python -m tests.browser.screenshots``."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM, ROOT, start_server

FOLDER = ROOT / "assets" / "screenshots"
SHOTS = {
    "scan": ("Pneumonia 1", "12 × 12 cells", 1150),
    "sequence": ("Ventricular ectopic beats", "The map", 2600),
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
            for name, (sample, sign, height) in SHOTS.items():
                page = browser.new_page(viewport={"width": 1280, "height": height})
                page.goto(server.url)
                page.get_by_role("button", name=sample).first.click()
                page.get_by_text(sign).first.wait_for(timeout=90_000)
                page.wait_for_timeout(3000)
                page.screenshot(path=folder / f"{name}.png")
                page.close()
            browser.close()
    finally:
        server.process.terminate()


if __name__ == "__main__":
    take()
