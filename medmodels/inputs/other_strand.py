"""Both strands of a sequence: the other one is read in its own direction."""

from __future__ import annotations

from dataclasses import replace

from medmodels.inputs.bases import reverse_complement
from medmodels.inputs.sequences import Sequences


def with_other_strand(found: Sequences) -> Sequences:
    """Add the other strand of each sequence, under the same name.

    Parameters
    ----------
    found : Sequences
        Of one strand.

    Returns
    -------
    Sequences
        Twice as many, each given one followed by its other strand.
    """
    pairs = [(sequence, reverse_complement(sequence)) for sequence in found.sequences]
    labels = found.labels
    return replace(
        found,
        names=tuple(name for name in found.names for _ in range(2)),
        sequences=tuple(strand for pair in pairs for strand in pair),
        # A label says what the strand that was given is.
        labels=None if labels is None else tuple(x for label in labels for x in (label, "")),
        strands=("+", "-") * len(pairs),
        notes=(*found.notes, "Both strands are read."),
    )
