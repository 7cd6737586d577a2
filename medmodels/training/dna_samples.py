"""Make the sample sequences that come with the app; they belong to nobody.

``python -m medmodels.training.dna_samples OUT`` writes them byte for byte as shipped:
each base is drawn by itself from the frequencies in ``dna_weights.csv``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from medmodels.inputs.bases import BASES, one_hot
from medmodels.training.dna_data import ACCEPTOR, CLASSES, DONOR, HALF, LENGTH, NEITHER
from medmodels.training.dna_weights import Doubles, log_odds, read_weights
from medmodels.training.sample_files import SampleList, write_where_asked

_LINE = 60
_MOTIF = {DONOR: (HALF, "GT"), ACCEPTOR: (HALF - 2, "AG")}


@dataclass(frozen=True)
class SampleDNA:
    """One sample: its file, what the user reads of it, and what is planted in it.

    Parameters
    ----------
    name, title, description : str
    seed : int
    length : int
        Bases.
    sites : tuple of (int, int)
        Class and number of bases before the junction.
    """

    name: str
    title: str
    description: str
    seed: int
    length: int = LENGTH
    sites: tuple[tuple[int, int], ...] = ()


SAMPLES = (
    SampleDNA(
        "dna-donor",
        "A donor site",
        "Sixty bases with the end of an exon and the start of an intron in their middle, each "
        "base drawn as often as it stands at that place of real sites.",
        1991,
        sites=((DONOR, HALF),),
    ),
    SampleDNA(
        "dna-acceptor",
        "An acceptor site",
        "Sixty bases with the end of an intron and the start of an exon in their middle, each "
        "base drawn as often as it stands at that place of real sites.",
        1992,
        sites=((ACCEPTOR, HALF),),
    ),
    SampleDNA(
        "dna-neither",
        "No site in the middle",
        "Sixty bases drawn as often as they occur away from splice sites.",
        1993,
    ),
    SampleDNA(
        "dna-two-introns",
        "Three exons and two introns",
        "3,000 bases drawn as often as they occur away from splice sites, with two donor and two "
        "acceptor sites planted; what else looks like a site there is chance.",
        1994,
        length=3000,
        sites=((DONOR, 620), (ACCEPTOR, 1250), (DONOR, 1410), (ACCEPTOR, 2380)),
    ),
)

LIST = SampleList(
    file="dna.toml",
    heading="Sample sequences: synthetic, of nobody. "
    "Made by `python -m medmodels.training.dna_samples`.",
    task="dna-splice",
    endings={"file": ".fa", "sites": ".sites.csv"},
)


def make(sample: SampleDNA) -> str:
    """Draw one sample.

    Parameters
    ----------
    sample : SampleDNA

    Returns
    -------
    str
        Upper case A, C, G and T.
    """
    rng = np.random.default_rng(sample.seed)
    weights = read_weights()
    background = weights[NEITHER].mean(axis=0)
    sequence = _draw(np.tile(background, (sample.length, 1)), rng)
    for kind, junction in sample.sites:
        start = junction - HALF
        site = _typical(kind, weights[kind], background, rng)
        sequence = sequence[:start] + site + sequence[start + LENGTH :]
    return sequence


def _typical(kind: int, weights: Doubles, background: Doubles, rng: np.random.Generator) -> str:
    """A site with GT or AG whose score is at least the mean of sites drawn like it."""
    mean = float((weights * np.log2(weights / background)).sum())
    at, motif = _MOTIF[kind]
    while True:
        site = _draw(weights, rng)
        score = log_odds(one_hot(site)[np.newaxis], weights, background)[0]
        if site[at : at + 2] == motif and score >= mean:
            return site


def _draw(weights: Doubles, rng: np.random.Generator) -> str:
    """One base a row of weights, shape (n, 4), each drawn by itself."""
    below = weights.cumsum(axis=1) < rng.random(len(weights))[:, np.newaxis]
    return "".join(BASES[min(k, len(BASES) - 1)] for k in below.sum(axis=1))


def fasta(sample: SampleDNA, sequence: str) -> str:
    """Write a sample as the FASTA that the app reads."""
    lines = [sequence[i : i + _LINE] for i in range(0, len(sequence), _LINE)]
    return "\n".join([f">{sample.name} synthetic, of nobody", *lines, ""])


def sites_csv(sample: SampleDNA) -> str:
    """Write the planted sites: bases before the junction, and class."""
    rows = [f"{junction},{CLASSES[kind]}\n" for kind, junction in sample.sites]
    return "bases_before,class\n" + "".join(rows)


def write_samples(out: Path) -> list[Path]:
    """Write all samples, their planted sites and their catalogue; return the files written."""
    return LIST.write(out, SAMPLES, _texts)


def _texts(sample: SampleDNA) -> tuple[str, str]:
    return fasta(sample, make(sample)), sites_csv(sample)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the samples into the folder given on the command line."""
    write_where_asked("Make the synthetic sample sequences.", write_samples, arguments)


if __name__ == "__main__":
    main()
