"""Run by Python itself in a process that is watched: what it writes, calls and keeps.

``DIAPHANE_WATCH`` names a folder. ``events`` there gets a line for every file
opened for writing and for every name looked up or address connected to. On
SIGUSR1 ``alive`` is written: the objects that hold the bytes of
``DIAPHANE_MARK``, and how many of some kinds there are.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from collections import Counter

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_NAMELESS = getattr(os, "O_TMPFILE", 1 << 60)
_CALLS = (
    "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr",
    "socket.sendto", "socket.sendmsg", "socket.bind",
)  # fmt: skip
_CHANGES = (
    "os.mkdir", "os.rename", "os.link", "os.symlink", "os.truncate", "sqlite3.connect",
    "tempfile.mkstemp", "tempfile.mkdtemp", "shutil.copyfile", "os.mkfifo", "subprocess.Popen",
)  # fmt: skip
_KINDS = ("UploadedFileRec", "ScanCase", "Scan", "Reading", "Work", "MemoryFile")


def _watch(folder: str) -> None:
    out = os.open(os.path.join(folder, "events"), os.O_WRONLY | os.O_APPEND | os.O_CREAT)  # noqa: PTH118

    def tell(*parts: object) -> None:
        os.write(out, (json.dumps([str(part) for part in parts]) + "\n").encode())

    def hook(event: str, args: tuple[object, ...]) -> None:
        if event == "open":
            path, mode, flags = args
            flags = flags if isinstance(flags, int) else 0
            nameless = flags & _NAMELESS == _NAMELESS
            writes = flags & _WRITES or (isinstance(mode, str) and set(mode) & set("wax+"))
            # A folder cannot be written to itself; a file without a name is opened by it.
            if nameless or (writes and not (isinstance(path, str) and os.path.isdir(path))):  # noqa: PTH112
                tell("write", f"{path} (a file without a name)" if nameless else path)
        elif event in _CHANGES:
            tell("write", event, args[0])
        elif event in _CALLS:
            # Of a name its host, of a socket the other side.
            tell("call", event, args[0] if "host" in event or "addr" in event else args[1])

    sys.addaudithook(hook)
    mark = os.environ.get("DIAPHANE_MARK", "").encode()

    def look(*_: object) -> None:
        # What the collector was told to pass over is alive, too.
        spared = gc.get_freeze_count()
        gc.unfreeze()
        found: dict[int, str] = {}
        kinds: Counter[str] = Counter()
        for one in gc.get_objects():
            name = type(one).__name__
            if name in _KINDS:
                kinds[name] += 1
            for held in (one, *gc.get_referents(one)):
                if id(held) not in found and mark and _holds(held, mark):
                    found[id(held)] = f"{type(held).__name__} in {name}"
        if spared:
            gc.freeze()
        path = os.path.join(folder, "alive")  # noqa: PTH118
        file = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.write(file, json.dumps([sorted(found.values()), kinds]).encode())
        os.close(file)
        os.rename(path + ".new", path)  # noqa: PTH104

    signal.signal(signal.SIGUSR1, look)


def _holds(value: object, mark: bytes) -> bool:
    if isinstance(value, bytes | bytearray):
        return len(value) >= len(mark) and mark in value and value != mark
    if isinstance(value, str):
        return mark.decode() in value and value != mark.decode()
    numpy = sys.modules.get("numpy")
    if numpy is not None and type(value) is numpy.ndarray and value.dtype == numpy.uint8:
        return mark in value.tobytes()
    return False


if "DIAPHANE_WATCH" in os.environ:
    _watch(os.environ["DIAPHANE_WATCH"])
