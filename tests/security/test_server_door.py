"""Whom the server answers, with which headers, and how much it takes."""

from __future__ import annotations

import http.client
import json
import re
import socket
import uuid

import pytest
from starlette.datastructures import Headers
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from medmodels.ui.server_callers import refusal
from medmodels.ui.server_headers import headers_for, page_policy

PATHS = (
    "/", "/scan", "/static/manifest.json", "/media/0123456789abcdef.png", "/_stcore/health",
    "/_stcore/host-config", "/_stcore/metrics", "/_stcore/upload_file/a/b", "/nowhere/at/all",
    "/component/x/index.html",
)  # fmt: skip


def ask(door, path, method="GET", body=None, **headers):
    """Send one request; return status, headers and body."""
    host, port = door.address.split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=20)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body=body, headers=given)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, Headers(dict(answer.getheaders())), content


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_every_header(door, path):
    _, headers, _ = ask(door, path)
    for name, value in headers_for(path).items():
        assert headers[name] == value, name
    if not path.startswith("/static/"):
        assert headers["cache-control"] == "no-store"


def test_a_refused_request_has_them_too(door):
    status, headers, _ = ask(door, "/", Host="evil.example")
    assert status == 403
    assert headers["content-security-policy"] == page_policy()


def test_the_policy_allows_no_script_but_the_servers_and_no_page_around_it():
    rules = dict(rule.split(" ", 1) for rule in page_policy().split("; "))
    assert rules["default-src"] == "'none'"
    assert re.fullmatch(r"'self'( 'sha256-[\w+/=]+')*", rules["script-src"])
    for name in ("object-src", "frame-src", "frame-ancestors", "form-action", "worker-src"):
        assert rules[name] == "'none'"
    assert rules["connect-src"] == rules["base-uri"] == "'self'"
    # nothing of any rule names another place or allows every one
    assert not re.search(r"https?:|\*|unsafe-eval|unsafe-hashes", page_policy())


def test_what_is_made_of_an_upload_is_never_a_page_of_its_own():
    policy = headers_for("/media/x.svg")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy


@pytest.mark.parametrize("path", ["interact", "mcp"])
def test_no_other_program_drives_a_session(door, path):
    status, _, content = ask(
        door, f"/_stcore/agent/{path}", "POST", b"{}", Content_Type="application/json"
    )
    assert status in (400, 403)
    assert b"not_available" in content


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8501", "evil@127.0.0.1",
     "127.0.0.1:80:80", "[::1", "", "192.0.2.7", "0.0.0.0"],
)  # fmt: skip
def test_another_name_for_this_machine_gets_no_answer(door, host):
    status, _, content = ask(door, "/", Host=host)
    assert status in (400, 403)
    assert b"root" not in content


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8501", "LOCALHOST", "[::1]:8501"])
def test_this_machines_own_names_do(door, host):
    assert ask(door, "/", Host=host)[0] == 200


def test_a_page_elsewhere_reaches_nothing_but_a_link(door):
    other = {"Origin": "http://evil.example", "Sec_Fetch_Site": "cross-site"}
    for path in ("/_stcore/health", "/media/x.png", "/static/manifest.json"):
        assert ask(door, path, **other, Sec_Fetch_Mode="no-cors")[0] == 403
    # another program on this machine is another site's page, too
    assert ask(door, "/_stcore/health", Sec_Fetch_Site="same-site")[0] == 403
    assert ask(door, "/", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate",
               Sec_Fetch_Dest="iframe")[0] == 403  # fmt: skip
    assert ask(door, "/", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate",
               Sec_Fetch_Dest="document")[0] == 200  # fmt: skip
    assert ask(door, "/", Sec_Fetch_Site="none", Sec_Fetch_Mode="navigate")[0] == 200


def test_a_change_asked_for_elsewhere_is_refused_without_fetch_metadata_too(door):
    for method in ("PUT", "POST", "DELETE"):
        status, _, _ = ask(
            door, "/_stcore/upload_file/a/b", method, b"x", Origin="http://127.0.0.1:3000"
        )
        assert status == 403


def test_an_address_that_is_configured_is_answered(monkeypatch):
    from streamlit import config

    asked = Headers({"host": "reading.example:8501"})
    assert refusal("http", "GET", asked) is not None
    known = ["127.0.0.1", "reading.example"]
    real = config.get_option
    monkeypatch.setattr(
        config, "get_option", lambda key: known if key == "server.allowedHosts" else real(key)
    )
    assert refusal("http", "GET", asked) is None


