"""The app, watched from inside its process: what it writes, whom it calls, what it keeps."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WATCH = Path(__file__).parent / "watch"
#: Stands in file names, tags, headers, comments and pixels of what tests upload.
MARK = "Planted7Q9zXname"


@dataclass
class Watched:
    """A running server.

    Parameters
    ----------
    url : str
    process : subprocess.Popen
    folder : Path
        Holds its ``home``, its ``tmp``, its ``log`` and the watcher's notes.
    """

    url: str
    process: subprocess.Popen[bytes]
    folder: Path

    @property
    def address(self) -> str:
        """Host and port."""
        return self.url.removeprefix("http://")

    def log(self) -> str:
        """All that it wrote to its output and its error output."""
        return (self.folder / "log").read_text(errors="replace")

    def events(self, kind: str) -> list[list[str]]:
        """What was noted: "write" or "call", without that word."""
        lines = (self.folder / "notes" / "events").read_text().splitlines()
        return [entry[1:] for entry in map(json.loads, lines) if entry[0] == kind]

    def alive(self) -> tuple[list[str], dict[str, int]]:
        """Objects that hold the mark's bytes, and how many of some kinds there are."""
        path = self.folder / "notes" / "alive"
        path.unlink(missing_ok=True)
        self.process.send_signal(signal.SIGUSR1)
        until = time.monotonic() + 60
        while not path.exists():
            assert time.monotonic() < until, "the watched process does not answer"
            time.sleep(0.02)
        found, kinds = json.loads(path.read_text())
        return found, kinds


@contextmanager
def watched_server(folder: Path, bundles: Path, *options: str) -> Iterator[Watched]:
    """Run the app on some bundles, with a home and a folder for temporary files of its own."""
    for name in ("home", "tmp", "notes"):
        (folder / name).mkdir(parents=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port),
             *options],
            cwd=ROOT, stdout=log, stderr=log, env=watched_environment(folder, bundles),
        )  # fmt: skip
    running = Watched(f"http://127.0.0.1:{port}", process, folder)
    try:
        for _ in range(1200):
            try:
                with urllib.request.urlopen(f"{running.url}/_stcore/health", timeout=1):
                    break
            except OSError:
                assert process.poll() is None, running.log()
                time.sleep(0.05)
        yield running
    finally:
        process.terminate()
        process.wait(timeout=20)


def watched_environment(folder: Path, bundles: Path) -> dict[str, str]:
    """The environment of a process that is watched."""
    return os.environ | {
        "PYTHONPATH": os.pathsep.join((str(WATCH), str(ROOT))),
        "PYTHONDONTWRITEBYTECODE": "1",
        "DIAPHANE_WATCH": str(folder / "notes"),
        "DIAPHANE_MARK": MARK,
        "DIAPHANE_BUNDLES": str(bundles),
        "DIAPHANE_WARM": "0",
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
    }
