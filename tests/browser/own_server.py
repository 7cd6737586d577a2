"""A server of a test's own, with bundles that it may damage; it can be killed and started again."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.conftest import ROOT


class Server:
    """A server that can be killed and started again at the same address.

    ``visited`` is for those who visit it to note: whether anybody has since it was started.
    """

    visited = False

    def __init__(self, bundles: Path, **settings: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        # Networks are loaded when they are needed: few of them are, and soon the server dies.
        self._environment = {
            **os.environ, "DIAPHANE_BUNDLES": str(bundles), "DIAPHANE_WARM": "0", **settings,
        }  # fmt: skip
        self._said: list[str] = []

    def start(self, *, largest_file: int | None = None) -> None:
        self.visited = False

        def limit() -> None:
            if largest_file is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

        self.process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port)],
            cwd=ROOT, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, preexec_fn=limit,
        )  # fmt: skip
        threading.Thread(target=self._listen, args=(self.process.stdout,), daemon=True).start()
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the server did not answer within 30 s")

    def _listen(self, stream) -> None:
        self._said.extend(stream)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    @property
    def log(self) -> str:
        return "".join(self._said)


@contextmanager
def running(bundles: Path, *, largest_file: int | None = None, **settings: str) -> Iterator[Server]:
    server = Server(bundles, **settings)
    server.start(largest_file=largest_file)
    try:
        yield server
    finally:
        server.kill()
