"""Random signals through random layouts come back; random bytes never crash."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medmodels.inputs.errors import InputError
from medmodels.inputs.open_signal import open_signal
from medmodels.inputs.signal import BeatTable, Signal

LAYOUTS = [
    (delimiter, mark)
    for delimiter, mark in product([",", ";", "\t", " ", "   "], [".", ","])
    if (delimiter, mark) != (",", ",")
]
FACTORS = {"mV": 1.0, "uV": 1000.0, "V": 0.001}


def make(seed: int, rate: float) -> np.ndarray:
    rng = np.random.default_rng(seed)
    shape = (int(rate * rng.uniform(5.1, 6)), int(rng.integers(1, 5)))
    wave = rng.normal(0, rng.choice([0.1, 0.5, 3.0]), shape)
    return np.round(wave + rng.uniform(-1, 1, shape[1]), 4)


def number(value: float, digits: int, mark: str) -> str:
    return f"{value:.{digits}f}".replace(".", mark)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    layout=st.sampled_from(LAYOUTS),
    unit=st.sampled_from(sorted(FACTORS)),
    time=st.sampled_from(["none", "s", "ms", "sample", "clock"]),
    rate=st.sampled_from([100.0, 125.0, 128.0, 250.0, 360.0, 500.0]),
    header=st.booleans(),
    ending=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"]),
    quoted=st.booleans(),
)
def test_samples_survive_any_layout(
    seed: int,
    layout: tuple[str, str],
    unit: str,
    time: str,
    rate: float,
    header: bool,
    ending: str,
    encoding: str,
    quoted: bool,
) -> None:
    signal = make(seed, rate)
    delimiter, mark = layout
    names = [f"ch{i}" for i in range(signal.shape[1])]
    titles = {"none": [], "s": ["time (s)"], "ms": ["time (ms)"]}.get(time, ["time"])
    if time == "sample":
        titles = ["sample"]
    if delimiter.strip(" ") == "":
        titles = [title.replace(" ", "_") for title in titles]
    written = [f"{name}_{unit}" for name in names]
    digits = {"mV": 4, "uV": 1, "V": 7}[unit]
    lines = [delimiter.join(titles + written)] if header else []
    for i, row in enumerate(signal):
        t = i / rate
        stamp = {
            "none": [],
            "s": [number(t, 6, mark)],
            "ms": [number(1000 * t, 3, mark)],
            "sample": [str(i)],
            "clock": [f"0:{int(t // 60):02d}:{number(t % 60, 4, '.').rjust(7, '0')}"],
        }[time]
        values = [number(v * FACTORS[unit], digits, mark) for v in row]
        if quoted and delimiter != " ":
            values = [f'"{v}"' for v in values]
        lines.append(delimiter.join(stamp + values))
    data = (ending.join(lines) + ending).encode(encoding)
    found = open_signal(
        {"a.csv": data},
        rate=rate if time in ("none", "sample") else None,
        unit=None if header else unit,
    )
    assert isinstance(found, Signal)
    assert found.rate == pytest.approx(rate, rel=1e-9 if time != "clock" else 1e-4)
    if header:
        assert found.leads == tuple(names)
    np.testing.assert_allclose(found.samples, signal, atol=2e-4)


def accepted(data: bytes, name: str = "a.csv") -> None:
    """Anything may come in; only a signal, a beat table or an InputError may come out."""
    found: Signal | BeatTable | InputError
    try:
        found = open_signal({name: data}, rate=250)
    except InputError as error:
        found = error
    assert isinstance(found, Signal | BeatTable | InputError)
    if isinstance(found, InputError):
        assert all((found.found, found.expected, found.action))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=3000))
def test_random_bytes(data: bytes) -> None:
    accepted(data)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="0123456789.,;:-+eE \t\n\r\"'#%|NaMLVmsTZ[]()µ/", max_size=2000))
def test_random_text(text: str) -> None:
    accepted(text.encode())


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_truncated_and_damaged_tables(data: st.DataObject) -> None:
    delimiter, mark = data.draw(st.sampled_from(LAYOUTS))
    text = "time (s);MLII;V5\n".replace(";", delimiter) + "".join(
        delimiter.join(number(v, 4, mark) for v in (i / 250, np.sin(i / 9), np.cos(i / 7))) + "\n"
        for i in range(1500)
    )
    whole = text.encode()
    cut = whole[: data.draw(st.integers(0, len(whole)))]
    accepted(cut)
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 5))):
        damaged[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    accepted(bytes(damaged))