@pytest.mark.parametrize(
    ("host", "origin"),
    [("evil.example", None), ("evil.example", "http://evil.example"),
     (None, "http://evil.example"), (None, "null"), (None, "http://127.0.0.1:3000"),
     (None, "https://localhost")],
)  # fmt: skip
def test_a_websocket_of_another_page_is_not_opened(door, host, origin):
    address, port = door.address.split(":")
    with (
        socket.create_connection((address, int(port))) as line,
        pytest.raises(InvalidStatus) as refused,
        connect(f"ws://{host or door.address}/_stcore/stream", origin=origin, sock=line),
    ):
        pass
    assert refused.value.response.status_code == 403
    # Streamlit itself would have asked the Internet for its own address to compare with.
    assert [call for call in door.events("call") if "getaddrinfo" in call[0]] == []


class Visitor:
    """A session, as the page's own program opens one."""

    def __init__(self, door, line, token):
        self.door, self.line, self.token = door, line, token
        ask_for_page = BackMsg()
        ask_for_page.rerun_script.query_string = ""
        line.send(ask_for_page.SerializeToString())
        self.session = self.next("new_session").new_session.initialize.session_id

    def next(self, kind):
        while True:
            message = ForwardMsg()
            message.ParseFromString(self.line.recv(timeout=30))
            if message.WhichOneof("type") == kind:
                return message

    def put(self, body, *, token=None, headers=(), kind="multipart/form-data; boundary=zz"):
        token = self.token if token is None else token
        return ask(
            self.door, f"/_stcore/upload_file/{self.session}/{uuid.uuid4()}", "PUT", body,
            X_Xsrftoken=token, Cookie=f"_streamlit_xsrf={self.token}", Content_Type=kind,
            **dict(headers),
        )  # fmt: skip


@pytest.fixture
def visitor(door):
    cookie = ask(door, "/_stcore/health")[1]["set-cookie"]
    token = re.match(r"_streamlit_xsrf=([^;]+)", cookie)[1]
    assert "samesite=strict" in cookie.lower()
    with connect(
        f"ws://{door.address}/_stcore/stream", origin=door.url, max_size=None,
        subprotocols=["streamlit", token], additional_headers={"Cookie": cookie.split(";")[0]},
    ) as line:  # fmt: skip
        yield Visitor(door, line, token)


def form(content: bytes) -> bytes:
    head = b'--zz\r\nContent-Disposition: form-data; name="f"; filename="a.png"\r\n\r\n'
    return head + content + b"\r\n--zz--\r\n"


def test_an_upload_needs_the_pages_own_token(visitor):
    assert visitor.put(form(b"x" * 100))[0] == 204
    assert visitor.put(form(b"x" * 100), token="wrong")[0] == 403
    assert visitor.put(form(b"x" * 100), token="")[0] == 403


def test_a_file_over_the_limit_is_refused_while_it_arrives(visitor):
    large = form(b"x" * (2**21 + 1))
    assert visitor.put(large)[0] == 413
    # In pieces, without saying how long it is.
    pieces = (b"x" * 2**16 for _ in range(10_000))
    try:
        status, _, _ = visitor.put(pieces, headers={"Transfer_Encoding": "chunked"}.items())
    except (BrokenPipeError, ConnectionResetError):
        return  # the server hung up before all of it was sent
    assert status in (400, 413)


def test_an_upload_below_the_limit_touches_no_disk(visitor):
    before = len(visitor.door.events("write"))
    assert visitor.put(form(b"x" * (2**21 - 4000)))[0] == 204
    assert visitor.door.events("write")[before:] == []


def test_an_upload_to_a_session_that_is_not_there_is_refused(visitor):
    visitor.session = str(uuid.uuid4())
    assert visitor.put(form(b"x"))[0] == 400


def test_a_message_over_the_limit_ends_the_connection(visitor):
    message = BackMsg()
    message.rerun_script.query_string = "x" * 4_100_000
    visitor.line.send(message.SerializeToString())
    with pytest.raises(ConnectionClosed) as closed:
        visitor.next("never")
    assert closed.value.rcvd.code == 1009


def test_nobody_elsewhere_is_told_what_the_server_allows(door):
    content = json.loads(ask(door, "/_stcore/host-config")[2])
    assert not [one for one in content["allowedOrigins"] if "evil" in one]
    for path in ("/_stcore/health", "/_stcore/host-config", "/"):
        assert "access-control-allow-origin" not in ask(door, path, Origin="null")[1]
