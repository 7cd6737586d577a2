"""Letters that a network of splice sites should not read, and what is near; only to judge by."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from medmodels.inputs.open_scan import open_scan
from medmodels.inputs.open_signal import open_signal
from medmodels.inputs.preparation import match_channels, to_display
from medmodels.inputs.signal import Signal
from medmodels.samples import list_samples
from medmodels.training import made_signals
from medmodels.training.dna_data import LENGTH
from medmodels.training.dna_letters import (
    Draw,
    Floats,
    Ints,
    drawn,
    excerpt,
    quarters,
    repeated,
    with_slips,
    written,
)

_SECONDS = 10.0
_MASKED = 0.3
#: One codon for each amino acid, a common one in human genes, and how often the amino
#: acid stands in vertebrate proteins, per cent (King and Jukes, Science 1969;164:788-798).
_CODONS: Final = {
    "GCC": 7.4, "CGG": 4.2, "AAC": 4.4, "GAC": 5.9, "TGC": 3.3, "CAG": 3.7, "GAG": 5.8,
    "GGC": 7.4, "CAC": 2.9, "ATC": 3.8, "CTG": 7.6, "AAG": 7.2, "ATG": 1.8, "TTC": 4.0,
    "CCC": 5.0, "AGC": 8.1, "ACC": 6.2, "TGG": 1.3, "TAC": 3.3, "GTG": 6.8,
}  # fmt: skip


@dataclass(frozen=True)
class BaseKind:
    """Windows of one kind.

    Parameters
    ----------
    title : str
        As shown in the model report.
    group : str
        "other modality", "not medical" or "near".
    windows : ndarray, float32, shape (n, 60, 4)
    """

    title: str
    group: str
    windows: Floats


def dna_kinds(test: Floats, most: int, seed: int) -> dict[str, BaseKind]:
    """Make all kinds.

    Parameters
    ----------
    test : ndarray, float32, shape (n, 60, 4)
        Test windows, for those of the near kinds that are DNA with something done to it.
    most : int
        Windows of each kind, at most.
    seed : int

    Returns
    -------
    dict of BaseKind
        By name.
    """
    kinds = {
        name: BaseKind(title, group, drawn(draw, most, seed + number))
        for number, (name, title, group, draw) in enumerate(_makers())
    }
    rng = np.random.default_rng(seed)
    some = test[rng.permutation(len(test))[:most]]
    masked, converted = some.copy(), some.copy()
    masked[rng.random(masked.shape[:2]) < _MASKED] = 0.25
    converted[..., 3] += converted[..., 1]
    converted[..., 1] = 0
    kinds["masked"] = BaseKind("test windows, three in ten bases unknown", "near", masked)
    kinds["bisulfite"] = BaseKind("test windows, every C read as T", "near", converted)
    return kinds


def _makers() -> Iterator[tuple[str, str, str, Draw]]:
    """Name, title, group and maker of each kind that needs no data."""
    other, none, near = "other modality", "not medical", "near"
    yield "ecg", "ECGs written as letters", other, _ecg
    for kind in ("photoplethysmogram", "arterial pressure", "respiration", "EEG alpha"):
        name = kind.lower().replace(" ", "_")
        yield name, f"{kind} written as letters", other, partial(_signal, kind)
    yield "radiograph", "radiographs written as letters", other, _radiograph
    yield "photo", "photographs written as letters", none, _photograph
    yield "speech", "speech written as letters", none, partial(_signal, "speech-like")
    yield "homopolymer", "one letter over and over", none, _homopolymer
    yield "tandem", "short tandem repeats", none, _tandem
    yield "two", "two letters only", none, _two
    yield "counting", "numbers counted up", none, _counting
    yield "text", "the A, C, G and T of English text", none, _text
    yield "protein", "proteins turned into DNA, one codon each", near, _protein
    yield "random", "letters drawn evenly", near, lambda rng: written(rng.integers(0, 4, LENGTH))
    yield "at_rich", "letters of which 85% are A or T", near, partial(_uneven, 0.85)
    yield "gc_rich", "letters of which 85% are C or G", near, partial(_uneven, 0.15)


def _signal(kind: str, rng: np.random.Generator) -> Floats:
    made = made_signals.make(kind, int(rng.integers(10_000)), _SECONDS)
    return excerpt(quarters(made.samples[:, 0]), rng)


@cache
def _sample_ecgs() -> list[Ints]:
    found = []
    for sample in list_samples("ecg-beats"):
        signal = open_signal({sample.file: sample.read_bytes()})
        if isinstance(signal, Signal):
            found += [quarters(np.nan_to_num(lead)) for lead in signal.samples.T]
    return found


@cache
def _sample_radiographs() -> list[Ints]:
    scans = [open_scan(sample.read_bytes()) for sample in list_samples("chest-xray")]
    return [quarters(match_channels(to_display(scan), 1)[..., 0]) for scan in scans]


@cache
def _photographs() -> list[Ints]:
    from sklearn.datasets import load_sample_images

    return [quarters(photo.mean(axis=2)) for photo in load_sample_images().images]


def _ecg(rng: np.random.Generator) -> Floats:
    return excerpt(_sample_ecgs()[int(rng.integers(len(_sample_ecgs())))], rng)


def _row_of(pictures: Callable[[], list[npt.NDArray[Any]]], rng: np.random.Generator) -> Floats:
    picture = pictures()[int(rng.integers(len(pictures())))]
    return excerpt(picture[int(rng.integers(len(picture)))], rng)


def _radiograph(rng: np.random.Generator) -> Floats:
    return _row_of(_sample_radiographs, rng)


def _photograph(rng: np.random.Generator) -> Floats:
    return _row_of(_photographs, rng)


def _homopolymer(rng: np.random.Generator) -> Floats:
    """As a tail of A is read: with a slip here and there."""
    numbers = np.full(LENGTH, rng.integers(4))
    return written(with_slips(numbers, rng.choice([0, 0.03, 0.08]), rng))


def _tandem(rng: np.random.Generator) -> Floats:
    return repeated(2, 6, float(rng.choice([0, 0.03])), rng)


def _two(rng: np.random.Generator) -> Floats:
    return written(rng.choice(rng.choice(4, 2, replace=False), LENGTH))


def _counting(rng: np.random.Generator) -> Floats:
    """Six digits to base four each, one number after the other."""
    first = 4**5 + int(rng.integers(3 * 4**5 - LENGTH))
    digits = "".join(np.base_repr(first + k, 4) for k in range(LENGTH // 6 + 1))
    return excerpt(np.array([int(digit) for digit in digits]), rng)


@cache
def _prose() -> Ints:
    """The cards of the recipes, their letters A, C, G and T alone."""
    texts = (path.read_text() for path in sorted(Path(__file__).parent.glob("*.toml")))
    words = "".join(
        " ".join([*card["limits"], *card.get("ethics", ())])
        for text in texts
        if "limits" in (card := tomllib.loads(text))
    )
    return np.array(["ACGT".index(letter) for letter in words.upper() if letter in "ACGT"])


def _text(rng: np.random.Generator) -> Floats:
    return excerpt(_prose(), rng)


def _protein(rng: np.random.Generator) -> Floats:
    shares = np.array(list(_CODONS.values()))
    codons = rng.choice(list(_CODONS), LENGTH // 3 + 1, p=shares / shares.sum())
    return excerpt(np.array(["ACGT".index(letter) for letter in "".join(codons)]), rng)


def _uneven(weak: float, rng: np.random.Generator) -> Floats:
    return written(rng.choice(4, LENGTH, p=np.array([weak, 1 - weak, 1 - weak, weak]) / 2))
