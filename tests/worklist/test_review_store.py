"""Reviews in a file: whole or not at all, shared by tabs, gone when they are to be."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from medmodels.inputs.errors import InputError
from medmodels.worklist.line import Line
from medmodels.worklist.review import Review
from medmodels.worklist.review_store import VERSION, ReviewStore

ROOT = Path(__file__).resolve().parents[2]


def line(number: int = 0) -> Line:
    return Line(
        "Jane Doe.png", "answer", "finding", 0.9, input_digest=f"{number:064x}",
        bundle_digest="b" * 64,
    )  # fmt: skip


@pytest.fixture
def store(tmp_path):
    return ReviewStore(tmp_path / "deep" / "reviews.sqlite")


def test_nothing_is_there_before_something_is_kept(store):
    assert store.rows() == []
    assert store.of("b" * 64) == {}
    store.take_back(line())
    store.delete_all()
    assert not store.path.exists()
    assert not store.path.parent.exists()


def test_a_review_is_kept_replaced_and_taken_back(store):
    store.keep("task", line(), Review("accept"))
    store.keep("task", line(1), Review("disagree", "normal", "blurred; look again"))
    store.keep("task", line(), Review("disagree", "normal"))
    found = store.of("b" * 64)
    assert found[line().input_digest].review == Review("disagree", "normal")
    assert found[line(1).input_digest].review.comment == "blurred; look again"
    assert found[line().input_digest].at.endswith("+00:00")
    assert store.of("c" * 64) == {}
    store.take_back(line())
    assert list(store.of("b" * 64)) == [line(1).input_digest]


def test_no_name_is_in_the_file_and_only_its_owner_may_read_it(store):
    store.keep("task", line(), Review("accept"))
    assert b"Jane" not in store.path.read_bytes()
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    with pytest.raises(ValueError, match="without a digest"):
        store.keep("task", Line("a", "unreadable"), Review("disagree"))


def test_deleted_reviews_are_gone_from_the_disk(store):
    store.keep("task", line(), Review("accept", comment="unmistakable words"))
    store.take_back(line())
    assert b"unmistakable" not in store.path.read_bytes()
    store.keep("task", line(), Review("accept"))
    store.delete_all()
    assert list(store.path.parent.iterdir()) == []


def test_what_cannot_be_deleted_is_said(store, monkeypatch):
    store.keep("task", line(), Review("accept"))

    def refuse(*_, **__):
        raise PermissionError

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(InputError, match="may not write"):
        store.delete_all()


def test_two_tabs_write_at_once_and_nothing_is_lost(store):
    def write(start):
        for number in range(start, start + 25):
            ReviewStore(store.path).keep("task", line(number), Review("accept"))

    threads = [threading.Thread(target=write, args=(start,)) for start in (0, 100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.rows()) == 75


def test_a_crash_in_the_middle_of_a_write_loses_no_review_before_it(store):
    store.keep("task", line(999_999), Review("accept"))
    code = (
        "import sys; from pathlib import Path\n"
        "from medmodels.worklist.review_store import ReviewStore\n"
        "from medmodels.worklist.review import Review\n"
        "from medmodels.worklist.line import Line\n"
        "store = ReviewStore(Path(sys.argv[1]))\n"
        "for i in range(100000):\n"
        "    line = Line('a', 'answer', 'x', 0.5, input_digest=f'{i:064x}', bundle_digest='b')\n"
        "    store.keep('task', line, Review('accept', comment='c' * 5000))\n"
        "    print(i, flush=True)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(store.path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(20)]
    time.sleep(0.013)
    os.kill(process.pid, signal.SIGKILL)
    rest = process.stdout.read().splitlines()
    process.wait()
    told = len(said) + len(rest)
    with sqlite3.connect(store.path) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    # What was told to be kept is there; at most the one being written is there besides.
    assert told + 1 <= len(store.rows()) <= told + 2
    store.keep("task", line(5), Review("disagree"))


def test_a_full_disk_is_said_and_keeps_what_is_there(store, monkeypatch):
    store.keep("task", line(), Review("accept"))
    connect = sqlite3.connect

    def small(*args, **settings):
        file = connect(*args, **settings)
        file.execute("PRAGMA max_page_count = 4")
        return file

    monkeypatch.setattr(sqlite3, "connect", small)
    with pytest.raises(InputError, match="full disk"):
        store.keep("task", line(1), Review("accept", comment="c" * 50_000))
    monkeypatch.undo()
    assert list(store.of("b" * 64)) == [line().input_digest]


def test_a_file_that_is_no_database_is_said_and_left_alone(store):
    store.path.parent.mkdir()
    store.path.write_bytes(b"words and words " * 100)
    with pytest.raises(InputError, match="damaged or something else"):
        store.keep("task", line(), Review("accept"))
    assert store.path.read_bytes().startswith(b"words")


def test_a_newer_version_is_refused(store):
    store.keep("task", line(), Review("accept"))
    with sqlite3.connect(store.path) as file:
        file.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(InputError, match=f"of version {VERSION + 1}"):
        store.rows()


def test_a_place_that_may_not_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="may not write"):
        ReviewStore(tmp_path / "file" / "reviews.sqlite").keep("task", line(), Review("accept"))
