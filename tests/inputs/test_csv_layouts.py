"""Tables as recorders, PhysioNet, spreadsheets and programs write them."""

from __future__ import annotations

import codecs

import numpy as np
import pytest

from medmodels.inputs.errors import InputError
from medmodels.inputs.open_signal import decode, open_signal, understand
from medmodels.inputs.signal import Signal

N = 3600
T = np.arange(N)
WAVE = np.round(np.sin(T / 40) + 0.4 * np.sin(T / 7), 3) + 0.0
OTHER = np.round(0.5 * np.cos(T / 31), 3) + 0.0


def read(text: str | bytes, **corrections: object) -> Signal:
    data = text.encode() if isinstance(text, str) else text
    signal = open_signal({"a.csv": data}, **corrections)  # type: ignore[arg-type]
    assert isinstance(signal, Signal)
    return signal


def rows(template: str, count: int = N) -> str:
    return "".join(
        template.format(i=i, t=i / 360, ms=i * 1000 / 360, a=WAVE[i], b=OTHER[i]) + "\n"
        for i in range(count)
    )


def clock(seconds: float) -> str:
    return f"{int(seconds // 60)}:{seconds % 60:06.3f}"


def check(signal: Signal, *, rate: float = 360.0, leads: tuple[str, ...] = ("MLII", "V5")) -> None:
    assert signal.rate == rate
    assert signal.leads == leads
    expected = np.stack([WAVE, OTHER][: len(leads)], axis=1)
    np.testing.assert_allclose(signal.samples, expected, atol=1e-6)


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("time (s),MLII (mV),V5 (mV)", "{t:.6f},{a},{b}"),
        ("time_ms;MLII [mV];V5 [mV]", "{ms:.4f};{a};{b}"),
        ("Time\tMLII_mV\tV5_mV", "{t:.5f}\t{a}\t{b}"),
        ("seconds MLII V5", "{t:.5f}   {a}   {b}"),
        ("time (s)   MLII (mV)   V5 (mV)", "  {t:.5f}  {a:7.3f}  {b:7.3f}"),
        ("# a comment\n% another\n\ntime,MLII,V5", "{t:.6f}, {a}, {b}"),
        ("# time,MLII,V5", "{t:.6e},{a:.6e},{b:.6e}"),
        ("# fs = 360\nsample,MLII,V5", "{i},{a},{b}"),
        ("Sampling rate: 360 Hz\nMLII,V5", "{a},{b}"),
        (",time,MLII,V5", "{i},{t:.6f},{a},{b}"),
        ("time,MLII,V5,annotation", "{t:.6f},{a},{b},N"),
        ("time|MLII|V5", "{t:.6f}|{a}|{b}"),
        ('"time","MLII","V5"', '"{t:.6f}","{a}","{b}"'),
        ("time,MLII,V5,", "{t:.6f},{a},{b},"),
    ],
)
def test_usual_tables_are_understood(head: str, row: str) -> None:
    check(read(f"{head}\n{rows(row)}"))


def test_table_without_header() -> None:
    check(read(rows("{t:.6f},{a},{b}")), leads=("lead 1", "lead 2"))
    check(read(rows("{a},{b}"), rate=360), leads=("lead 1", "lead 2"))
    check(read(rows("{a}"), rate=360), leads=("lead 1",))


@pytest.mark.parametrize("delimiter", [";", "\t", " "])
def test_decimal_comma(delimiter: str) -> None:
    text = f"time{delimiter}MLII{delimiter}V5\n" + rows("{t:.6f} {a} {b}").replace(
        " ", delimiter
    ).replace(".", ",")
    check(read(text))


def test_decimal_comma_alone_in_a_column() -> None:
    for head in ("", "MLII\n"):
        signal = read(head + rows("{a:.3f}").replace(".", ","), rate=360)
        np.testing.assert_allclose(signal.samples[:, 0], WAVE, atol=1e-6)


def test_decimal_comma_in_quotes_between_commas() -> None:
    body = "".join(
        '"{}","{}"\n'.format(*(f"{v:.3f}".replace(".", ",") for v in pair))
        for pair in zip(WAVE, OTHER, strict=True)
    )
    check(read("MLII,V5\n" + body, rate=360))


