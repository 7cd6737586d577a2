"""The splice site network: motifs by a strided convolution, read in both directions."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers

from medmodels.networks.averaging import averaged

#: Bases in a window; a junction lies in its middle.
LENGTH = 60


def splice_rnn(
    classes: int = 3, *, filters: int = 32, kernel: int = 9, stride: int = 3, width: int = 24,
    dropout: float = 0.3, members: int = 1,
) -> keras.Model:  # fmt: skip
    """A small recurrent network over one-hot bases.

    A convolution looks for motifs at every third base (a codon's length), so that few
    recurrent steps are left; nothing is pooled, for the place of GT or AG to the base
    is what tells a junction. A bidirectional GRU reads the motifs. Several such members
    may stand side by side in the one flat graph; their logits are averaged.

    Parameters
    ----------
    classes : int
    filters, kernel, stride : int
        Of the convolution; ``kernel`` and ``stride`` in bases.
    width : int
        Units of the GRU in one direction.
    dropout : float
        Share of features dropped while training.
    members : int

    Returns
    -------
    keras.Model
        Flat and functional; input ``bases`` (N, 60, 4), mixtures of A, C, G and T;
        output ``logits`` (N, classes).
    """
    shape = {"filters": filters, "kernel": kernel, "stride": stride, "width": width}
    bases = layers.Input((LENGTH, 4), name="bases")
    if members == 1:
        logits = _member(bases, classes, dropout, "", **shape)
    else:
        each = [_member(bases, classes, dropout, f"_{k + 1}", **shape) for k in range(members)]
        logits = layers.Average(name="logits")(each)
    return keras.Model(bases, logits, name="dna_splice")


def _member(
    bases: Any, classes: int, dropout: float, suffix: str,
    *, filters: int, kernel: int, stride: int, width: int,
) -> Any:  # fmt: skip
    """One member's logits; the suffix keeps its layers' names its own."""
    x = layers.Conv1D(
        filters, kernel, strides=stride, activation="relu", name=f"motifs{suffix}"
    )(bases)  # fmt: skip
    x = layers.Dropout(dropout / 2, name=f"drop_motifs{suffix}")(x)
    # Unrolled: the steps are few and fixed, and a loop in the graph costs more than they do.
    x = layers.Bidirectional(layers.GRU(width, unroll=True), name=f"along{suffix}")(x)
    x = layers.Dropout(dropout, name=f"drop_along{suffix}")(x)
    return layers.Dense(classes, name=f"logits{suffix}")(x)


def average_members(networks: list[keras.Model], **shape: Any) -> keras.Model:
    """Networks of one shape as one flat graph that averages their logits.

    Parameters
    ----------
    networks : list of keras.Model
        From :func:`splice_rnn` with one member each.
    **shape
        What each was made with, where it is not the default.

    Returns
    -------
    keras.Model
    """
    return averaged(networks, lambda members: splice_rnn(**shape, members=members))
