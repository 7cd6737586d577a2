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
from collections.abc import Callable
from typing import Any

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
        holds = _Holds(mark)
        for one in gc.get_objects():
            name = type(one).__name__
            if name in _KINDS:
                kinds[name] += 1
            for held in (one, *gc.get_referents(one)):
                held_mark = holds[type(held)]
                if held_mark and held_mark(held):
                    found[id(held)] = f"{type(held).__name__} in {name}"
        if spared:
            gc.freeze()
        path = os.path.join(folder, "alive")  # noqa: PTH118
        file = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.write(file, json.dumps([sorted(found.values()), kinds]).encode())
        os.close(file)
        os.rename(path + ".new", path)  # noqa: PTH104

    signal.signal(signal.SIGUSR1, look)


class _Holds(dict[type, Callable[[Any], bool] | None]):
    """By type how to see whether a value holds the mark, and more; None where it cannot.

    A process has millions of values, and few types.
    """

    def __init__(self, mark: bytes) -> None:
        self.mark, self.word = mark, mark.decode()

    def __missing__(self, kind: type) -> Callable[[Any], bool] | None:
        mark, word = self.mark, self.word
        numpy = sys.modules.get("numpy")
        way: Callable[[Any], bool] | None = None
        if not mark:
            pass
        elif issubclass(kind, bytes | bytearray):
            way = lambda value: mark in value and value != mark  # noqa: E731
        elif issubclass(kind, str):
            way = lambda value: word in value and value != word  # noqa: E731
        elif numpy is not None and kind is numpy.ndarray:
            way = lambda value: value.dtype == numpy.uint8 and mark in value.tobytes()  # noqa: E731
        self[kind] = way
        return way


if "DIAPHANE_WATCH" in os.environ:
    _watch(os.environ["DIAPHANE_WATCH"])
