"""The same reading gives the same file, byte for byte but for the time of its making."""

from __future__ import annotations

import hashlib
import io
import pickle
import re
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import StreamObject

from medmodels.reports.all_exports import EXPORTS
from tests.reports.made_readings import LATER, MADE
from tests.reports.reading_kinds import KINDS

ROOT = Path(__file__).resolve().parents[2]
STAMPS = (
    ("2026-11-30 08:08:07 UTC", "2027-01-02 03:04:05 UTC"),
    ("2026-11-30T08:08:07+00:00", "2027-01-02T03:04:05+00:00"),
    ("20261130080807+00", "20270102030405+00"),
)
MAKE = {export.key: export.make for export in EXPORTS}
OURS = ("pdf", "html", "json")


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("key", OURS)
def test_made_twice_it_is_the_same(readings, name, key):
    assert MAKE[key](readings[name], made=MADE) == MAKE[key](readings[name], made=MADE)


def test_another_process_makes_the_same(readings, tmp_path):
    kept = tmp_path / "readings.pickle"
    kept.write_bytes(pickle.dumps(readings))
    code = (
        "import hashlib, os, pickle, sys\n"
        "os.environ['SOURCE_DATE_EPOCH'] = '1'\n"
        "from medmodels.reports.all_exports import EXPORTS\n"
        "from tests.reports.made_readings import MADE\n"
        "readings = pickle.loads(open(sys.argv[1], 'rb').read())\n"
        "for name, reading in readings.items():\n"
        "    for export in EXPORTS:\n"
        f"        if export.key in {OURS}:\n"
        "            made = export.make(reading, made=MADE, insist=True)\n"
        "            print(export.key, hashlib.sha256(made).hexdigest())\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(kept)], cwd=ROOT, check=True, capture_output=True,
        text=True, timeout=120,
    ).stdout.splitlines()  # fmt: skip
    here = [
        f"{key} {hashlib.sha256(MAKE[key](reading, made=MADE, insist=True)).hexdigest()}"
        for reading in readings.values()
        for key in OURS
    ]
    assert told == here


@pytest.mark.parametrize("name", ["scan explained", "signal", "sites"])
@pytest.mark.parametrize("key", ["html", "json"])
def test_at_another_time_only_the_stamp_differs(readings, name, key):
    first = MAKE[key](readings[name], made=MADE).decode()
    second = MAKE[key](readings[name], made=LATER).decode()
    assert first != second
    assert _at_the_same_time(second) == first


@pytest.mark.parametrize("name", ["scan explained", "signal", "sites"])
def test_of_a_pdf_too(readings, name):
    first, second = (
        list(_objects(MAKE["pdf"](readings[name], made=made))) for made in (MADE, LATER)
    )
    assert first != second
    assert [_at_the_same_time(one) for one in second] == first


def test_a_time_without_a_zone_is_no_time(readings):
    with pytest.raises(ValueError, match="zone"):
        MAKE["pdf"](readings["scan"], made=MADE.replace(tzinfo=None))


def _at_the_same_time(text: str) -> str:
    for first, second in STAMPS:
        text = text.replace(second, first)
    return text


def _objects(data: bytes):
    """Every object of a PDF as text, streams unpacked; the trailer's identity last."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    for number in range(1, reader.trailer["/Size"]):
        thing = reader.get_object(number)
        if isinstance(thing, StreamObject):
            # How long it is packed depends on every letter in it.
            rest = {key: value for key, value in thing.items() if key != "/Length"}
            yield _plain(rest) + thing.get_data().decode("latin-1")
        else:
            yield _plain(thing)
    yield repr(reader.trailer["/ID"])


def _plain(thing: object) -> str:
    """As text, without where in memory its reader lies."""
    return re.sub(r"IndirectObject\((\d+), 0, \d+\)", r"object \1", repr(thing))
