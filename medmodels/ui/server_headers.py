"""What the browser is told about every answer of the server: where content may come from.

Sources: W3C Content Security Policy Level 3; Fetch standard (CORP, COOP); the
OWASP Secure Headers Project for the rest.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit
from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INLINE: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
# Streamlit's own program and fonts: the same for everyone, nothing of an upload.
_PROGRAM: Final = "/static/"
#: What pages show and offer for download: made from uploads. It is never a page of its own.
MEDIA: Final = "/media/"
_MEDIA_POLICY: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"
_DENIED: Final = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "gamepad",
    "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer",
    "microphone", "midi", "payment", "picture-in-picture", "publickey-credentials-get",
    "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip


@cache
def page_policy() -> str:
    """Return the Content-Security-Policy of the page.

    Three things had to be allowed beside the server itself. ``style-src
    'unsafe-inline'``: Streamlit (emotion), its table and Plotly write style
    elements and attributes into the page, and so do the pages' own styles.
    ``data:`` and ``blob:`` for pictures: Plotly draws heatmaps and exports them
    so, and small pictures stand in the page itself. ``data:`` for fonts: a few
    signs of Streamlit's formulas come so. Streamlit's one inline script is
    allowed by its digest, taken from the installed page; no other, and no
    ``eval``.

    Returns
    -------
    str
        One line.
    """
    index = Path(streamlit.__file__).parent / "static" / "index.html"
    scripts = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in _INLINE.findall(index.read_text(encoding="utf-8"))
    )
    return "; ".join((
        "default-src 'none'",
        f"script-src 'self' {scripts}".strip(),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'none'",
        "media-src 'none'",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ))  # fmt: skip


def headers_for(path: str) -> dict[str, str]:
    """Return the headers that an answer to a request must have.

    Parameters
    ----------
    path : str
        Of the request.

    Returns
    -------
    dict of str to str
        All but Streamlit's own program are not to be stored by any cache: a browser
        would keep pictures of an upload on its disk.
    """
    found = {
        "Content-Security-Policy": _MEDIA_POLICY if path.startswith(MEDIA) else page_policy(),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in _DENIED),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Permitted-Cross-Domain-Policies": "none",
        "X-Robots-Tag": "noindex, nofollow",
    }
    if not path.startswith(_PROGRAM):
        found["Cache-Control"] = "no-store"
    return found


class SafeHeaders:
    """Middleware that adds `headers_for` to every answer.

    Parameters
    ----------
    app : ASGI application
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back with its headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wanted = headers_for(scope["path"])

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in wanted.items():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, with_headers)