def test_counts_beside_counts_are_two_leads_and_not_decimals() -> None:
    text = "".join(f"{995 + i % 90},{1011 + i % 70}\n" for i in range(N))
    signal = read(text, rate=360, gain=200, baseline=1024)
    assert signal.leads == ("lead 1", "lead 2")
    assert signal.samples[0] == pytest.approx([(995 - 1024) / 200, (1011 - 1024) / 200])


def test_comma_both_as_delimiter_and_as_decimal_mark_is_refused() -> None:
    text = "".join(f"-0,{i % 1000:03d},-0,{i % 900:03d}\n" for i in range(N))
    with pytest.raises(InputError, match="commas both between the values and inside"):
        understand({"a.csv": text.encode()})


def test_thousands_are_told_from_decimals() -> None:
    text = "ECG (uV)\tV5 (uV)\n" + "".join(
        f"{1000 + i % 900:,}.50\t{i % 90}.25\n" for i in range(N)
    )
    signal = read(text, rate=360)
    assert signal.samples[5] == pytest.approx([1.0055, 0.00525], abs=1e-6)


def test_physionet_table_with_clock_and_row_of_units() -> None:
    head = "'Elapsed time','MLII','V5'\n'hh:mm:ss.mmm','mV','mV'\n"
    body = "".join(f"'{clock(i / 360)}',{WAVE[i]},{OTHER[i]}\n" for i in range(N))
    understanding = understand({"a.csv": (head + body).encode()})
    assert understanding.sentence == "10.0 s at 360 Hz, leads MLII and V5, in mV"
    assert understanding.rate_source == "from the time column, stated as clock times"
    assert understanding.questions == ()
    check(read(head + body))


def test_physionet_table_in_counts_asks_for_rate_and_gain() -> None:
    text = "'sample #','MLII','V5'\n" + "".join(
        f"{i},{round(1024 + 200 * WAVE[i])},{round(1024 + 200 * OTHER[i])}\n" for i in range(N)
    )
    understanding = understand({"a.csv": text.encode()})
    assert [question.about for question in understanding.questions] == ["rate", "unit", "gain"]
    assert [question.required for question in understanding.questions] == [True, False, False]
    assert "unknown rate" in understanding.sentence
    signal = read(text, rate=360, gain=200, baseline=1024)
    np.testing.assert_allclose(signal.samples[:, 0], WAVE, atol=0.003)
    relative = read(text, rate=360)
    assert not relative.amplitude_known
    assert 1.9 < np.ptp(relative.samples[:, 0]) < 2.1


@pytest.mark.parametrize("decimal", [".", ","])
def test_watch_export_with_its_preamble(decimal: str) -> None:
    head = (
        "Name,Somebody\nDate of Birth,\nClassification,Sinus Rhythm\nSoftware Version,1.90\n"
        'Device,"Watch4,2"\nSample Rate,512 hertz\n\n\nLead,Lead I\nUnit,µV\n\n'
    )
    body = "".join(f"{1000 * v:.3f}\n" for v in WAVE).replace(".", decimal)
    understanding = understand({"a.csv": (head + body).encode()})
    assert understanding.rate == 512
    assert understanding.leads == ("I",)
    signal = read(head + body)
    np.testing.assert_allclose(signal.samples[:, 0], WAVE, atol=1e-6)
    assert not any("Somebody" in note for note in (*signal.notes, understanding.sentence))


@pytest.mark.parametrize(
    "stamp",
    [
        lambda t: (
            f"2024-03-01T23:59:{56 + t:06.3f}" if t < 4 else f"2024-03-02T00:00:{t - 4:06.3f}"
        ),
        lambda t: f"[23:59:{50 + t:06.3f} 01/03/2024]",
        lambda t: f"2024-03-01 10:00:{t:09.6f}+01:00",
    ],
)
def test_dates_with_times(stamp) -> None:
    text = "timestamp,MLII,V5\n" + "".join(
        f"{stamp(i / 360)},{WAVE[i]},{OTHER[i]}\n" for i in range(N)
    )
    check(read(text))


