"""WFDB records from memory."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import wfdb
from hypothesis import given, settings
from hypothesis import strategies as st

from medmodels.inputs.errors import InputError
from medmodels.inputs.open_signal import decode, open_signal, understand
from medmodels.inputs.signal import Signal
from medmodels.inputs.wfdb_beats import parse_beats

RATE = 250
DIGITAL = np.round(200 * np.sin(np.arange(2500)[:, np.newaxis] / [20, 31])).astype(int) + [3, -9]


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("wfdb")
    wfdb.wrsamp(
        "rec", fs=RATE, units=["mV", "mV"], sig_name=["MLII", "V5"], d_signal=DIGITAL,
        fmt=["212", "212"], adc_gain=[200.0, 100.0], baseline=[3, -9], write_dir=str(folder),
    )  # fmt: skip
    wfdb.wrann(
        "rec", "atr", np.array([5, 300, 700, 1900, 2400]), symbol=["+", "N", "V", "~", "A"],
        aux_note=["(N", "", "", "", ""], write_dir=str(folder),
    )  # fmt: skip
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def read(files: dict[str, bytes], **corrections: object) -> Signal:
    signal = open_signal(files, **corrections)  # type: ignore[arg-type]
    assert isinstance(signal, Signal)
    return signal


def header(files: dict[str, bytes], old: str, new: str) -> dict[str, bytes]:
    text = files["rec.hea"].decode()
    assert old in text
    return {**files, "rec.hea": text.replace(old, new).encode()}


def test_record_with_reference_beats(record: dict[str, bytes]) -> None:
    assert understand(record).sentence == "10.0 s at 250 Hz, leads MLII and V5, in mV"
    signal = read(record)
    np.testing.assert_allclose(
        signal.samples, (DIGITAL - [3, -9]) / [200, 100], rtol=1e-6, atol=1e-6
    )
    assert signal.annotations is not None
    assert signal.annotations.samples.tolist() == [300, 700, 2400]
    assert signal.annotations.symbols == ("N", "V", "A")
    assert signal.source == "WFDB, format 212"


def test_reference_beats_do_not_change_the_digest(record: dict[str, bytes]) -> None:
    alone = {name: data for name, data in record.items() if not name.endswith(".atr")}
    assert read(alone).digest == read(record).digest
    assert read(alone).annotations is None


def test_renamed_downloads_are_paired(record: dict[str, bytes]) -> None:
    files = {"rec (1).hea": record["rec.hea"], "REC (1).DAT": record["rec.dat"]}
    assert read(files).leads == ("MLII", "V5")


def test_corrections(record: dict[str, bytes]) -> None:
    understanding = understand(record)
    signal = decode(record, understanding, rate=500, leads=["V5"], gain=50)
    assert isinstance(signal, Signal)
    assert (signal.rate, signal.leads) == (500, ("V5",))
    np.testing.assert_allclose(signal.samples[:, 0], (DIGITAL[:, 1] + 9) / 50, atol=1e-6)
    micro = read(record, unit="uV")
    np.testing.assert_allclose(micro.samples * 1000, read(record).samples, rtol=1e-5)


def test_units_other_than_voltage_are_left_out(record: dict[str, bytes]) -> None:
    signal = read(header(record, "100.0(-9)/mV", "100(-9)/mmHg"))
    assert signal.leads == ("MLII",)
    assert any("V5" in note for note in signal.notes)
    micro = read(header(record, "100.0(-9)/mV", "0.1(-9)/uV"))
    np.testing.assert_allclose(micro.samples[:, 1], (DIGITAL[:, 1] + 9) / 100, atol=1e-6)


def test_gain_of_zero_is_no_gain(record: dict[str, bytes]) -> None:
    files = header(record, "200.0(3)/mV", "0(3)/mV")
    assert [question.about for question in understand(files).questions] == ["gain"]
    assumed = read(files, leads=["MLII"])
    assert not assumed.amplitude_known
    assert any("200 counts per mV are assumed" in note for note in assumed.notes)
    np.testing.assert_allclose(assumed.samples, read(record, leads=["MLII"]).samples)
    assert read(files, leads=["MLII"], gain=200).amplitude_known


def test_invalid_samples_are_gaps() -> None:
    samples = (300 * np.sin(np.arange(2500) / 9)).astype("<i2")
    samples[100:120] = -32768
    files = {"a.hea": b"a 1 250 2500\na.dat 16 200(0)/mV\n", "a.dat": samples.tobytes()}
    signal = read(files)
    assert np.isnan(signal.samples[100:120]).all()
    assert np.isnan(signal.samples).sum() == 20
    assert understand(files).gaps == 1
    assert signal.leads == ("lead 1",)


def test_length_is_taken_from_the_file_when_the_header_has_none() -> None:
    samples = (300 * np.sin(np.arange(5001) / 9)).astype("<i2")
    files = {"a.hea": b"a 2 250\na.dat 16\na.dat 16\n", "a.dat": samples.tobytes()}
    assert read(files, gain=200).samples.shape == (2500, 2)


def test_several_samples_a_frame_and_skew_as_wfdb_reads_them(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    flat = rng.integers(-900, 900, 2 * 2 * 2000).astype("<i2")
    (tmp_path / "a.dat").write_bytes(flat.tobytes())
    (tmp_path / "a.hea").write_text("a 2 125 2000\na.dat 16x2 200/mV\na.dat 16x2:3 200/mV\n")
    expected = wfdb.rdrecord(str(tmp_path / "a"), physical=False, smooth_frames=False).e_d_signal
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    signal = read(files)
    assert signal.rate == 250
    assert np.array_equal(signal.samples[:, 0], expected[0].astype(np.float32) / 200)
    kept = slice(0, 3994)
    np.testing.assert_allclose(signal.samples[kept, 1], expected[1][kept] / 200, rtol=1e-6)
    assert np.isnan(signal.samples[3994:, 1]).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: {"rec.hea": f["rec.hea"]}, "without its signal file"),
        (lambda f: {"rec.dat": f["rec.dat"]}, "without its header"),
        (lambda f: {"rec.atr": f["rec.atr"]}, "without its header"),
        (lambda f: {**f, "b.hea": f["rec.hea"]}, "2 WFDB headers"),
        (lambda f: {**f, "rec.dat": f["rec.dat"][:-1]}, "shorter than its header"),
        (lambda f: {**f, "rec.dat": b""}, "shorter than its header"),
        (lambda f: {**f, "rec.dat": b"\1" + f["rec.dat"][1:]}, "checksum"),
        (lambda f: {**f, "rec.hea": b""}, "without a record line"),
        (lambda f: {**f, "rec.hea": b"\x89PNG\r\n\x1a\n"}, "record line"),
        (lambda f: {**f, "rec.hea": b"rec 2 250 2500\n"}, "fewer signals"),
        (lambda f: {**f, "rec.hea": b"rec 0 250 2500\n"}, "without signals"),
        (lambda f: {**f, "rec.hea": b"rec/2 2 250 2500\na 100\nb 100\n"}, "several segments"),
        (lambda f: header(f, " 212 ", " 516 "), "storage format 516"),
        (lambda f: header(f, " 212 ", " 999 "), "storage format 999"),
        (lambda f: header(f, " 250 ", " 25 "), "rate of 25 Hz"),
        (lambda f: header(f, " 2500", " 12000001"), "12,000,001 samples"),
        (lambda f: {**f, "rec.atr": f["rec.atr"][:3]}, "reference beats"),
        (lambda f: {"a.hea": f["rec.hea"], "x.dat": f["rec.dat"], "y.dat": b"1"}, "not among"),
    ],
)
def test_incomplete_or_damaged_records(record: dict[str, bytes], change, words: str) -> None:
    with pytest.raises(InputError, match=words):
        open_signal(change(record))


def test_a_header_cannot_make_the_app_open_anything(record: dict[str, bytes]) -> None:
    for name in ("../../etc/passwd", "/etc/passwd", "s3://bucket/x.dat", "http://host/x.dat"):
        files = {
            "a.hea": record["rec.hea"].replace(b"rec.dat", name.encode()),
            "y.dat": record["rec.dat"],
            "other.dat": b"",
        }
        with pytest.raises(InputError, match="not among"):
            read(files)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400), st.binary(max_size=400), st.binary(max_size=100))
def test_random_files(head: bytes, data: bytes, beats: bytes) -> None:
    for start in (b"", b"a 1 250\na.dat 16\n", b"a 2 250 5\na.dat 310\na.dat 310"):
        with suppress(InputError):
            open_signal({"a.hea": start + head, "a.dat": data, "a.atr": beats})


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_random_beats(data: bytes) -> None:
    try:
        beats = parse_beats(data, 1000)
    except InputError:
        return
    assert len(beats.samples) == len(beats.symbols)
    assert (np.diff(beats.samples) >= 0).all()


@pytest.mark.parametrize("database", ["ecg-mitdb", "ecg-svdb"])
def test_every_shared_record_as_wfdb_reads_it(shared_data: Path, database: str) -> None:
    headers = sorted((shared_data / database).glob("*.hea"))
    assert headers
    # A few of each, evenly spread; the whole set takes a minute.
    for path in headers[:: max(1, len(headers) // 4)]:
        stem = str(path.with_suffix(""))
        expected, beats = wfdb.rdrecord(stem), wfdb.rdann(stem, "atr")
        files = {f"r{e}": path.with_suffix(e).read_bytes() for e in (".hea", ".dat", ".atr")}
        signal = read(files)
        assert signal.rate == expected.fs
        assert signal.leads == tuple(expected.sig_name)
        np.testing.assert_allclose(signal.samples, expected.p_signal, rtol=1e-6, atol=1e-6)
        known = set("NLRaVFJASEj/Q?Bnefr")
        kept = [(s, c) for s, c in zip(beats.sample, beats.symbol, strict=True) if c in known]
        assert signal.annotations is not None
        assert signal.annotations.samples.tolist() == [int(s) for s, _ in kept]
        assert list(signal.annotations.symbols) == [c for _, c in kept]
