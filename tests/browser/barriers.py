"""What axe finds on a page that keeps people out: of serious or critical impact."""

from __future__ import annotations

from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Nothing is asked of rules that axe itself ranks below; one of them takes a third of its time.
_MILDER: Final = """() => axe._audit.rules
  .filter(rule => ['minor', 'moderate'].includes(rule.impact)).map(rule => rule.id)"""


def barriers(page: Page, context: str | None = None) -> list[tuple[str, str, str]]:
    """Return what is found serious or critical, each with its element and how it fails.

    Parameters
    ----------
    page : playwright.sync_api.Page
        Standing still; what is about to be replaced is pale, and nobody reads it.
    context : str, optional
        Selector of the part to look at; else the whole page.
    """
    axe = Axe()
    page.evaluate(axe.axe_script)
    settings: dict[str, Any] = {
        "resultTypes": ["violations"],
        "rules": {rule: {"enabled": False} for rule in page.evaluate(_MILDER)},
    }
    found = axe.run(page, context, settings).response["violations"]
    return [
        (entry["id"], node["html"][:200], node["failureSummary"][:300])
        for entry in found
        if entry["impact"] in ("serious", "critical")
        for node in entry["nodes"]
    ]
