"""People act on a page that stands still; what a page is about to replace takes no press.

While a page is drawn anew the elements of the drawing before are still there,
pale: a press on one of them is lost, and so is a file that is given to it. A
person sees that; a test has to be told.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Final

import pytest
from playwright.sync_api import Error, Locator

#: Seconds for which nothing is drawn, and seconds to wait for that at most.
_STILL_S: Final = 0.25
_MOST_S: Final = 60.0
#: A page that plays or watches its work is drawn again and again, and can be pressed all the same.
_BEFORE_A_PRESS_S: Final = 15.0
_BETWEEN_MS: Final = 50
_MOVES = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  return !app || app.dataset.testScriptState !== 'notRunning'
    || document.querySelector('[data-stale=true]') !== null;
}"""


def stand_still(page: Any, most_s: float = _MOST_S) -> bool:
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
    end = time.monotonic() + most_s
    since = None
    while time.monotonic() < end:
        try:
            moves = page.evaluate(_MOVES)
        except Error:  # a page that is just being left
            moves = True
        now = time.monotonic()
        if moves:
            since = None
        elif since is None:
            since = now
        elif now - since >= _STILL_S:
            return True
        page.wait_for_timeout(_BETWEEN_MS)
    return False


@contextmanager
def patient_people() -> Iterator[None]:
    """Let every click, focus and file of the tests wait for a page that stands still."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("click", "fill", "press", "focus", "set_input_files"):
            patch.setattr(Locator, name, _after_stillness(getattr(Locator, name)))
        yield


def _after_stillness(act: Any) -> Any:
    @wraps(act)
    def acts(self: Locator, *args: Any, **settings: Any) -> Any:
        stand_still(self.page, _BEFORE_A_PRESS_S)
        return act(self, *args, **settings)

    return acts