@pytest.mark.parametrize(
    ("step", "rate"), [("0.004", 250.0), ("4", 250.0), ("2", 500.0), ("0.0078125", 128.0)]
)
def test_unit_of_the_time_column_is_judged_by_its_step(step: str, rate: float) -> None:
    text = "time,MLII\n" + "".join(f"{i * float(step):.7g},{WAVE[i]}\n" for i in range(N))
    check(read(text), rate=rate, leads=("MLII",))


def test_epoch_milliseconds() -> None:
    text = "timestamp,MLII\n" + "".join(f"{1700000000000 + 4 * i},{WAVE[i]}\n" for i in range(N))
    check(read(text), rate=250.0, leads=("MLII",))


def test_coarse_times_still_give_the_rate() -> None:
    text = "time (s),MLII\n" + "".join(f"{i / 360:.2f},{WAVE[i]}\n" for i in range(N))
    check(read(text), leads=("MLII",))


@pytest.mark.parametrize(
    "encode",
    [
        lambda s: codecs.BOM_UTF8 + s.encode(),
        lambda s: s.encode("utf-16"),
        lambda s: s.encode("utf-16-le"),
        lambda s: codecs.BOM_UTF16_BE + s.encode("utf-16-be"),
        lambda s: s.encode("latin-1"),
        lambda s: s.replace("\n", "\r\n").encode(),
        lambda s: s.replace("\n", "\r").encode(),
    ],
)
def test_encodings_and_line_ends(encode) -> None:
    head = "time (s);MLII (µV);V5 (µV)\n"
    body = "".join(f"{i / 360:.6f};{1000 * WAVE[i]:.1f};{1000 * OTHER[i]:.1f}\n" for i in range(N))
    check(read(encode(head + body)))


@pytest.mark.parametrize(("unit", "factor"), [("mV", 1), ("uV", 1000), ("V", 0.001)])
def test_units_stated_judged_and_corrected(unit: str, factor: float) -> None:
    body = "".join(f"{v * factor:.7f}\n" for v in WAVE)
    for text, correction in (
        (f"MLII ({unit})\n{body}", None),
        (f"# unit: {unit}\nMLII\n{body}", None),
        (f"MLII\n{body}", None),
        (f"MLII (mV)\n{body}", unit),
    ):
        check(read(text, rate=360, unit=correction), leads=("MLII",))


@pytest.mark.parametrize("word", ["", "NaN", "nan", "-", "NA", "null", "inf"])
def test_missing_values_become_gaps(word: str) -> None:
    lines = [f"{WAVE[i]},{OTHER[i]}" for i in range(N)]
    lines[100:110] = [f"{word},{OTHER[i]}" for i in range(100, 110)]
    lines[500] = f"{word},{word}"
    text = "MLII,V5\n" + "\n".join(lines) + "\n"
    understanding = understand({"a.csv": text.encode()})
    assert understanding.gaps == 2
    assert understanding.missing == pytest.approx(12 / (2 * N))
    signal = read(text, rate=360)
    assert np.isnan(signal.samples[100:110, 0]).all()
    assert np.isnan(signal.samples).sum() == 12
    assert signal.samples[600, 0] == pytest.approx(WAVE[600])


def test_rows_that_the_time_column_skips_become_gaps() -> None:
    kept = [i for i in range(N) if not 1000 <= i < 1090]
    text = "time (s),MLII\n" + "".join(f"{i / 360:.6f},{WAVE[i]}\n" for i in kept)
    signal = read(text)
    assert len(signal.samples) == N
    assert np.isnan(signal.samples[1000:1090, 0]).all()
    np.testing.assert_allclose(signal.samples[kept, 0], WAVE[kept], atol=1e-6)
    assert any("skips 90 samples" in note for note in signal.notes)


def test_header_of_column_numbers() -> None:
    text = "0,1\n" + rows("{a:.3f},{b:.3f}")
    assert len(read(text, rate=360).samples) == N
    indexed = ",0,1\n" + rows("{i},{a:.3f},{b:.3f}")
    assert read(indexed, rate=360).samples.shape == (N, 2)


