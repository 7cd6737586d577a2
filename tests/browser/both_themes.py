"""One page in both themes: it is looked at, the reader's screen turns, it is looked at again.

That a page recolours itself without a key is seen in ``test_scan.py``; here nobody waits for it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from playwright.sync_api import Page

from medmodels.figures.theme import DARK, LIGHT, Palette
from tests.browser.standing_still import stand_still

_BACKGROUND = (
    "() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
)
# What only the dark theme's drawing holds: the server has been told, and has drawn for it.
_DRAWN_DARK = """() => [...document.querySelectorAll('style')]
  .some(one => one.textContent.includes('button[kind="primary"]'))"""
_MOST_S, _BETWEEN_PRESSES_S = 60.0, 3.0


def in_both_themes(page: Page, widths: tuple[int, int] | None = None) -> Iterator[str]:
    """Yield "light" and "dark", that which is there first, with the page drawn for it.

    Parameters
    ----------
    page : playwright.sync_api.Page
    widths : tuple of int, optional
        Of the window in the one and in the other, pixels.
    """
    first = "dark" if page.evaluate(_BACKGROUND) == rgb(DARK.background) else "light"
    for number, scheme in enumerate((first, "light" if first == "dark" else "dark")):
        if widths:
            page.set_viewport_size({"width": widths[number], "height": 1000})
        if number:
            turn(page, scheme)
        yield scheme


def turn(page: Page, scheme: str) -> None:
    """Let the reader's screen turn "light" or "dark", until server and browser have drawn for it.

    The server looks for that every ten seconds; R asks for a drawing at once.
    """
    palette: Palette = DARK if scheme == "dark" else LIGHT
    until = time.monotonic() + _MOST_S
    page.emulate_media(color_scheme=scheme)
    while page.evaluate(_BACKGROUND) != rgb(palette.background):
        assert time.monotonic() < until, f"the browser does not turn {scheme}"
        page.wait_for_timeout(20)
    pressed = 0.0
    while page.evaluate(_DRAWN_DARK) is not (scheme == "dark"):
        assert time.monotonic() < until, f"the server does not draw for a {scheme} screen"
        if time.monotonic() - pressed > _BETWEEN_PRESSES_S:
            page.evaluate("document.activeElement.blur()")
            page.keyboard.press("r")
            pressed = time.monotonic()
        page.wait_for_timeout(50)
    assert stand_still(page)


def rgb(colour: str) -> str:
    """Return "#rrggbb" as browsers say it."""
    red, green, blue = bytes.fromhex(colour[1:])
    return f"rgb({red}, {green}, {blue})"
