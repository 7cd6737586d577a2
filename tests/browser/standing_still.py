"""People act on a page that stands still; what a page is about to replace takes no press.

While a page is drawn anew the elements of the drawing before are still there,
pale: a press on one of them is lost, and so is a file that is given to it. A
person sees that; a test has to be told.

The page itself notes when anything of it last moved, so that what has stood still
long enough need not be watched for that long once more.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Final

import pytest
from playwright.sync_api import Error, Keyboard, Locator, Mouse, Page

#: Seconds for which nothing is asked for or drawn, and seconds to wait for that at most.
_STILL_S: Final = 0.25
_MOST_S: Final = 60.0
#: Seconds for which nothing at all changes on a page that has been drawn out.
_UNCHANGED_S: Final = 0.3
_MOST_UNCHANGED_S: Final = 5.0
#: A page that plays or watches its work is drawn again and again, and can be pressed all the same.
_BEFORE_A_PRESS_S: Final = 15.0
_BETWEEN_S: Final = 0.05
#: For how many seconds nothing of the page has been asked for or drawn, and nothing has changed.
_STILLNESS: Final = """() => {
  const moves = () => {
    const app = document.querySelector('[data-testid=stApp]');
    return !app || app.dataset.testScriptState !== 'notRunning'
      || document.querySelector('[data-stale=true]') !== null;
  };
  let seen = window.testStillness;
  const look = () => {
    const now = performance.now(), before = seen.moving;
    seen.moving = moves();
    // It moved until now, too, where this is the moment that it came to a stop.
    if (before || seen.moving) seen.moved = now;
    return now;
  };
  if (!seen) {
    seen = window.testStillness = {moving: true, changed: performance.now()};
    new MutationObserver(() => { seen.changed = look(); }).observe(
      document, {subtree: true, childList: true, attributes: true, characterData: true});
  }
  const now = look();
  return {drawn: (now - seen.moved) / 1000, unchanged: (now - seen.changed) / 1000};
}"""
# When a test last did something to any page: what comes of it may take the page a moment.
_acted = 0.0


def stand_still(page: Page, most_s: float = _MOST_S) -> bool:
    """Wait until nothing of a page is being drawn.

    Parameters
    ----------
    page : playwright.sync_api.Page
    most_s : float
        Seconds, after which it is not waited for any longer.

    Returns
    -------
    bool
        Whether the page stands still.
    """
    return _wait(page, "drawn", _STILL_S, most_s)


def stand_unchanged(page: Page) -> None:
    """Wait until a page stands still, and its figures have been drawn out as well.

    Not longer than some seconds: what counts or plays may change as long as it likes.
    """
    assert stand_still(page)
    _wait(page, "unchanged", _UNCHANGED_S, _MOST_UNCHANGED_S)


def _wait(page: Page, what: str, wanted_s: float, most_s: float) -> bool:
    end = time.monotonic() + most_s
    while True:
        try:
            still = page.evaluate(_STILLNESS)[what]
        except Error:  # a page that is just being left
            still = 0.0
        now = time.monotonic()
        missing = wanted_s - min(still, now - _acted)
        if missing <= 0:
            return True
        if now >= end:
            return False
        page.wait_for_timeout(1000 * (missing if still > 0 else _BETWEEN_S))


@contextmanager
def patient_people() -> Iterator[None]:
    """Let every click, focus and file of the tests wait for a page that stands still."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("click", "fill", "press", "focus", "set_input_files"):
            patch.setattr(Locator, name, _act(getattr(Locator, name), patient=True))
        for kind, names in (
            (Keyboard, ("press", "type", "up", "insert_text")),
            (Mouse, ("click", "down", "move", "up", "wheel")),
            (Page, ("emulate_media", "goto", "reload", "set_viewport_size")),
        ):
            for name in names:
                patch.setattr(kind, name, _act(getattr(kind, name)))
        yield


def _act(act: Any, *, patient: bool = False) -> Any:
    @wraps(act)
    def acts(self: Any, *args: Any, **settings: Any) -> Any:
        global _acted
        if patient:
            stand_still(self.page, _BEFORE_A_PRESS_S)
        try:
            return act(self, *args, **settings)
        finally:
            _acted = time.monotonic()

    return acts
