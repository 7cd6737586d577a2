"""Read one input of each kind on its page, and draw Home by the server; run by a test.

Arguments: a folder to work in, a folder of bundles, and "isolated" where there
is no network but a loopback device that is still down.
"""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import sys
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest
from websockets.sync.client import connect

from tests.security import planted
from tests.security.watched import ROOT, watched_server

_UP = 0x1  # IFF_UP of netdevice(7)


def bring_loopback_up() -> None:
    """As ``ip link set lo up`` does."""
    with socket.socket() as any_socket:
        wish = struct.pack("16sH14x", b"lo", _UP)
        fcntl.ioctl(any_socket, 0x8914, wish)  # SIOCSIFFLAGS


def no_way_out() -> None:
    """There is no route to anywhere else."""
    with socket.socket() as way:
        way.settimeout(2)
        try:
            way.connect(("192.0.2.1", 80))  # RFC 5737: for documentation
        except OSError:
            return
    raise SystemExit("there is a network")


def read_on_pages() -> None:
    """One file of each kind, by the pages themselves."""
    for page, choose, one in (
        ("scan", None, planted.scans()[0]),
        ("scan", None, planted.scans()[3]),
        ("sequence", "tiny-signal", planted.signals()[0]),
        ("sequence", "tiny-sequence", planted.sequences()[0]),
    ):
        app = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=180)
        if choose:
            app.session_state["sequence-task"] = choose
        app.run()
        ((name, data),) = one.files.items()
        app.file_uploader[0].upload(name, data, "application/octet-stream").run()
        errors = [str(error.value) for error in app.error]
        if app.exception or errors:
            raise SystemExit(f"{one.what}: {errors} {app.exception}")
        print("read", one.what)


def draw_by_server(folder: Path, bundles: Path) -> None:
    """The server starts, and draws Home to its end."""
    with (
        watched_server(folder, bundles) as running,
        connect(
            f"ws://{running.address}/_stcore/stream", origin=running.url, max_size=None,
            subprotocols=["streamlit"],
        ) as line,
    ):  # fmt: skip
        wish = BackMsg()
        wish.rerun_script.query_string = ""
        line.send(wish.SerializeToString())
        message = ForwardMsg()
        while message.WhichOneof("type") != "script_finished":
            message.ParseFromString(line.recv(timeout=60))
        if message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
            raise SystemExit("Home was not drawn")
        print("drawn Home")


if __name__ == "__main__":
    where, found = Path(sys.argv[1]), Path(sys.argv[2])
    if "isolated" in sys.argv:
        bring_loopback_up()
        no_way_out()
    read_on_pages()
    draw_by_server(where / "server", found)
    # Maps are still being tested behind the pages; nobody waits for them here.
    sys.stdout.flush()
    os._exit(0)