def test_leads_are_chosen_ordered_and_renamed() -> None:
    text = "MLII,V5\n" + rows("{a},{b}")
    files = {"a.csv": text.encode()}
    understanding = understand(files)
    turned = decode(files, understanding, rate=360, leads=["V5", "MLII"])
    assert isinstance(turned, Signal)
    assert turned.leads == ("V5", "MLII")
    np.testing.assert_allclose(turned.samples[:, 0], OTHER, atol=1e-6)
    renamed = decode(files, understanding, rate=360, leads={"MLII": "II"})
    assert isinstance(renamed, Signal)
    assert renamed.leads == ("II",)
    with pytest.raises(InputError, match="not in the file"):
        decode(files, understanding, rate=360, leads=["aVR"])


def test_repeated_names_are_told_apart() -> None:
    assert read("ECG,ECG\n" + rows("{a},{b}"), rate=360).leads == ("ECG", "ECG (2)")


def test_columns_that_are_no_leads_are_left_out_and_named() -> None:
    understanding = understand(
        {"a.csv": ("sample,time,MLII,label,V5\n" + rows("{i},{t:.6f},{a},0,{b}")).encode()}
    )
    assert understanding.leads == ("MLII", "V5")
    assert [column.role for column in understanding.columns] == [
        "ignored", "time", "lead", "ignored", "lead",
    ]  # fmt: skip
    assert understanding.columns[1].first_values[0] == "0.000000"


def test_normalised_amplitudes_have_no_unit() -> None:
    scaled = (WAVE - WAVE.min()) / np.ptp(WAVE)
    signal = read("ecg\n" + "".join(f"{v:.6f}\n" for v in scaled), rate=360)
    assert not signal.amplitude_known


def test_last_line_cut_short_is_left_out() -> None:
    text = "MLII,V5\n" + rows("{a:.3f},{b:.3f}") + "0.1"
    signal = read(text, rate=360)
    assert len(signal.samples) == N
    assert any("cut short" in note for note in signal.notes)


def test_frequencies_of_filters_are_no_sampling_rate() -> None:
    text = "# notch filter 50 Hz, low-pass 150 Hz\nMLII\n" + rows("{a}")
    assert understand({"a.csv": text.encode()}).rate is None


def test_time_column_outranks_a_contradicting_statement() -> None:
    text = "# fs = 250\ntime (s),MLII\n" + rows("{t:.6f},{a}")
    signal = read(text)
    assert signal.rate == 360
    assert any("states 250 Hz" in note for note in signal.notes)


def test_digest_is_of_the_bytes() -> None:
    text = "MLII\n" + rows("{a}")
    first, second = read(text, rate=360), read(text + "0.5\n", rate=360)
    assert first.digest != second.digest
    assert len(first.digest) == 64
    files = {"a.csv": text.encode()}
    with pytest.raises(InputError, match="other than those"):
        decode({"a.csv": b"1\n2\n"}, understand(files), rate=360)


def test_lead_that_starts_late_is_still_a_lead() -> None:
    late = np.where(T < 2500, np.nan, WAVE)
    for word in ("nan", ""):
        text = "time (s),MLII,V5,aVF\n" + "".join(
            f"{i / 360:.6f},{word if i < 2500 else WAVE[i]},{OTHER[i]},{word}\n" for i in range(N)
        )
        signal = read(text)
        assert signal.leads == ("MLII", "V5")
        np.testing.assert_allclose(signal.samples[:, 0], late, atol=1e-6)
        assert "Not read as leads: aVF." in signal.notes


def test_decimal_comma_with_one_place_in_a_lone_column() -> None:
    text = "".join(f"{1000 * v:.1f}\n" for v in WAVE).replace(".", ",")
    np.testing.assert_allclose(read(text, rate=360, unit="uV").samples[:, 0], WAVE, atol=1e-4)
    # A label of 0 to 4 beside counts stays a column of its own.
    labelled = "".join(f"{round(200 * v)},{i % 5}\n" for i, v in enumerate(WAVE))
    assert read(labelled, rate=360).samples.shape == (N, 2)
