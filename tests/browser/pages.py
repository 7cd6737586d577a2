"""What a person does on any page."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.standing_still import stand_still, stand_unchanged


def go_to(page: Any, place: str) -> Any:
    """Follow the link in the navigation, as a person would, until the page is there."""
    link = page.get_by_role("link", name=place, exact=True).first
    link.click()
    expect(link).to_have_attribute("aria-current", "page")
    page.get_by_role("heading", level=1).first.wait_for()
    stand_still(page)
    return page


def upload(page: Any, name: str, content: bytes) -> None:
    """Choose a file in the page's uploader."""
    page.locator("input[type=file]").first.set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )


def no_sideways_scrolling(page: Any) -> None:
    """Nothing is wider than the window."""
    stand_unchanged(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert not page.evaluate(
        "[...document.querySelectorAll('[data-testid=stMain]')]"
        ".some(e => e.scrollWidth > e.clientWidth + 1)"
    )


def drag_over(canvas: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw over a figure as a person does: in the middle of the window, once it stands still.

    Parameters
    ----------
    canvas : Locator
        The part of a figure that takes the pointer.
    start, end : tuple of float
        Shares of its width and of its height.
    """
    page = canvas.page
    stand_still(page)
    # The bar on top lies over what is only just in the window.
    canvas.evaluate("one => one.scrollIntoView({block: 'center'})")
    stand_unchanged(page)
    box = canvas.bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=8)
    page.mouse.up()
