"""Bad uploads: one clear message each, and nothing of the file's content in it."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from medmodels.inputs.errors import InputError
from medmodels.inputs.open_signal import decode, open_signal, understand

N = 3600
WAVE = np.sin(np.arange(N) / 9)


def table(values: np.ndarray = WAVE, head: str = "MLII") -> bytes:
    return (head + "\n" + "".join(f"{v:.4f}\n" for v in values)).encode()


def refused(data: bytes, name: str = "ecg.csv", **corrections: object) -> InputError:
    with pytest.raises(InputError) as caught:
        open_signal({name: data}, **corrections)  # type: ignore[arg-type]
    error = caught.value
    assert error.found
    assert error.expected
    assert error.action
    assert "Traceback" not in str(error)
    return error


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (30, 30)).save(buffer, "PNG")
    return buffer.getvalue()


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as z:
        z.writestr("Mustermann.csv", "1,2\n")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "an empty file"),
        (b"\n\n  \n", "an empty file"),
        (b"\xef\xbb\xbf", "text without any values|empty"),
        (b"\0" * 5000, "empty"),
        (png(), "PNG"),
        (archive(), "ZIP"),
        (b"<!DOCTYPE html><html><body>1,2</body></html>", "HTML"),
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        (b'{"ecg": [1, 2, 3]}', "JSON"),
        (bytes(range(256)) * 20, "not text"),
        (b"patient,finding\nMustermann,normal\n" * 50, "text without columns of numbers"),
        (b"The heart beats.\n", "text without columns"),
        (b"# only\n# comments\n", "without any values"),
        (b"MLII,V5\n", "text without columns"),
    ],
)
def test_what_is_no_table(data: bytes, words: str) -> None:
    error = refused(data, rate=360)
    with pytest.raises(InputError, match=words):
        raise error
    assert "Mustermann" not in str(error)


def test_no_file_and_two_files() -> None:
    with pytest.raises(InputError, match="no file"):
        understand({})
    with pytest.raises(InputError, match="2 files"):
        understand({"a.csv": table(), "b.csv": table()})


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (np.full(N, np.nan), "every sample is missing"),
        (np.full(N, 0.25), "flat line"),
        (np.where(np.arange(N) < 500, WAVE, np.nan), "1.4 s of values"),
        (WAVE[:720], "2.0 s"),
    ],
)
def test_signals_that_say_nothing(values: np.ndarray, words: str) -> None:
    assert words in str(refused(table(values), rate=360))


def test_one_flat_lead_is_noted_and_kept() -> None:
    text = "MLII,V5\n" + "".join(f"{v:.4f},0.1\n" for v in WAVE)
    signal = open_signal({"a.csv": text.encode()}, rate=360)
    assert "Lead V5 is flat or empty." in signal.notes
    assert "flat line" in str(refused(text.encode(), rate=360, leads=["V5"]))


def test_unknown_rate_is_asked_for() -> None:
    assert "does not state its sampling rate" in str(refused(table()))


@pytest.mark.parametrize("rate", [0, -250, 99, 2001, 1e9, float("nan"), float("inf")])
def test_impossible_rates(rate: float) -> None:
    assert "sampling rate of" in str(refused(table(), rate=rate))


def test_impossible_rate_from_the_time_column_can_be_corrected() -> None:
    text = "time (s),MLII\n" + "".join(f"{i},{v:.4f}\n" for i, v in enumerate(WAVE))
    files = {"a.csv": text.encode()}
    understanding = understand(files)
    assert [q.about for q in understanding.questions if q.required] == ["rate"]
    assert "1 Hz" in str(refused(files["a.csv"]))
    assert decode(files, understanding, rate=360).rate == 360


@pytest.mark.parametrize("gain", [0, -5, float("nan")])
def test_impossible_gain(gain: float) -> None:
    assert "gain" in str(refused(table(), rate=360, gain=gain))


def test_impossible_unit() -> None:
    assert "unit" in str(refused(table(), rate=360, unit="mmHg"))


def test_sixteen_million_samples_are_refused_before_they_are_parsed() -> None:
    error = refused(b"MLII\n" + b"1\n2\n" * 8_000_000, rate=360)
    assert error.found == "16,000,000 samples in 1 lead."
    assert "12,000,000" in error.expected


def test_ragged_rows_are_named_by_number_only() -> None:
    lines = [f"{v:.4f},{v:.4f}" for v in WAVE]
    lines[2000] = "0.1,0.2,0.3"
    assert "3 values in row 2,001" in str(refused("\n".join(lines).encode(), rate=360))
    lines[2000] = "0.1"
    assert "1 value in row 2,001" in str(refused("\n".join(lines).encode(), rate=360))
    spaced = "\n".join(line.replace(",", "  ") for line in lines).encode()
    assert "1 value in row 2,001" in str(refused(spaced, rate=360))


def test_text_among_numbers() -> None:
    lines = [f"{v:.4f},{v:.4f}" for v in WAVE]
    lines[3000] = "0.1,Mustermann"
    error = refused("\n".join(lines).encode(), rate=360)
    assert "text among the numbers, in row 3,001" in error.found
    assert "Mustermann" not in str(error)


@pytest.mark.parametrize("row", [5, 3500])
def test_mixed_decimal_marks(row: int) -> None:
    lines = [f"{v:.4f};{v:.4f}".replace(".", ",") for v in WAVE]
    lines[row] = "0.1;0.2"
    assert "decimal points and decimal commas" in str(refused("\n".join(lines).encode(), rate=360))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t[::-1], "backwards|without a column"),
        (lambda t: np.where(np.arange(N) == 2000, t - 1, t), "backwards"),
        (lambda t: np.where(np.arange(N) == 2000, np.nan, t), "missing values"),
        (lambda t: t + np.where(np.arange(N) > 1800, 60, 0), "gaps longer"),
        (
            lambda _: np.cumsum(np.where(np.arange(N) < 300, 1, np.tile([1, 6, 2], N // 3)) / 360),
            "evenly",
        ),
    ],
)
def test_times_that_cannot_be(change, words: str) -> None:
    times = change(np.arange(N) / 360)
    text = "time (s),MLII\n" + "".join(
        f"{t:.5f},{v:.4f}\n" for t, v in zip(times, WAVE, strict=True)
    )
    with pytest.raises(InputError, match=words):
        open_signal({"a.csv": text.encode()})


def test_samples_along_the_rows() -> None:
    long = ",".join(f"{v:.4f}" for v in np.tile(WAVE, 6))
    assert "along the rows" in str(refused(long.encode(), rate=360))
    short = "\n".join(",".join(f"{v:.4f}" for v in WAVE[:300]) for _ in range(12))
    assert "300 columns of numbers" in str(refused(short.encode(), rate=360))


def test_the_session_goes_on() -> None:
    refused(png())
    assert open_signal({"a.csv": table()}, rate=360).rate == 360
