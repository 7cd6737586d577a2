"""Damage to tables, headers and sequences that are text."""

from __future__ import annotations

import random
import re

from tests.inputs.fuzz.mutations import Mutation

_NUMBERS = (
    b"nan", b"inf", b"-inf", b"1e308", b"-1e308", b"1e309", b"1e-320", b"0", b"-0", b"9" * 400,
    b"8" * 5000, b"1e999999999", b"0x10", b"1_000", b"1.2.3", b"1,2,3", b"--1", b"+", b".", b"",
    b"12:34:56:78", b"99:99", b"2147483648", b"18446744073709551616", "１２".encode(), b"\xb5",
)  # fmt: skip
_NUMBER = re.compile(rb"-?\d+(?:[.,]\d+)?")


def extreme_numbers(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """One to three numbers become what no recorder writes."""
    found = list(_NUMBER.finditer(data[: rng.choice((400, 8000, len(data)))]))
    for hit in sorted(
        rng.sample(found, min(len(found), rng.randint(1, 3))), key=lambda h: -h.end()
    ):
        data = data[: hit.start()] + rng.choice(_NUMBERS) + data[hit.end() :]
    return data


def a_column_of_it(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """The same strange value in the same column of every row."""
    value, lines = rng.choice(_NUMBERS), data.split(b"\n")
    mark = max((b",", b";", b"\t", b" "), key=lines[len(lines) // 2].count)
    place = rng.randrange(lines[len(lines) // 2].count(mark) + 1)
    changed = []
    for line in lines:
        cells = line.split(mark)
        if place < len(cells):
            cells[place] = value
        changed.append(mark.join(cells))
    return b"\n".join(changed)


def wide_row(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """A row, or every row, of very many cells."""
    lines, mark = data.split(b"\n"), rng.choice((b",", b";", b"\t", b" ", b"|"))
    cell = rng.choice((b"1", b"", b"0.5", b'"a"', b"ACGT"))
    if rng.random() < 0.5:
        lines[rng.randrange(len(lines))] = mark.join([cell] * 100_000)
    else:
        lines = [mark.join([line, *[cell] * 300]) for line in lines[:400]]
    return b"\n".join(lines)


def quotes(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """Quotation marks that do not close, or that are doubled without end."""
    at = rng.randrange(len(data))
    some = rng.choice((b'"', b"'", b'""' * 20_000, b'"' * 19_999, b'","' * 9_000, b'"\n"' * 9_000))
    return data[:at] + some + data[at:]


def lines_again(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """Rows out of order, missing or many times over."""
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    kind = rng.randrange(4)
    if kind == 0:
        lines[at:at] = [lines[at]] * rng.choice((1, 10, 20_000))
    elif kind == 1:
        del lines[at : at + rng.choice((1, 2, 200))]
    elif kind == 2:
        rng.shuffle(lines)
    else:
        lines.insert(at, lines[0])
    return b"\n".join(lines)


def other_marks(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """Delimiters, decimal marks or line ends of another country, everywhere or half way."""
    old, new = rng.choice((
        (b",", b";"), (b";", b","), (b".", b","), (b",", b"."), (b"\n", b"\r"), (b"\n", b"\n\r"),
        (b"\n", b"\r\r\n"), (b",", b"\t"), (b"\t", b" "), (b" ", b"\0"), (b"\n", b"\x0b"),
        (b",", b", ,"), (b"\n", "\u2028".encode()),
    ))  # fmt: skip
    at = rng.choice((0, rng.randrange(len(data))))
    return data[:at] + data[at:].replace(old, new)


def other_encoding(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """UTF-16 or UTF-32 with and without its mark, cut inside a character; marks in the middle."""
    text = data.decode("utf-8", "replace")
    kind = rng.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "utf-8-sig", "cp037"))
    changed = text.encode(kind, "replace")
    return changed[: len(changed) - rng.choice((0, 0, 1, 3))] + rng.choice((b"", b"\xff\xfe\0"))


def long_line(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """Everything, or very much of one thing, in one line."""
    if rng.random() < 0.3:
        return data.replace(b"\n", rng.choice((b"", b" ", b",")))
    filler = rng.choice((b"A", b"7", b" ", b"N", b">", b"#", b"-", b"\t", b"a1 ", b"(", b"9 "))
    at = rng.randrange(len(data))
    return data[:at] + filler * 300_000 + data[at:]


TEXT: tuple[Mutation, ...] = (
    extreme_numbers, extreme_numbers, a_column_of_it, wide_row, quotes, lines_again, other_marks,
    other_encoding, long_line,
)  # fmt: skip

_HEADER_FIELDS = (
    b"0", b"-1", b"nan", b"inf", b"1e308", b"1e-308", b"1000000", b"999999999999999999", b"",
    b"16x1000000", b"212:99999999", b"16+9999999999", b"212x2:3+4", b"0(0)/mV", b"nan/mV",
    b"200(999999999999)/uV", b"1e-300/mV", b"/mV", b"200/V/V", b"a/b", b"250/1e9(1e9)",
    b"~", b"../../etc/passwd", b"0:00:99", b"1/2", b"516", b"524",
)  # fmt: skip


def header_field(rng: random.Random, data: bytes, _: bytes) -> bytes:
    """Fields of a WFDB header become extreme: no gain, a million signals, an endless frame."""
    lines = [line.split(b" ") for line in data.split(b"\n")]
    for _i in range(rng.choice((1, 1, 2))):
        line = rng.choice(lines[:3])
        line[rng.randrange(len(line))] = rng.choice(_HEADER_FIELDS)
    if rng.random() < 0.1:
        lines[1:1] = lines[1:2] * rng.choice((1, 70, 5000))
    return b"\n".join(b" ".join(line) for line in lines)
