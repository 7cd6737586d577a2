"""The page that the server sends first."""

from __future__ import annotations

import anyio
import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from medmodels.ui.server_page import OwnPage, own_page

STATUS = {"/": 200, "/gone": 404, "/unchanged": 304, "/media/report.html": 200}


def answer_to(path, method="GET"):
    """What a browser gets where Streamlit would send "theirs"."""

    def theirs(request):
        if request.url.path == "/words":
            return PlainTextResponse("theirs")
        status = STATUS[request.url.path]
        return Response(status_code=304) if status == 304 else HTMLResponse("theirs", status)

    app = OwnPage(Starlette(routes=[Route("/{path:path}", theirs)]))
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": path, "raw_path": path.encode(), "method": method,
             "headers": [], "query_string": b"", "root_path": "", "http_version": "1.1",
             "scheme": "http", "server": ("127.0.0.1", 80)}  # fmt: skip
    anyio.run(app, scope, receive, send)
    assert [message["type"] for message in sent].count("http.response.start") == 1
    headers = dict(sent[0]["headers"])
    return sent[0]["status"], headers, b"".join(one.get("body", b"") for one in sent[1:])


def test_it_has_our_name_sign_and_styles_and_streamlits_program():
    page = own_page().decode()
    assert "<title>Diaphane</title>" in page
    assert "favicon.png" not in page
    assert "<title>Streamlit</title>" not in page
    head, body = page.split("<body>")
    assert '<script type="module"' in head
    # In the head they would come before those that Streamlit adds, and lose.
    assert "a:focus-visible" in body.split('<div id="root">')[0]


def test_it_takes_the_place_of_streamlits_page():
    status, headers, body = answer_to("/")
    assert (status, body) == (200, own_page())
    assert headers[b"content-length"] == str(len(body)).encode()


@pytest.mark.parametrize(
    ("path", "wanted"),
    [("/gone", b"theirs"), ("/unchanged", b""), ("/media/report.html", b"theirs"),
     ("/words", b"theirs")],
)  # fmt: skip
def test_whatever_else_is_asked_for_is_sent_as_it_is(path, wanted):
    status, _, body = answer_to(path)
    assert status == STATUS.get(path, 200)
    assert body == wanted
