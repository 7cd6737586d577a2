"""Main buttons can be read in the dark theme, those of forms too."""

from __future__ import annotations

import re

from streamlit.testing.v1 import AppTest

from medmodels.figures.theme import DARK
from medmodels.ui import theme


def _styled() -> None:
    from medmodels.ui.theme import apply_styles

    apply_styles()


def test_every_main_button_is_dark_on_light_where_the_page_is_dark(monkeypatch):
    monkeypatch.setattr(theme, "palette", lambda: DARK)
    page = AppTest.from_function(_styled).run()
    style = page.get("html")[0].proto.body
    rule = re.search(rf"([^}}]*)\{{ color: {DARK.background} !important; \}}", style)
    # Streamlit 1.67 gives a form's button a kind of its own.
    assert set(re.findall(r'kind="(\w+)"', rule[1])) == {"primary", "primaryFormSubmit"}
