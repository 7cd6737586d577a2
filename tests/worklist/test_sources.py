"""Cases in folders, archives and uploads; what is hostile is one refused case."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest

from medmodels.inputs.errors import InputError
from medmodels.worklist import archive_entries, sources
from medmodels.worklist.sources import cases_of, in_archive, in_folder, in_upload


def packed(entries: dict[str, bytes], method=zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return file.getvalue()


def test_a_folder_is_looked_through_and_into_its_archives(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.png").write_bytes(b"2")
    (tmp_path / "a.png").write_bytes(b"1")
    (tmp_path / ".hidden").write_bytes(b"x")
    (tmp_path / "Thumbs.db").write_bytes(b"x")
    (tmp_path / "c.zip").write_bytes(packed({"in/three.png": b"3", "__MACOSX/in/._three.png": b""}))
    found = list(in_folder(tmp_path, "scan"))
    assert [one.name for one in found] == ["a.png", "b/two.png", "c.zip/in/three.png"]
    assert [list(one.load().values()) for one in found] == [[b"1"], [b"2"], [b"3"]]
    with pytest.raises(InputError, match="no such folder"):
        list(in_folder(tmp_path / "none", "scan"))


def test_the_files_of_a_record_are_one_case_and_others_are_not():
    names = ["1.hea", "1.dat", "1.atr", "2.dat", "x/1.dat", "1.csv"]
    assert cases_of(names, "signal") == [
        ("1.hea", "1.atr", "1.dat"), ("2.dat",), ("x/1.dat",), ("1.csv",)
    ]  # fmt: skip
    assert len(cases_of(names, "scan")) == 6


def test_a_record_in_an_archive_is_loaded_whole():
    data = packed({"r/1.hea": b"head", "r/1.dat": b"data"})
    (one,) = in_upload({"upload": data}, "signal")
    assert one.name == "upload/r/1.hea"
    assert one.load() == {"1.hea": b"head", "1.dat": b"data"}


def test_entries_that_climb_out_of_an_archive_touch_nothing(tmp_path):
    data = packed({"../../out.png": b"1", "/abs.png": b"2"})
    before = sorted(tmp_path.rglob("*"))
    found = list(in_archive("a.zip", io.BytesIO(data), "scan"))
    assert [list(one.load().values()) for one in found] == [[b"1"], [b"2"]]
    assert sorted(tmp_path.rglob("*")) == before


def test_a_bomb_is_refused_before_it_is_unpacked():
    data = packed({"bomb.png": bytes(50 * 2**20)})
    (one,) = in_upload({"a.zip": data}, "scan")
    with pytest.raises(InputError, match="unpacks to far more"):
        one.load()


def test_a_size_that_lies_is_not_believed(monkeypatch):
    # The header says 10 bytes; what comes out is longer than any scan may be.
    monkeypatch.setattr(archive_entries, "MAX_BYTES", 1000)
    data = packed({"a.png": bytes(range(250)) * 8}, zipfile.ZIP_STORED)
    (one,) = in_upload({"a.zip": data}, "scan")
    with pytest.raises(InputError, match="unpacks to far more"):
        one.load()


def test_too_many_entries_are_one_refused_case(monkeypatch):
    monkeypatch.setattr(sources, "MOST_ENTRIES", 3)
    (one,) = in_upload({"a.zip": packed({f"{i}.png": b"" for i in range(4)})}, "scan")
    with pytest.raises(InputError, match="an archive with 4 files"):
        one.load()


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04 and no more", packed({"a.png": b"abc" * 99})[:60]],
    # An archive holds the time at which it was packed: no name for a test.
    ids=["four bytes of one", "the first half of one"],
)
def test_a_damaged_archive_is_one_refused_case(data):
    (one,) = in_upload({"a.zip": data}, "scan")
    with pytest.raises(InputError, match="damaged"):
        one.load()


@pytest.mark.parametrize("entries", [{}, {"__MACOSX/a.png": b"x", "in/.DS_Store": b"x"}])
def test_an_archive_with_nothing_in_it_is_one_refused_case(tmp_path, entries):
    data = packed(entries)
    (tmp_path / "a.zip").write_bytes(data)
    for (one,) in (in_upload({"a.zip": data}, "scan"), in_folder(tmp_path, "scan")):
        assert one.digest == hashlib.sha256(data).hexdigest()
        # Nothing in it waits to be cleaned.
        assert one.said == ()
        with pytest.raises(InputError, match="no file in it"):
            one.load()


def test_damage_inside_an_archive_is_one_case_of_several():
    data = bytearray(packed({"a.png": b"abc" * 99, "b.png": b"good"}, zipfile.ZIP_STORED))
    data[40] ^= 0xFF  # within the first entry's content
    bad, good = in_upload({"a.zip": bytes(data)}, "scan")
    with pytest.raises(InputError, match="damaged"):
        bad.load()
    assert list(good.load().values()) == [b"good"]


def test_an_archive_that_asks_for_a_password_says_so():
    data = bytearray(packed({"a.png": b"abc"}, zipfile.ZIP_STORED))
    # Bit 0 of the general purpose flags, in the local header and in the directory.
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    (one,) = in_upload({"a.zip": bytes(data)}, "scan")
    with pytest.raises(InputError, match="password"):
        one.load()


def test_an_upload_without_an_ending_is_told_by_its_content():
    (one,) = in_upload({"upload": packed({"a.png": b"1"})}, "scan")
    assert one.name == "upload/a.png"


def test_a_file_that_may_not_be_read_is_one_refused_case(tmp_path):
    (tmp_path / "a.png").symlink_to(tmp_path / "b.png")
    (tmp_path / "b.png").write_bytes(b"1")
    found = list(in_folder(tmp_path, "scan"))
    (tmp_path / "b.png").unlink()
    for one in found:
        with pytest.raises(InputError, match="may not read"):
            one.load()


def test_a_name_is_one_line_of_text_whatever_it_is_made_of(tmp_path):
    (tmp_path / "a\nb\x1b.png").write_bytes(b"1")
    (tmp_path / b"\xff.png".decode("utf-8", "surrogateescape")).write_bytes(b"2")
    found = list(in_folder(tmp_path, "scan"))
    assert [one.name for one in found] == ["a\\nb\\x1b.png", "\\udcff.png"]
    assert [list(one.load().values()) for one in found] == [[b"1"], [b"2"]]
