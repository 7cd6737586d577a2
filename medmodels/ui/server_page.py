"""The page that the server sends to a browser: Streamlit's, under our name and with our styles.

Styles that a page adds itself (``st.html``) come when Streamlit has fetched what draws
them, on a busy machine after the first controls: until then nothing shows which of
them has the focus, and when they come everything moves.
"""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit
from starlette.datastructures import Headers
from starlette.responses import Response

from medmodels.ui.server_headers import MEDIA

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ASSETS: Final = Path(__file__).resolve().parents[2] / "assets"


@cache
def own_page() -> bytes:
    """Return Streamlit's page with Diaphane's name, sign and styles, in UTF-8.

    The styles stand in its body: what Streamlit adds to its head while it draws would
    win over them there.
    """
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    sign = base64.b64encode((_ASSETS / "icon.svg").read_bytes()).decode()
    styles = (_ASSETS / "style.css").read_text(encoding="utf-8")
    root = '<div id="root">'
    for theirs, ours in (
        ("<title>Streamlit</title>", "<title>Diaphane</title>"),
        ('href="./favicon.png"', f'href="data:image/svg+xml;base64,{sign}"'),
        (root, f"<style>\n{styles}</style>\n    {root}"),
    ):
        page = page.replace(theirs, ours, 1)
    return page.encode()


class OwnPage:
    """Middleware that sends `own_page` where Streamlit sends its page.

    Parameters
    ----------
    app : ASGI application
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back, or the page in its place."""
        if scope["type"] != "http" or scope["path"].startswith(MEDIA):
            await self._app(scope, receive, send)
            return
        ours = False

        async def with_page(message: Message) -> None:
            nonlocal ours
            if message["type"] == "http.response.start":
                kind = Headers(scope=message).get("content-type", "")
                # A 304 has nothing to replace, and a part of the page is not the whole.
                ours = message["status"] == 200 and kind.startswith("text/html")
                if ours:
                    await Response(own_page(), media_type="text/html")(scope, receive, send)
            if not ours:
                await send(message)

        await self._app(scope, receive, with_page)
