"""A real server and a real browser; skipped with a reason where there is none."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@dataclass
class Server:
    """A running app.

    Parameters
    ----------
    url : str
    process : subprocess.Popen
    """

    url: str
    process: subprocess.Popen[bytes]

    def mapped_libraries(self) -> str:
        """Shared libraries that the server has loaded (Linux)."""
        return Path(f"/proc/{self.process.pid}/maps").read_text()


def start_server() -> Server:
    """Start the app on a free port and wait until it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py",
         "--server.port", str(port), "--server.headless", "true"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):
                return Server(url, process)
        except OSError:
            time.sleep(0.05)
    process.kill()
    raise RuntimeError("the server did not answer within 30 s")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The app, started once for all browser tests."""
    running = start_server()
    yield running
    running.process.terminate()
    running.process.wait(timeout=20)


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium under Playwright; while it is open no other event loop can be run."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have Chromium: apt-get install chromium")
        pytest.skip("Chromium is not on this machine (apt-get install chromium)")
    from playwright.sync_api import expect, sync_playwright

    from tests.browser.standing_still import patient_people

    expect.set_options(timeout=60_000)

    with sync_playwright() as playwright, patient_people():
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                  "--disable-background-networking", "--disable-component-update",
                  "--disable-sync"],
        )  # fmt: skip
        yield launched
        launched.close()


@dataclass
class Console:
    """What the browser complained about."""

    errors: list[str] = field(default_factory=list)


@pytest.fixture
def open_page(browser, server):
    """Open a path of the app; at the end there must be no console error.

    The function takes the path, a width in pixels and "light" or "dark". Of a path other than
    "/" Streamlit's page asks first whether a server lies there, and is told that none does.
    """
    contexts, console = [], Console()

    def opened(path: str = "/", width: int = 1440, scheme: str = "light"):
        context = browser.new_context(
            viewport={"width": width, "height": 1000}, color_scheme=scheme, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        asked_first = [f"{server.url}{path}/_stcore/{what}" for what in ("health", "host-config")]
        page.on(
            "console",
            lambda message: (
                console.errors.append(f"{message.text} {message.location}")
                if message.type == "error" and message.location["url"] not in asked_first
                else None
            ),
        )
        page.on("pageerror", lambda error: console.errors.append(str(error)))
        page.goto(server.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert console.errors == []
