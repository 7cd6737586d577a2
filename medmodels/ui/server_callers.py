"""Who may talk to the server: pages that it served itself, under a name it is known by.

The server listens on this machine only; but every page in a browser on this
machine can reach it. Three doors are shut to them: a name of their own that they
have pointed at this machine (DNS rebinding), requests sent across sites, and
websockets, which no browser keeps within a site.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from streamlit import config
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from medmodels.ui.server_headers import headers_for

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

#: Where no name is configured (``server.allowedHosts``).
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_READS: Final = ("GET", "HEAD", "OPTIONS")
# Of Fetch Metadata (W3C): typed by the visitor, or asked for by a page of this very server.
_OWN: Final = ("none", "same-origin")


def refusal(kind: str, method: str, headers: Headers) -> str | None:
    """Say why a request is not answered.

    Parameters
    ----------
    kind : str
        "http" or "websocket".
    method : str
        "GET", "PUT", ...; of a websocket nothing.
    headers : Headers

    Returns
    -------
    str or None
        None where it is.
    """
    host = headers.get("host")
    if not _is_known(host):
        return (
            "This address is not one that Diaphane answers to. "
            "Open it as http://127.0.0.1 with its port."
        )
    origin = headers.get("origin")
    changes = kind == "websocket" or method not in _READS
    if origin is not None and changes and not _is_own(origin, host):
        return "Another page asked for this; only Diaphane’s own pages may."
    site = headers.get("sec-fetch-site")
    if site is None or site in _OWN or (origin is not None and _is_allowed(origin)):
        return None
    # A link on another page may lead here; nothing else of other pages may reach anything.
    follows = (
        kind == "http"
        and method == "GET"
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
    )
    return None if follows else "Another page asked for this; only Diaphane’s own pages may."


class KnownCallers:
    """Middleware that answers only requests without a `refusal`.

    Parameters
    ----------
    app : ASGI application
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it before anything of it is read."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        method = scope.get("method", "")
        reason = refusal(scope["type"], method, Headers(scope=scope))
        if reason is None:
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # RFC 6455: policy violation
            return
        answer = PlainTextResponse(reason, 403, headers_for(scope["path"]))
        await answer(scope, receive, send)


def _is_known(host: str | None) -> bool:
    """Whether the Host header names this server; without a configured name, the machine itself."""
    if config.get_option("server.allowedHosts"):
        return is_host_allowed(host)
    try:
        return host is not None and urlsplit(f"//{host}").hostname in LOOPBACK
    except ValueError:
        return False


def _is_own(origin: str, host: str | None) -> bool:
    parts = urlsplit(origin)
    same = parts.scheme in ("http", "https") and parts.netloc == host
    return same or _is_allowed(origin)


def _is_allowed(origin: str) -> bool:
    return origin in (config.get_option("server.corsAllowedOrigins") or ())
